package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelWarmupTest {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final AtomicInteger ready = new AtomicInteger();

    /** Runs on a simulated clock, on which a round takes half a second. */
    private final class SimulatedWarmup extends KernelWarmup {
        private final int roundsNeeded;
        private int rounds;
        private int rests;
        private boolean interrupted;
        private long now = Long.MAX_VALUE - SECOND_NANOS; // as System.nanoTime, it may overflow

        SimulatedWarmup(int roundsNeeded) {
            super(new PlainKernels(), new PlainKernels(), ready::incrementAndGet);
            this.roundsNeeded = roundsNeeded;
        }

        @Override
        boolean isCompiled() {
            now += SECOND_NANOS / 2;
            rounds++;
            return rounds >= roundsNeeded;
        }

        @Override
        long nanos() {
            return now;
        }

        @Override
        void rest(long nanos) throws InterruptedException {
            if (interrupted) {
                throw new InterruptedException();
            }
            assertThat(nanos).isEqualTo(2 * SECOND_NANOS);
            now += nanos;
            rests++;
        }
    }

    @Test
    void run_compiledInTheThirdRound_isReadyOnce() {
        SimulatedWarmup warmup = new SimulatedWarmup(3);
        warmup.run();
        assertThat(ready).hasValue(1);
        assertThat(warmup.rounds).isEqualTo(3);
        assertThat(warmup.rests).isZero();
    }

    /** As with {@code -Xint}: after ten seconds it leaves four fifths of a processor to others, after five minutes it ends. */
    @Test
    void run_neverCompiled_restsAndGivesUp() {
        SimulatedWarmup warmup = new SimulatedWarmup(Integer.MAX_VALUE);
        warmup.run();
        assertThat(ready).hasValue(0);
        assertThat(warmup.rounds).isEqualTo(20 + 116);
        assertThat(warmup.rests).isEqualTo(116);
    }

    @Test
    void run_interruptedAtRest_ends() {
        SimulatedWarmup warmup = new SimulatedWarmup(30);
        warmup.interrupted = true;
        warmup.run();
        assertThat(ready).hasValue(0);
        assertThat(warmup.rounds).isEqualTo(21);
    }

    /** A hundred times slower, as interpreted vector kernels are at least. */
    @Test
    void areAsFast_slowMultiply_isFalse() {
        Kernels slow = new PlainKernels() {
            @Override
            public void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
                for (int i = 0; i < 100; i++) {
                    super.multiply(product, start, b, bFrom, c, cFrom);
                }
            }
        };
        assertThat(new WarmupJobs().areAsFast(slow, new PlainKernels(), 2)).isFalse();
    }
}
