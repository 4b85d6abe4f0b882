package dev.purecnn.internal.convolution;

import dev.purecnn.Work;
import dev.purecnn.internal.kernel.CompiledKernels;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The convolutions of ResNets and MobileNets that Winograd's algorithm does not fit: 1 x 1, strided, depthwise, and those of small planes.
 * {@link #memory} reads images, weights and biases and writes outputs once, adding numbers up instead of convolving: the least time that
 * memory allows a forward pass. The flops of its row are those of the pass, so the share of a forward pass is its GFLOP/s by those.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ConvolutionBenchmark {
    private static final double TOLERANCE = 1e-12; // of the largest value

    /** {@code channels->filters@size, filter, stride, groups}. */
    @Param({
        "64->128@16 1x1 s1 g1",
        "256->64@14 1x1 s1 g1",
        "512->2048@7 1x1 s1 g1",
        "64->128@16 3x3 s2 g1",
        "128->256@8 3x3 s2 g1",
        "256->512@4 3x3 s2 g1",
        "3->64@64 7x7 s2 g1",
        "32->32@32 3x3 s1 g32",
        "144->144@14 3x3 s1 g144",
        "32->32@32 3x3 s2 g32",
        "144->144@14 3x3 s2 g144",
        "512->512@2 3x3 s1 g1"
    })
    public String shape;

    @Param({"1", "32"})
    public int batch;

    private Convolution convolution;
    private long flop;
    private double[] images;
    private double[] weights;
    private double[] biases;
    private double[] outputs;
    private double[] lossGradient;
    private double[] weightGradient;
    private double[] biasGradient;
    private double[] inputGradient;

    /** Makes all arrays, and compares the results of both ways with the definition. */
    @Setup(Level.Trial)
    public void check() {
        CompiledKernels.await();
        ConvolutionShape sizes = parse(shape);
        convolution = Convolution.of(sizes);
        flop = 2L * batch * sizes.groups() * sizes.groupWeights() * sizes.outputPlane();
        images = noise(batch * sizes.channels() * sizes.inputPlane(), 1);
        weights = noise(sizes.groups() * sizes.groupWeights(), 2);
        biases = noise(sizes.filters(), 3);
        outputs = new double[batch * sizes.filters() * sizes.outputPlane()];
        lossGradient = noise(outputs.length, 4);
        weightGradient = new double[weights.length];
        biasGradient = new double[biases.length];
        inputGradient = new double[images.length];
        double[] rightOutputs = new double[outputs.length];
        double[] rightWeights = new double[weights.length];
        double[] rightBiases = new double[biases.length];
        double[] rightInputs = new double[images.length];
        Convolution reference = new ReferenceConvolution(sizes);
        reference.forward(images, batch, weights, biases, rightOutputs);
        reference.backprop(images, batch, lossGradient, weights, rightWeights, rightBiases, rightInputs);
        convolution.forward(images, batch, weights, biases, outputs);
        convolution.backprop(images, batch, lossGradient, weights, weightGradient, biasGradient, inputGradient);
        requireClose("outputs", outputs, rightOutputs);
        requireClose("weight gradient", weightGradient, rightWeights);
        requireClose("bias gradient", biasGradient, rightBiases);
        requireClose("input gradient", inputGradient, rightInputs);
    }

    private static ConvolutionShape parse(String text) {
        int[] sizes =
                Arrays.stream(text.split("[^0-9]+")).mapToInt(Integer::parseInt).toArray();
        int padding = sizes[3] / 2;
        Axis axis = new Axis(sizes[2], sizes[3], sizes[5], 1, padding, padding);
        return new ConvolutionShape(sizes[0], sizes[1], sizes[6], axis, axis);
    }

    private static double[] noise(int length, long seed) {
        return new Random(seed).doubles(length, -1.0, 1.0).toArray();
    }

    private void requireClose(String what, double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * largest)) {
                throw new IllegalStateException(shape + ", " + what + " " + i + ": expected " + expected[i]
                        + " as by definition, got " + actual[i]);
            }
        }
    }

    /** Gradients add up from call to call; without this they would grow without bound. */
    @Setup(Level.Iteration)
    public void clearGradients() {
        Arrays.fill(weightGradient, 0.0);
        Arrays.fill(biasGradient, 0.0);
    }

    @Benchmark
    public double[] forward(Work work) {
        work.flop += flop;
        convolution.forward(images, batch, weights, biases, outputs);
        return outputs;
    }

    @Benchmark
    public double[] inputGradient(Work work) {
        work.flop += flop;
        convolution.backprop(images, batch, lossGradient, weights, null, null, inputGradient);
        return inputGradient;
    }

    @Benchmark
    public double[] weightGradient(Work work) {
        work.flop += flop;
        convolution.backprop(images, batch, lossGradient, weights, weightGradient, biasGradient, null);
        return weightGradient;
    }

    @Benchmark
    public double memory(Work work) {
        work.flop += flop;
        double value = sum(images) + sum(weights);
        Arrays.fill(outputs, value);
        return value;
    }

    private static double sum(double[] values) {
        double s0 = 0;
        double s1 = 0;
        for (int i = 0; i + 16 <= values.length; i += 16) { // a number loads its whole cache line
            s0 += values[i];
            s1 += values[i + 8];
        }
        return s0 + s1;
    }
}
