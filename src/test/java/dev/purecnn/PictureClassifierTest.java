package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.ImageFolder;
import dev.purecnn.data.Picture;
import dev.purecnn.data.Pictures;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a folder of pictures to a file that classifies one picture by name. */
class PictureClassifierTest {
    private static final Shape SHAPE = Shape.of(3, 4, 5);
    private static final Preprocessing PREPROCESSING = Preprocessing.builder(SHAPE)
            .resize(Resize.CENTER_CROP)
            .scaling(PixelScaling.standardized(new double[] {0.5, 0.4, 0.3}, new double[] {0.2, 0.25, 0.5}))
            .build();

    @TempDir
    Path folder;

    private Dataset pets;

    @BeforeEach
    void savePictures() throws IOException {
        for (String name : List.of("cat", "dog", "horse")) {
            for (int number = 0; number < 4; number++) {
                save(name + "/" + number + ".png", picture(6 + number, 9, name.length() * 40 + number));
            }
        }
        pets = ImageFolder.load(folder, PREPROCESSING);
    }

    private void save(String file, BufferedImage picture) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        ImageIO.write(picture, "png", folder.resolve(file).toFile());
    }

    private static BufferedImage picture(int width, int height, int hue) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            picture.setRGB(i % width, i / width, hue * 0x10203 + i * 0x30201);
        }
        return picture;
    }

    private static CNN network(CnnBuilder builder) {
        return builder.layers(new DenseSoftmaxLayer(SHAPE.size(), 3))
                .seed(3)
                .quiet()
                .build();
    }

    private static TrainingOptions epochs(int epochs) {
        return TrainingOptions.builder().epochs(epochs).batchSize(5).build();
    }

    @Test
    void classify_loadedNetwork_sameProbabilitiesAsInTraining() throws IOException {
        CNN trained = network(CNN.builder(pets));
        trained.train(pets, pets, epochs(3));
        Path file = folder.resolve("pets.safetensors");
        trained.save(file);
        double[][] expected = trained.predictEach(pets);
        int[] labels = trained.classifyAll(pets);

        CNN loaded = CNN.load(new ByteArrayInputStream(Files.readAllBytes(file)));
        assertThat(loaded.classNames()).containsExactly("cat", "dog", "horse");
        assertThat(loaded.preprocessing()).contains(PREPROCESSING);
        for (int i = 0; i < pets.size(); i++) {
            Path picture = folder.resolve(pets.classNames().get(i / 4)).resolve(i % 4 + ".png");
            Classification result = loaded.classify(Pictures.read(picture));
            double[] probabilities =
                    pets.classNames().stream().mapToDouble(result::probability).toArray();
            Bits.assertSameBits(probabilities, expected[i]);
            assertThat(result.best().label()).isEqualTo(labels[i]);
            Bits.assertSameBits(loaded.input(Pictures.read(picture)), pets.image(i));
        }
    }

    @Test
    void trainAndTest_otherClassNames_refusedWithBoth() throws IOException {
        CNN cnn = network(CNN.builder(pets));
        save("other/cat/0.png", picture(7, 9, 1));
        save("other/horse/0.png", picture(7, 9, 2));
        Dataset lacking = ImageFolder.load(folder.resolve("other"), PREPROCESSING);
        for (Runnable call : List.<Runnable>of(
                () -> cnn.test(lacking),
                () -> cnn.train(lacking, null, epochs(1)),
                () -> cnn.train(pets, lacking, epochs(1)),
                () -> cnn.trainTestCycle(1, 1, pets, lacking))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call::run)
                    .withMessageContaining("[cat, dog, horse]")
                    .withMessageContaining("[cat, horse]");
        }
        assertThat(cnn.test(ImageFolder.load(folder.resolve("other"), PREPROCESSING, pets.classNames()))
                        .numSamples())
                .isEqualTo(2);
    }

    @Test
    void train_otherPreprocessing_refusedWithBoth() throws IOException {
        CNN cnn = network(CNN.builder(pets));
        Dataset stretched = ImageFolder.load(
                folder, Preprocessing.builder(SHAPE).resize(Resize.STRETCH).build());
        for (Runnable call :
                List.<Runnable>of(() -> cnn.predictAll(stretched), () -> cnn.train(stretched, null, epochs(1)))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(call::run)
                    .withMessageContaining("CENTER_CROP")
                    .withMessageContaining("STRETCH")
                    .withMessageContaining("preprocessing()");
        }
    }

    @Test
    void trainAndTest_imagesWithoutLabels_refusedButPredicted() throws IOException {
        CNN cnn = network(CNN.builder(pets));
        Dataset unlabelled = ImageFolder.loadUnlabelled(folder.resolve("cat"), PREPROCESSING);
        assertThat(cnn.predictEach(unlabelled)).hasDimensions(4, 3);
        for (Runnable call :
                List.<Runnable>of(() -> cnn.test(unlabelled), () -> cnn.train(unlabelled, null, epochs(1)))) {
            assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining("without labels");
        }
    }

    @Test
    void classify_noPreprocessing_saysHowToGiveIt() {
        CNN cnn = network(CNN.builder(SHAPE));
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.classify(Picture.ofGrey(new byte[4], 2, 2)))
                .withMessageContaining("CNN.builder(dataset)");
    }

    @Test
    void classify_noNames_numbersAreNames() {
        CNN cnn = network(CNN.builder(SHAPE).preprocessing(PREPROCESSING));
        Classification result = cnn.classify(Picture.ofRgb(new int[70], 7, 10));
        assertThat(result.probability("2")).isEqualTo(cnn.predict(cnn.input(Picture.ofRgb(new int[70], 7, 10)))[2]);
    }

    @Test
    void build_namesOrPreprocessingThatDoNotFit_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(CNN.builder(SHAPE).classNames(List.of("cat", "dog"))))
                .withMessageContaining("expected 3 class names, got 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network(CNN.builder(SHAPE).preprocessing(Preprocessing.mnist())))
                .withMessageContaining("3 x 4 x 5")
                .withMessageContaining("1 x 28 x 28");
    }

    @Test
    void train_scheduleThatIsOver_refusedBeforeItStarts() {
        CNN cnn = network(CNN.builder(pets));
        Schedule cosine = Schedule.cosine(0.2, 3);
        TrainingOptions options = TrainingOptions.builder()
                .epochs(3)
                .batchSize(5)
                .schedule(cosine)
                .build();
        cnn.train(pets, null, options);
        String before = cnn.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cnn.train(pets, null, options))
                .withMessageContaining("epochs 3 to 5")
                .withMessageContaining("startingAt(3)");
        assertThat(cnn.fingerprint()).isEqualTo(before);
        cnn.train(
                pets,
                null,
                TrainingOptions.builder()
                        .epochs(3)
                        .batchSize(5)
                        .schedule(cosine.startingAt(3))
                        .build());
        assertThat(cnn.fingerprint()).isNotEqualTo(before);
    }
}
