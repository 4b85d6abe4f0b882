package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.ImageFolder;
import dev.purecnn.data.Pictures;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The README's folder of photos: pictures of several sizes and formats become a classifier, which another program loads from its
 * file. {@link DigitPhotos} makes the pictures.
 */
public final class PhotoFolder {
    private static final Path FOLDER = Path.of("target/photo-folder");
    private static final Path PHOTOS = FOLDER.resolve("photos");
    private static final Path MODEL = FOLDER.resolve("digits.safetensors");

    private PhotoFolder() {}

    /**
     * Makes the pictures, trains, saves, and has a second virtual machine classify the test pictures one by one.
     *
     * @param arguments none; or a model file and pictures, to print what they show and the bits of all probabilities
     * @throws IOException if a file cannot be read or written
     * @throws InterruptedException if interrupted while the second virtual machine runs
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 0) {
            for (int i = 1; i < arguments.length; i++) {
                classify(Path.of(arguments[0]), Path.of(arguments[i]));
            }
            return;
        }
        DigitPhotos.write(PHOTOS);
        List<String> here = train();
        List<String> there = classifyInSecondJvm(testPictures());
        System.out.println("A second program classified " + there.size() + " pictures, "
                + (there.equals(here) ? "with the same probabilities, bit for bit." : "DIFFERENTLY."));
        if (!there.equals(here)) {
            throw new IllegalStateException(
                    "PhotoFolder: expected the probabilities of training's own test, got others.");
        }
    }

    /** Returns the bits of the probabilities of each test picture. */
    private static List<String> train() throws IOException {
        Preprocessing preprocessing = Preprocessing.builder(Shape.of(1, 28, 28))
                .resize(Resize.CENTER_CROP)
                .background(0xFFFFFF)
                .build();
        Dataset train = ImageFolder.load(PHOTOS.resolve("train"), preprocessing);
        Dataset test = ImageFolder.load(PHOTOS.resolve("test"), preprocessing, train.classNames());
        CNN cnn = CNN.builder(train)
                .layers(
                        new ConvolutionalLayer(1, 16, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(16, 32, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(32 * 7 * 7, 10))
                .seed(42)
                .build();
        cnn.train(
                train,
                test,
                TrainingOptions.builder()
                        .epochs(6)
                        .optimizer(Optimizer.adamW())
                        .learningRate(0.002)
                        .build());
        cnn.save(MODEL);

        double[] probabilities = cnn.predictAll(test);
        List<String> bits = new ArrayList<>();
        for (int i = 0; i < test.size(); i++) {
            bits.add(bits(DoubleStream.of(probabilities).skip(i * 10L).limit(10)));
        }
        return bits;
    }

    private static void classify(Path model, Path picture) throws IOException {
        CNN cnn = CNN.load(model);
        Classification result = cnn.classify(Pictures.read(picture));
        System.out.println(picture.getFileName() + ": " + result.best().name() + ", "
                + result.best().probability());
        System.out.println(bits(cnn.classNames().stream().mapToDouble(result::probability)));
    }

    private static List<String> classifyInSecondJvm(List<Path> pictures) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                PhotoFolder.class.getName(),
                MODEL.toString()));
        pictures.forEach(picture -> command.add(picture.toString()));
        Path output = FOLDER.resolve("second.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("PhotoFolder: the second program failed:\n" + Files.readString(output));
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        lines.stream().filter(line -> line.contains(": ")).limit(5).forEach(System.out::println);
        return lines.stream()
                .filter(line -> line.matches("([0-9a-f]{16} ?){10}"))
                .toList();
    }

    /** In the order of the dataset: class by class, in the order of the names. */
    private static List<Path> testPictures() throws IOException {
        List<Path> pictures = new ArrayList<>();
        for (String name : ImageFolder.classNames(PHOTOS.resolve("test"))) {
            try (Stream<Path> files = Files.list(PHOTOS.resolve("test").resolve(name))) {
                files.filter(file -> file.toString().matches(".*\\.(png|jpg)"))
                        .sorted()
                        .forEach(pictures::add);
            }
        }
        return pictures;
    }

    private static String bits(DoubleStream probabilities) {
        return probabilities
                .mapToObj(probability -> HexFormat.of().toHexDigits(Double.doubleToRawLongBits(probability)))
                .collect(Collectors.joining(" "));
    }

    private static String classPath() {
        return Stream.of(CNN.class, PhotoFolder.class)
                .map(type -> Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString())
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
