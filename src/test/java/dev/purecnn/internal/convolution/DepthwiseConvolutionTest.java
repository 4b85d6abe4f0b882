package dev.purecnn.internal.convolution;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.image;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import dev.purecnn.internal.kernel.CompiledKernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One filter of 3 x 3 per channel, against the definition and against the direct convolution, and where it is used. */
class DepthwiseConvolutionTest {

    private static ConvolutionShape shape(int channels, int height, int width, int stride, int padding) {
        return shape(
                channels,
                new Axis(height, 3, stride, 1, padding, padding),
                new Axis(width, 3, stride, 1, padding, padding));
    }

    private static ConvolutionShape shape(int channels, Axis rows, Axis cols) {
        return new ConvolutionShape(channels, channels, channels, rows, cols);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1, 1, 1, 1",
        "2, 1, 1, 2, 1",
        "130, 1, 2, 1, 2",
        "3, 3, 3, 1, 0",
        "5, 4, 4, 2, 0",
        "64, 7, 7, 1, 1",
        "64, 7, 7, 2, 1",
        "17, 14, 14, 1, 1",
        "17, 14, 14, 2, 1",
        "9, 28, 28, 1, 1",
        "9, 28, 27, 2, 2",
        "33, 13, 6, 1, 2",
        "2, 5, 63, 2, 0",
        "2, 112, 112, 1, 1",
        "3, 112, 112, 2, 1"
    })
    void forwardAndBackprop_anyShape_agreeWithReference(int channels, int height, int width, int stride, int padding) {
        RandomSeed.repeat(1, random -> compare(shape(channels, height, width, stride, padding), random));
    }

    @Test
    void forwardAndBackprop_randomShapes_agreeWithReference() {
        RandomSeed.repeat(300, random -> compare(draw(random), random));
    }

    private static ConvolutionShape draw(Random random) {
        int channels = 2 + random.nextInt(random.nextInt(3) == 0 ? 129 : 5);
        int stride = 1 + random.nextInt(2);
        return shape(channels, draw(stride, random), draw(stride, random));
    }

    private static Axis draw(int stride, Random random) {
        while (true) {
            Axis axis = new Axis(1 + random.nextInt(20), 3, stride, 1, random.nextInt(3), random.nextInt(3));
            if (axis.output() >= 1) {
                return axis;
            }
        }
    }

    private static void compare(ConvolutionShape shape, Random random) {
        Convolution convolution = Convolution.of(shape);
        assertThat(convolution).isInstanceOf(DepthwiseConvolution.class);
        ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
        compareWithDirect(convolution, shape, 1 + random.nextInt(3), random);
    }

    /** The same bits, but for sums over a plane, which come in another order. */
    private static void compareWithDirect(Convolution convolution, ConvolutionShape shape, int n, Random random) {
        Convolution direct = new DirectConvolution(shape);
        double[] images = gaussians(n * shape.channels() * shape.inputPlane(), random);
        double[] weights = gaussians(shape.channels() * 9, random);
        double[] biases = random.nextBoolean() ? null : gaussians(shape.channels(), random);
        double[] lossGradient = gaussians(n * shape.filters() * shape.outputPlane(), random);
        double[][] outputs = new double[2][lossGradient.length];
        double[][] inputGradients = new double[2][images.length];
        direct.forward(images, n, weights, biases, outputs[0]);
        convolution.forward(images, n, weights, biases, outputs[1]);
        assertSameBits(outputs[1], outputs[0]);
        direct.backprop(images, n, lossGradient, weights, null, null, inputGradients[0]);
        convolution.backprop(images, n, lossGradient, weights, null, null, inputGradients[1]);
        assertSameBits(inputGradients[1], inputGradients[0]);
    }

    /** Planes at the ends of a batch are copied; no bit may depend on it. */
    @Test
    void forwardAndBackprop_batch_givesEachImageTheBitsThatItGetsAlone() {
        RandomSeed.repeat(20, random -> {
            ConvolutionShape shape = draw(random);
            Convolution convolution = new DepthwiseConvolution(shape);
            int n = 5;
            int size = shape.channels() * shape.inputPlane();
            int outputSize = shape.filters() * shape.outputPlane();
            double[] images = gaussians(n * size, random);
            double[] weights = gaussians(shape.channels() * 9, random);
            double[] lossGradient = gaussians(n * outputSize, random);
            double[] outputs = new double[n * outputSize];
            double[] inputGradient = new double[n * size];
            double[][] together = {new double[weights.length], new double[shape.filters()]};
            double[][] apart = {new double[weights.length], new double[shape.filters()]};
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
            assertSameBits(apart[0], together[0]);
            assertSameBits(apart[1], together[1]);
        });
    }

    @Test
    void suits_otherShapes_isFalse() {
        Axis axis = new Axis(9, 3, 1, 1, 1, 1);
        assertThat(DepthwiseConvolution.suits(shape(4, axis, axis))).isTrue();
        assertThat(DepthwiseConvolution.suits(new ConvolutionShape(4, 8, 4, axis, axis)))
                .isFalse();
        assertThat(DepthwiseConvolution.suits(new ConvolutionShape(4, 4, 2, axis, axis)))
                .isFalse();
        for (Axis other : new Axis[] {
            new Axis(9, 5, 1, 1, 1, 1),
            new Axis(9, 3, 2, 1, 1, 1),
            new Axis(9, 3, 1, 2, 1, 1),
            new Axis(9, 3, 1, 1, 3, 1),
            new Axis(9, 3, 1, 1, 1, 3)
        }) {
            assertThat(DepthwiseConvolution.suits(shape(4, axis, other))).isFalse();
            assertThat(DepthwiseConvolution.suits(shape(4, other, axis))).isFalse();
        }
        Axis wide = new Axis(9, 3, 3, 1, 1, 1);
        assertThat(DepthwiseConvolution.suits(shape(4, wide, wide))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void forwardAndBackprop_afterFirst_allocateNothing(int stride) {
        ConvolutionShape shape = shape(20, 14, 13, stride, 1);
        Convolution convolution = new DepthwiseConvolution(shape);
        double[] images = new double[20 * shape.inputPlane()];
        double[] outputs = new double[20 * shape.outputPlane()];
        double[] weights = new double[20 * 9];
        double[] biases = new double[20];
        long allocated = CompiledKernels.allocated(() -> {
            convolution.forward(images, 1, weights, biases, outputs);
            convolution.backprop(images, 1, outputs, weights, weights, biases, images);
        });
        assertThat(allocated).isZero();
    }
}
