package dev.purecnn.internal.kernel;

import dev.purecnn.UsedJvm;
import dev.purecnn.Work;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
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

/** The two loops, plain and with vectors. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class KernelBenchmark {
    @Param({"vector", "plain"})
    public String kernels;

    /** The networks' convolutions, two of them backward; then tiles of each height; then odd sizes; then dense layers. */
    @Param({
        "1->8@28x28",
        "1->3@28x28",
        "3->3@14x14",
        "8->4@28x28",
        "1->16@28x28",
        "16->32@14x14",
        "32->16@14x14",
        "1->32@28x28",
        "32->64@28x28",
        "64->32@28x28",
        "16->8@14x14",
        "16->4@14x14",
        "16->2@14x14",
        "16->1@14x14",
        "16->15@14x14",
        "5->7@13x11",
        "1->1@28x28",
        "1->1@1x1",
        "1568->10*1",
        "1568->10*32",
        "12544->128*1",
        "12544->128*16",
        "1001->7*3",
        "1->1*1"
    })
    public String shape;

    private final Kernels plain = new PlainKernels();
    private Kernels measured;
    private KernelJob job;
    private double[] c;
    private double[] sum;
    private double[] d;

    /** Sums add up from call to call; without this they would grow without bound. */
    @Setup(Level.Iteration)
    public void clearSums() {
        Arrays.fill(sum, 0.0);
        Arrays.fill(d, 0.0);
    }

    @Setup(Level.Trial)
    public void check() {
        UsedJvm.prepare();
        measured = kernels.equals("vector") ? new VectorKernels() : plain;
        job = KernelJob.of(shape);
        c = job.newProduct();
        sum = job.newSum();
        d = job.newSums();
        requireSameBits("multiply", job::multiply, c);
        requireSameBits("multiplyAdd", job::multiplyAdd, sum);
        requireSameBits("dot", job::dot, d);
    }

    private void requireSameBits(String loop, BiConsumer<Kernels, double[]> run, double[] result) {
        double[] expected = new double[result.length];
        Arrays.fill(result, 0.0);
        run.accept(plain, expected);
        run.accept(measured, result);
        for (int i = 0; i < result.length; i++) {
            if (Double.doubleToRawLongBits(result[i]) != Double.doubleToRawLongBits(expected[i])) {
                throw new IllegalStateException(loop + " " + shape + ", element " + i + ": expected " + expected[i]
                        + " as with plain kernels, got " + result[i]);
            }
        }
    }

    @Benchmark
    public double[] multiply(Work work) {
        work.flop += job.usefulFlop();
        job.multiply(measured, c);
        return c;
    }

    @Benchmark
    public double[] multiplyAdd(Work work) {
        work.flop += job.usefulFlop();
        job.multiplyAdd(measured, sum);
        return sum;
    }

    @Benchmark
    public double[] dot(Work work) {
        work.flop += job.usefulFlop();
        job.dot(measured, d);
        return d;
    }
}
