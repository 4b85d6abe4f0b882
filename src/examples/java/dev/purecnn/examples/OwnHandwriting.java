package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.data.Picture;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * A network that is trained on MNIST reads digits that look otherwise: written large, anywhere on a sheet, with a thin pen, dark
 * on light paper. {@link Preprocessing#mnist} makes MNIST's kind of image of them.
 */
public final class OwnHandwriting {
    private static final int PICTURES = 1_000;

    private OwnHandwriting() {}

    /**
     * Trains on MNIST, then classifies pictures of test digits, each disturbed in its own way.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        CNN cnn = trained(
                MnistCsv.load(Path.of("data/mnist_train.csv.gz")).shuffled(7).take(12_000));
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        System.out.printf("%.1f %% of %d pictures were read rightly%n", 100 * accuracy(cnn, test), PICTURES);
    }

    private static CNN trained(Dataset digits) {
        CNN cnn = CNN.builder(digits)
                .preprocessing(Preprocessing.mnist())
                .layers(
                        new ConvolutionalLayer(1, 16, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(16, 32, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(32 * 7 * 7, 10))
                .seed(7)
                .build();
        cnn.train(
                digits,
                null,
                TrainingOptions.builder()
                        .epochs(3)
                        .optimizer(Optimizer.adamW())
                        .learningRate(0.002)
                        .build());
        return cnn;
    }

    private static double accuracy(CNN cnn, Dataset test) {
        Random random = new Random(11);
        int right = 0;
        for (int i = 0; i < PICTURES; i++) {
            Classification result = cnn.classify(written(test.image(i), random));
            right += result.best().label() == test.label(i) ? 1 : 0;
        }
        return (double) right / PICTURES;
    }

    /** The digit, 4 to 12 times as large, with thin strokes, somewhere on a sheet of light paper. */
    private static Picture written(double[] digit, Random random) {
        double zoom = 4 + 8 * random.nextDouble();
        int size = (int) (28 * zoom);
        int width = size + random.nextInt(size);
        int height = size + random.nextInt(size);
        int left = random.nextInt(width - size + 1);
        int top = random.nextInt(height - size + 1);
        int paper = 200 + random.nextInt(56);
        int ink = random.nextInt(90);
        double thinness =
                0.3 + 0.4 * random.nextDouble(); // how dark a cell of the digit must be for the thin pen to touch it
        int[] pixels = new int[width * height];
        for (int row = 0; row < height; row++) {
            for (int col = 0; col < width; col++) {
                double level = between(digit, (row - top) / zoom, (col - left) / zoom);
                double cover = Math.max(0, Math.min(1, (level - thinness) * 6));
                pixels[row * width + col] = (int) Math.round(paper + (ink - paper) * cover);
            }
        }
        return Picture.ofGrey(pixels, width, height);
    }

    /** The digit at a place between its cells, by bilinear interpolation; 0 outside. */
    private static double between(double[] digit, double row, double col) {
        int r = (int) Math.floor(row - 0.5);
        int c = (int) Math.floor(col - 0.5);
        double down = row - 0.5 - r;
        double right = col - 0.5 - c;
        return (1 - down) * ((1 - right) * at(digit, r, c) + right * at(digit, r, c + 1))
                + down * ((1 - right) * at(digit, r + 1, c) + right * at(digit, r + 1, c + 1));
    }

    private static double at(double[] digit, int row, int col) {
        return row < 0 || row > 27 || col < 0 || col > 27 ? 0 : digit[row * 28 + col];
    }
}
