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
 * What one core can do at most: chains of multiply-adds that wait for no memory and not for each other. All other benchmarks
 * are told as a share of this, since a bare time says little on another machine.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class PeakBenchmark {
    // the width that the kernels use; with two widths in one program JDK 17 puts vectors into objects
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int CHAINS = 24;
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
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s13 = DoubleVector.zero(SPECIES);
        DoubleVector s14 = DoubleVector.zero(SPECIES);
        DoubleVector s15 = DoubleVector.zero(SPECIES);
        DoubleVector s16 = DoubleVector.zero(SPECIES);
        DoubleVector s17 = DoubleVector.zero(SPECIES);
        DoubleVector s18 = DoubleVector.zero(SPECIES);
        DoubleVector s19 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s23 = DoubleVector.zero(SPECIES);
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
            s10 = s10.fma(x, y);
            s11 = s11.fma(x, y);
            s12 = s12.fma(x, y);
            s13 = s13.fma(x, y);
            s14 = s14.fma(x, y);
            s15 = s15.fma(x, y);
            s16 = s16.fma(x, y);
            s17 = s17.fma(x, y);
            s18 = s18.fma(x, y);
            s19 = s19.fma(x, y);
            s20 = s20.fma(x, y);
            s21 = s21.fma(x, y);
            s22 = s22.fma(x, y);
            s23 = s23.fma(x, y);
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
        s10.intoArray(sums, 10 * SPECIES.length());
        s11.intoArray(sums, 11 * SPECIES.length());
        s12.intoArray(sums, 12 * SPECIES.length());
        s13.intoArray(sums, 13 * SPECIES.length());
        s14.intoArray(sums, 14 * SPECIES.length());
        s15.intoArray(sums, 15 * SPECIES.length());
        s16.intoArray(sums, 16 * SPECIES.length());
        s17.intoArray(sums, 17 * SPECIES.length());
        s18.intoArray(sums, 18 * SPECIES.length());
        s19.intoArray(sums, 19 * SPECIES.length());
        s20.intoArray(sums, 20 * SPECIES.length());
        s21.intoArray(sums, 21 * SPECIES.length());
        s22.intoArray(sums, 22 * SPECIES.length());
        s23.intoArray(sums, 23 * SPECIES.length());
    }
}
