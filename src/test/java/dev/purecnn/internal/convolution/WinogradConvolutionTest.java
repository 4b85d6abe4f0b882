package dev.purecnn.internal.convolution;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's convolution against the definition, and where it is used. */
class WinogradConvolutionTest {

    private static ConvolutionShape shape(int channels, int filters, int height, int width, int padding) {
        return ConvolutionComparison.shape(
                channels,
                filters,
                new Axis(height, 3, 1, 1, padding, padding),
                new Axis(width, 3, 1, 1, padding, padding));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1",
        "3, 5, 1, 1, 2",
        "8, 8, 4, 4, 1",
        "32, 64, 28, 28, 1",
        "16, 32, 14, 14, 1",
        "33, 35, 6, 8, 0",
        "40, 32, 5, 7, 1",
        "130, 65, 9, 3, 2",
        "64, 130, 7, 7, 1",
        "8, 24, 64, 64, 1",
        "9, 17, 3, 200, 1",
        "48, 33, 2, 4, 3",
        "32, 32, 13, 6, 4"
    })
    void forwardAndBackprop_anyShape_agreeWithReference(int channels, int filters, int height, int width, int padding) {
        RandomSeed.repeat(1, random -> {
            ConvolutionShape shape = shape(channels, filters, height, width, padding);
            Convolution convolution = new WinogradConvolution(shape);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
        });
    }

    @Test
    void forwardAndBackprop_randomShapes_agreeWithReference() {
        RandomSeed.repeat(200, random -> {
            int groups = 1 + random.nextInt(random.nextInt(3) > 0 ? 1 : 3);
            int channels = groups * (1 + random.nextInt(random.nextBoolean() ? 20 : 40));
            int filters = groups * (1 + random.nextInt(random.nextBoolean() ? 20 : 40));
            Axis rows = new Axis(2 + random.nextInt(12), 3, 1, 1, 1 + random.nextInt(2), random.nextInt(3));
            Axis cols = new Axis(3 + random.nextInt(12), 3, 1, 1, random.nextInt(3), random.nextInt(3));
            ConvolutionShape shape = new ConvolutionShape(channels, filters, groups, rows, cols);
            ConvolutionComparison.compare(new WinogradConvolution(shape), shape, 1 + random.nextInt(9), random);
        });
    }

    /** Blocks span images where these are small; no bit may depend on it. */
    @Test
    void forwardAndBackprop_batch_givesEachImageTheBitsThatItGetsAlone() {
        RandomSeed.repeat(20, random -> {
            ConvolutionShape shape = shape(8, 9, 1 + random.nextInt(9), 1 + random.nextInt(9), 1);
            Convolution convolution = new WinogradConvolution(shape);
            int n = 7;
            int size = 8 * shape.inputPlane();
            int outputSize = 9 * shape.outputPlane();
            double[] images = gaussians(n * size, random);
            double[] weights = gaussians(8 * 9 * 9, random);
            double[] lossGradient = gaussians(n * outputSize, random);
            double[] outputs = new double[n * outputSize];
            double[] inputGradient = new double[n * size];
            double[][] together = {new double[weights.length], new double[9]};
            double[][] apart = {new double[weights.length], new double[9]};
            convolution.forward(images, n, weights, null, outputs);
            convolution.backprop(images, n, lossGradient, weights, together[0], together[1], inputGradient);
            for (int i = 0; i < n; i++) {
                double[] output = new double[outputSize];
                double[] gradient = new double[size];
                double[] one = image(images, i, size);
                convolution.forward(one, 1, weights, null, output);
                assertSameBits(output, image(outputs, i, outputSize));
                double[] loss = image(lossGradient, i, outputSize);
                convolution.backprop(one, 1, loss, weights, apart[0], apart[1], gradient);
                assertSameBits(gradient, image(inputGradient, i, size));
            }
            assertSameBits(apart[1], together[1]);
        });
    }

    /** Anybody may write into the weights between two calls. */
    @Test
    void forwardAndBackprop_weightsChanged_useTheNewOnes() {
        RandomSeed.repeat(3, random -> {
            ConvolutionShape shape = shape(8, 8, 8, 8, 1);
            Convolution convolution = new WinogradConvolution(shape);
            double[] images = gaussians(8 * 64, random);
            double[] weights = gaussians(8 * 8 * 9, random);
            for (int i = 0; i < 3; i++) {
                double[] outputs = new double[8 * 64];
                double[] expected = new double[8 * 64];
                convolution.forward(images, 1, weights, null, outputs);
                new WinogradConvolution(shape).forward(images, 1, weights.clone(), null, expected);
                assertSameBits(outputs, expected);
                convolution.backprop(images, 1, images, weights, null, null, outputs);
                new WinogradConvolution(shape).backprop(images, 1, images, weights.clone(), null, null, expected);
                assertSameBits(outputs, expected);
                weights[random.nextInt(weights.length)] += 1e-9;
            }
        });
    }

    /** Those that share weights share their transformed filters too, which the first of them transforms. */
    @Test
    void forwardAndBackprop_sharedWeightsOnTwoThreads_haveTheSameBits() throws Exception {
        ConvolutionShape shape = shape(64, 64, 4, 4, 1);
        Random random = new Random(7);
        double[] images = gaussians(64 * 16, random);
        double[] weights = gaussians(64 * 64 * 9, random);
        Convolution[] replicas = {new WinogradConvolution(shape), new WinogradConvolution(shape)};
        ExecutorService threads = Executors.newFixedThreadPool(replicas.length);
        for (int round = 0; round < 300; round++) {
            weights[random.nextInt(weights.length)] += 1;
            double[][] expected = bothWays(new WinogradConvolution(shape), images, weights.clone());
            List<Future<double[][]>> results = new ArrayList<>();
            for (Convolution replica : replicas) {
                results.add(threads.submit(() -> bothWays(replica, images, weights)));
            }
            for (Future<double[][]> result : results) {
                assertSameBits(result.get()[0], expected[0]);
                assertSameBits(result.get()[1], expected[1]);
            }
        }
        threads.shutdown();
    }

    private static double[][] bothWays(Convolution convolution, double[] images, double[] weights) {
        double[][] results = new double[2][images.length];
        convolution.forward(images, 1, weights, null, results[0]);
        convolution.backprop(images, 1, images, weights, null, null, results[1]);
        return results;
    }

    @Test
    void forward_notFiniteOrHuge_isAsByDefinition() {
        RandomSeed.repeat(100, random -> {
            ConvolutionShape shape = shape(9, 10, 7, 6, random.nextInt(3));
            int n = 4;
            double[] images = gaussians(n * 9 * 42, random);
            double[] weights = gaussians(10 * 9 * 9, random);
            double[] biases = gaussians(10, random);
            double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e307};
            double[] where = random.nextInt(3) > 0 ? images : random.nextBoolean() ? weights : biases;
            where[random.nextInt(where.length)] = special[random.nextInt(4)];
            double[] outputs = new double[n * 10 * shape.outputPlane()];
            double[] expected = new double[outputs.length];
            new WinogradConvolution(shape).forward(images, n, weights, biases, outputs);
            new ReferenceConvolution(shape).forward(images, n, weights, biases, expected);
            double largest = Arrays.stream(expected)
                    .filter(Double::isFinite)
                    .map(Math::abs)
                    .max()
                    .orElse(0);
            for (int i = 0; i < outputs.length; i++) {
                boolean same = Double.isFinite(expected[i])
                        ? Math.abs(outputs[i] - expected[i]) <= 1e-12 * largest
                        : Double.compare(outputs[i], expected[i]) == 0;
                assertThat(same).as("%s for %s", outputs[i], expected[i]).isTrue();
            }
        });
    }

    /** They reach further than by definition, but none is lost. */
    @Test
    void backprop_notFinite_showsWhereItDoesByDefinition() {
        RandomSeed.repeat(50, random -> {
            ConvolutionShape shape = shape(9, 10, 7, 6, 1);
            int n = 3;
            double[] images = gaussians(n * 9 * 42, random);
            double[] weights = gaussians(10 * 9 * 9, random);
            double[] lossGradient = gaussians(n * 10 * 42, random);
            double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
            double[] where = new double[][] {images, weights, lossGradient}[random.nextInt(3)];
            where[random.nextInt(where.length)] = special[random.nextInt(3)];
            double[][] actual = {new double[weights.length], new double[10], new double[images.length]};
            double[][] expected = {new double[weights.length], new double[10], new double[images.length]};
            new WinogradConvolution(shape).backprop(images, n, lossGradient, weights, actual[0], actual[1], actual[2]);
            new ReferenceConvolution(shape)
                    .backprop(images, n, lossGradient, weights, expected[0], expected[1], expected[2]);
            for (int k = 0; k < 3; k++) {
                for (int i = 0; i < actual[k].length; i++) {
                    assertThat(Double.isFinite(actual[k][i]) && !Double.isFinite(expected[k][i]))
                            .isFalse();
                }
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "16, 16, 4, 4, true",
        "16, 32, 14, 14, true",
        "32, 64, 28, 28, true",
        "512, 512, 8, 8, true",
        "16, 16, 7, 7, true",
        "15, 32, 8, 8, false",
        "32, 15, 8, 8, false",
        "32, 32, 2, 2, false",
        "513, 512, 8, 8, false"
    })
    void suits_sizes_areThoseThatGain(int channels, int filters, int height, int width, boolean suits) {
        assertThat(WinogradConvolution.suits(shape(channels, filters, height, width, 1)))
                .isEqualTo(suits);
    }

    @Test
    void suits_strideOrDilationOrOtherFilter_isFalse() {
        Axis plain = new Axis(8, 3, 1, 1, 1, 1);
        for (Axis other :
                new Axis[] {new Axis(8, 3, 2, 1, 1, 1), new Axis(8, 3, 1, 2, 2, 2), new Axis(8, 5, 1, 1, 2, 2)}) {
            assertThat(WinogradConvolution.suits(ConvolutionComparison.shape(32, 32, plain, other)))
                    .isFalse();
            assertThat(WinogradConvolution.suits(ConvolutionComparison.shape(32, 32, other, plain)))
                    .isFalse();
        }
    }
}
