package dev.purecnn.internal.kernel;

import dev.purecnn.Work;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one core can do at most: chains of multiply-adds that wait neither for memory nor for each other. All other benchmarks
 * are reported as a share of this, since a bare time says little on another machine.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class PeakBenchmark {
    // the width that the kernels use; with two widths in one program, JDK 17 boxes vectors
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    // two units, each of which takes four cycles, are busy with 8; of AVX2's 16 registers C2 fills no more than 10
    // without spilling (measured: with 12 chains 7 % less, with 24 a fifth)
    private static final int CHAINS = 10;
    private static final int ROUNDS = 2000;

    private final double[] sums = new double[CHAINS * SPECIES.length()];

    @Setup
    public void check() {
        multiplyAdd(sums, 0.75, 0.3);
        double expected = 0.0;
        for (int round = 0; round < ROUNDS; round++) {
            expected = Math.fma(expected, 0.75, 0.3);
        }
        for (double sum : sums) {
            if (Double.doubleToRawLongBits(sum) != Double.doubleToRawLongBits(expected)) {
                throw new IllegalStateException("peak: expected " + expected + ", got " + sum);
            }
        }
    }

    @Benchmark
    public double[] peak(Work work) {
        multiplyAdd(sums, 0.75, 0.3);
        work.flop += 2L * CHAINS * SPECIES.length() * ROUNDS;
        return sums;
    }

    private static void multiplyAdd(double[] sums, double factor, double addend) {
        DoubleVector x = DoubleVector.broadcast(SPECIES, factor);
        DoubleVector y = DoubleVector.broadcast(SPECIES, addend);
        DoubleVector s0 = DoubleVector.zero(SPECIES);
        DoubleVector s1 = DoubleVector.zero(SPECIES);
        DoubleVector s2 = DoubleVector.zero(SPECIES);
        DoubleVector s3 = DoubleVector.zero(SPECIES);
        DoubleVector s4 = DoubleVector.zero(SPECIES);
        DoubleVector s5 = DoubleVector.zero(SPECIES);
        DoubleVector s6 = DoubleVector.zero(SPECIES);
        DoubleVector s7 = DoubleVector.zero(SPECIES);
        DoubleVector s8 = DoubleVector.zero(SPECIES);
        DoubleVector s9 = DoubleVector.zero(SPECIES);
        for (int round = 0; round < ROUNDS; round++) {
            s0 = s0.fma(x, y);
            s1 = s1.fma(x, y);
            s2 = s2.fma(x, y);
            s3 = s3.fma(x, y);
            s4 = s4.fma(x, y);
            s5 = s5.fma(x, y);
            s6 = s6.fma(x, y);
            s7 = s7.fma(x, y);
            s8 = s8.fma(x, y);
            s9 = s9.fma(x, y);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, SPECIES.length());
        s2.intoArray(sums, 2 * SPECIES.length());
        s3.intoArray(sums, 3 * SPECIES.length());
        s4.intoArray(sums, 4 * SPECIES.length());
        s5.intoArray(sums, 5 * SPECIES.length());
        s6.intoArray(sums, 6 * SPECIES.length());
        s7.intoArray(sums, 7 * SPECIES.length());
        s8.intoArray(sums, 8 * SPECIES.length());
        s9.intoArray(sums, 9 * SPECIES.length());
    }
}
