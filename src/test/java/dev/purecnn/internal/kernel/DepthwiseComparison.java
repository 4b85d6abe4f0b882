package dev.purecnn.internal.kernel;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** The loops of a depthwise convolution against their definition, bit for bit, on a random plane between others. */
final class DepthwiseComparison {
    private static final int MARGIN = DepthwisePlane.MARGIN;
    private static final double UNTOUCHED = -12_345.678;

    private final DepthwiseKernels kernels;
    private final Random random;
    private final DepthwisePlane plane;
    private final int from;
    private final int inputSize;
    private final int outputSize;

    DepthwiseComparison(DepthwiseKernels kernels, Random random) {
        this.kernels = kernels;
        this.random = random;
        int[] before = {random.nextInt(3), random.nextInt(3)};
        int stride = 1 + random.nextInt(2);
        int[] sides = new int[2];
        int[] outputs = new int[2];
        for (int i = 0; i < 2; i++) {
            do {
                sides[i] = 1 + random.nextInt(random.nextBoolean() ? 9 : 40);
                outputs[i] = Math.floorDiv(sides[i] + before[i] + random.nextInt(3) - 3, stride) + 1;
            } while (outputs[i] < 1);
        }
        plane = new DepthwisePlane(sides[0], sides[1], outputs[0], outputs[1], stride, before[0], before[1]);
        from = MARGIN + random.nextInt(9);
        inputSize = sides[0] * sides[1];
        outputSize = outputs[0] * outputs[1];
    }

    void compare() {
        for (int twice = 0; twice < 2; twice++) { // what a plane keeps from one call must not affect the next
            compareChains();
            compareSums();
        }
    }

    private void compareChains() {
        boolean any = random.nextInt(3) == 0;
        double[] cells = any ? KernelsContract.drawAny(length(inputSize), random) : draw(inputSize);
        double[] gradient = any ? KernelsContract.drawAny(length(outputSize), random) : draw(outputSize);
        double[] weights = any ? KernelsContract.drawAny(12, random) : KernelsContract.draw(12, random);
        double[] outputs = untouched(outputSize);
        double[] expected = outputs.clone();
        kernels.outputs(plane, cells, from, weights, 2, 0.3, outputs, from);
        NaiveKernels.depthwiseOutputs(plane, cells, from, weights, 2, 0.3, expected, from);
        assertSame(outputs, expected, outputSize, "outputs");
        double[] inputGradient = untouched(inputSize);
        double[] expectedGradient = inputGradient.clone();
        kernels.inputGradient(plane, gradient, from, weights, 2, inputGradient, from);
        NaiveKernels.depthwiseInputGradient(plane, gradient, from, weights, 2, expectedGradient, from);
        assertSame(inputGradient, expectedGradient, inputSize, "input gradient");
    }

    private void compareSums() {
        double[] cells = draw(inputSize);
        double[] gradient = draw(outputSize);
        if (random.nextInt(3) == 0) {
            cells[from + random.nextInt(inputSize)] = Double.POSITIVE_INFINITY;
        }
        if (random.nextInt(3) == 0) {
            gradient[from + random.nextInt(outputSize)] = Double.NEGATIVE_INFINITY;
        }
        double[] weightGradient = KernelsContract.draw(12, random);
        double[] biasGradient = random.nextBoolean() ? null : KernelsContract.draw(3, random);
        double[] expected = weightGradient.clone();
        double[] expectedBias = biasGradient == null ? null : biasGradient.clone();
        double[] sums = NaiveKernels.depthwiseSums(plane, cells, from, gradient, from);
        for (int k = 0; k < 9; k++) {
            expected[2 + k] += sums[k];
        }
        kernels.sums(plane, cells, from, gradient, from, weightGradient, 2, biasGradient, 1);
        assertSameBits(weightGradient, expected, "weight gradient of " + this);
        if (biasGradient != null) {
            expectedBias[1] += sums[9];
            assertSameBits(biasGradient, expectedBias, "bias gradient of " + this);
        }
    }

    private int length(int size) {
        return from + size + MARGIN;
    }

    private double[] draw(int size) {
        return KernelsContract.draw(length(size), random);
    }

    private double[] untouched(int size) {
        double[] values = new double[length(size) + MARGIN];
        Arrays.fill(values, UNTOUCHED);
        return values;
    }

    /** Within the margins, anything may stand. */
    private void assertSame(double[] actual, double[] expected, int size, String what) {
        assertSameBits(
                Arrays.copyOfRange(actual, from, from + size),
                Arrays.copyOfRange(expected, from, from + size),
                what + " of " + this);
        for (int i = 0; i < actual.length; i++) {
            if (i < from - MARGIN || i >= from + size + MARGIN) {
                assertThat(actual[i]).isEqualTo(UNTOUCHED);
            }
        }
    }

    @Override
    public String toString() {
        return plane.height + " x " + plane.width + " cells, " + plane.outputHeight + " x " + plane.outputWidth
                + " outputs, stride " + plane.stride + ", padding " + plane.top + ", " + plane.left;
    }
}
