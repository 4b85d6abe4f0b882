package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.RandomSeed;
import java.io.IOException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// in a thread of its own, for a caller who waits for a helper heeds no interrupt
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkersTest {

    @Test
    void forEach_anyCrewAndWork_doesEachPieceOnce() {
        RandomSeed.repeat(50, random -> {
            Workers workers = Workers.of(1 + random.nextInt(6));
            for (int call = 0; call < 20; call++) {
                AtomicIntegerArray done = new AtomicIntegerArray(random.nextInt(40));
                workers.forEach(done.length(), (worker, piece) -> done.incrementAndGet(piece));
                for (int i = 0; i < done.length(); i++) {
                    assertThat(done.get(i)).isEqualTo(1);
                }
            }
            workers.dismiss();
        });
    }

    @Test
    void forEach_whenItReturns_nobodyWorksAnyMore() {
        Workers workers = Workers.of(4);
        AtomicInteger working = new AtomicInteger();
        for (int call = 0; call < 500; call++) {
            workers.forEach(5, (worker, piece) -> {
                working.incrementAndGet();
                Thread.yield();
                working.decrementAndGet();
            });
            assertThat(working).hasValue(0);
        }
        workers.dismiss();
    }

    @Test
    void forEach_eachWorker_doesOnePieceAtATime() {
        Workers workers = Workers.of(4);
        AtomicIntegerArray working = new AtomicIntegerArray(workers.size());
        for (int call = 0; call < 500; call++) {
            workers.forEach(9, (worker, piece) -> {
                assertThat(working.incrementAndGet(worker)).isEqualTo(1);
                Thread.yield();
                working.decrementAndGet(worker);
            });
        }
        workers.dismiss();
    }

    @Test
    void forEach_resultsOfHelpers_areSeenByCaller() {
        Workers workers = Workers.of(3);
        long[] results = new long[64]; // plain memory on purpose
        for (int call = 1; call <= 2000; call++) {
            int number = call;
            workers.forEach(results.length, (worker, piece) -> results[piece] = number * 1000L + piece);
            for (int i = 0; i < results.length; i++) {
                assertThat(results[i]).isEqualTo(number * 1000L + i);
            }
        }
        workers.dismiss();
    }

    @Test
    void forEach_pieceFails_throwsItAndWorksAgain() {
        for (int threads : new int[] {1, 4}) {
            Workers workers = Workers.of(threads);
            for (int failing = 0; failing < 20; failing++) {
                int bad = failing;
                IllegalStateException thrown = new IllegalStateException("piece " + bad);
                assertThatThrownBy(() -> workers.forEach(20, (worker, piece) -> {
                            if (piece == bad) {
                                throw thrown;
                            }
                        }))
                        .isSameAs(thrown);
                AtomicInteger done = new AtomicInteger();
                workers.forEach(20, (worker, piece) -> done.incrementAndGet());
                assertThat(done).hasValue(20);
            }
            workers.dismiss();
        }
    }

    @Test
    void forEach_allPiecesFail_throwsOne() {
        Workers workers = Workers.of(4);
        assertThatThrownBy(() -> workers.forEach(20, (worker, piece) -> {
                    throw new StackOverflowError("piece " + piece);
                }))
                .isInstanceOf(StackOverflowError.class);
        workers.dismiss();
    }

    @Test
    void forEach_interruptedCaller_worksAndStaysInterrupted() {
        Workers workers = Workers.of(3);
        Thread.currentThread().interrupt();
        AtomicInteger done = new AtomicInteger();
        workers.forEach(30, (worker, piece) -> done.incrementAndGet());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).hasValue(30);
        workers.dismiss();
    }

    @Test
    void forEach_afterDismissal_worksAgain() {
        Workers workers = Workers.of(3);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            workers.forEach(10, (worker, piece) -> done.incrementAndGet());
            workers.dismiss();
        }
        assertThat(done).hasValue(2000);
    }

    @Test
    void forEach_dismissalUnderWay_helpersComeAllTheSame() {
        ExecutorService pool = Executors.newFixedThreadPool(1); // so that a dismissal does not wait for them to be gone
        Workers workers = new Workers(2, pool);
        CyclicBarrier both = new CyclicBarrier(2);
        for (int call = 0; call < 100; call++) {
            workers.forEach(2, (worker, piece) -> meet(both));
            workers.dismiss();
        }
        pool.shutdown();
    }

    // ---- helpers that must come

    /** Returns when as many are at work as the barrier waits for; no worker counts twice. */
    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("expected " + barrier.getParties() + " at work at once", e);
        }
    }

    @Test
    void forEach_piecesThatWaitForEachOther_areDoneAtOnce() {
        Workers workers = Workers.of(2);
        CyclicBarrier both = new CyclicBarrier(2);
        AtomicInteger byHelper = new AtomicInteger();
        for (int call = 0; call < 50; call++) {
            workers.forEach(2, (worker, piece) -> {
                meet(both);
                byHelper.addAndGet(worker);
            });
        }
        assertThat(byHelper).hasValue(50);
        workers.dismiss();
    }

    @Test
    void forEach_givenExecutor_callsEachHelperOnce() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        AtomicInteger calls = new AtomicInteger();
        Workers workers = new Workers(3, helper -> {
            calls.incrementAndGet();
            pool.execute(helper);
        });
        CyclicBarrier all = new CyclicBarrier(3);
        workers.forEach(3, (worker, piece) -> meet(all));
        assertThat(calls).hasValue(2);
        workers.dismiss();
        pool.shutdown();
    }

    @Test
    void forEach_helperFails_throwsItAndWorksAgain() {
        for (Throwable thrown :
                new Throwable[] {new IllegalStateException(), new StackOverflowError(), new IOException()}) {
            Workers workers = Workers.of(2);
            CyclicBarrier both = new CyclicBarrier(2);
            assertThatThrownBy(() -> workers.forEach(2, (worker, piece) -> {
                        meet(both);
                        if (worker > 0) {
                            WorkersTest.<RuntimeException>sneak(thrown);
                        }
                    }))
                    .isSameAs(thrown);
            workers.forEach(2, (worker, piece) -> meet(both));
            workers.dismiss();
        }
    }

    @Test
    void forEach_callerThrowsCheckedException_throwsItAndWorksAgain() {
        Workers workers = Workers.of(2);
        CyclicBarrier both = new CyclicBarrier(2);
        IOException thrown = new IOException("by Kotlin or Lombok");
        assertThatThrownBy(() -> workers.forEach(2, (worker, piece) -> {
                    meet(both);
                    if (worker == 0) {
                        WorkersTest.<RuntimeException>sneak(thrown);
                    }
                }))
                .isSameAs(thrown);
        workers.forEach(2, (worker, piece) -> meet(both));
        workers.dismiss();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
