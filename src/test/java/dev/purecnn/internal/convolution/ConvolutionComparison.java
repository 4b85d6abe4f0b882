package dev.purecnn.internal.convolution;

import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;

import dev.purecnn.Bits;
import java.util.Random;

/** A convolution against {@link ReferenceConvolution}: outputs and all gradients of random images. */
final class ConvolutionComparison {
    private static final double TOLERANCE = 1e-12; // of the largest value

    private ConvolutionComparison() {}

    /** A convolution without groups. */
    static ConvolutionShape shape(int channels, int filters, Axis rows, Axis cols) {
        return new ConvolutionShape(channels, filters, 1, rows, cols);
    }

    /** Options that fit a small image. */
    static ConvolutionShape draw(Random random) {
        return draw(random, 1 + random.nextInt(3), 1);
    }

    /** With channels that fill whole vectors, for which the weight gradient has a way of its own. */
    static ConvolutionShape drawManyChannels(Random random) {
        return draw(random, 8 * (1 + random.nextInt(3)), 5);
    }

    private static ConvolutionShape draw(Random random, int groupChannels, int smallestSide) {
        int groups = 1 + random.nextInt(random.nextInt(3) > 0 ? 1 : 4);
        int stride = 1 + random.nextInt(random.nextBoolean() ? 1 : 4);
        int dilation = 1 + random.nextInt(random.nextBoolean() ? 1 : 3);
        Axis rows = drawAxis(random, smallestSide, stride, dilation);
        boolean square = random.nextBoolean();
        Axis cols = drawAxis(
                random,
                smallestSide,
                square ? stride : 1 + random.nextInt(4),
                square ? dilation : 1 + random.nextInt(3));
        int groupFilters = 1 + random.nextInt(groups == 1 ? 4 : 3);
        return new ConvolutionShape(groups * groupChannels, groups * groupFilters, groups, rows, cols);
    }

    private static Axis drawAxis(Random random, int smallestSide, int stride, int dilation) {
        while (true) {
            int input = smallestSide + random.nextInt(9);
            Axis axis = new Axis(input, 1 + random.nextInt(4), stride, dilation, random.nextInt(4), random.nextInt(4));
            if (axis.output() >= 1) {
                return axis;
            }
        }
    }

    /** Compares for {@code n} images: all gradients at once, and each alone by bits. */
    static void compare(Convolution convolution, ConvolutionShape shape, int n, Random random) {
        double[] images = gaussians(n * shape.channels() * shape.inputPlane(), random);
        double[] weights = gaussians(shape.groups() * shape.groupWeights(), random);
        double[] biases = random.nextInt(4) == 0 ? null : gaussians(shape.filters(), random);
        double[] outputs = gaussians(n * shape.filters() * shape.outputPlane(), random);
        double[] expected = new double[outputs.length];
        ReferenceConvolution reference = new ReferenceConvolution(shape);
        reference.forward(images, n, weights, biases, expected);
        convolution.forward(images, n, weights, biases, outputs);
        assertClose(outputs, expected, TOLERANCE);

        double[] lossGradient = gaussians(outputs.length, random);
        double[][] right = gradients(shape, images);
        double[][] all = gradients(shape, images);
        double[][] alone = gradients(shape, images);
        reference.backprop(images, n, lossGradient, weights, right[0], right[1], right[2]);
        convolution.backprop(images, n, lossGradient, weights, all[0], all[1], all[2]);
        convolution.backprop(images, n, lossGradient, weights, alone[0], null, null);
        convolution.backprop(images, n, lossGradient, weights, null, alone[1], null);
        convolution.backprop(images, n, lossGradient, weights, null, null, alone[2]);
        for (int i = 0; i < right.length; i++) {
            assertClose(all[i], right[i], TOLERANCE);
            Bits.assertSameBits(alone[i], all[i]);
        }
    }

    /** Gradients of weights and biases that are not 0, and of the images, which is overwritten. */
    private static double[][] gradients(ConvolutionShape shape, double[] images) {
        return new double[][] {
            gaussians(shape.groups() * shape.groupWeights(), new Random(1)),
            gaussians(shape.filters(), new Random(2)),
            gaussians(images.length, new Random(3))
        };
    }
}
