package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static dev.purecnn.ThreadsTest.inParallel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.training.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions called from many threads, and predictions of many images on as many threads as were asked for. */
class PredictionThreadsTest {
    private static final Dataset IMAGES = images(192, 1); // 12 chunks
    private static final long SOON_NANOS = 100_000_000; // helpers that are not sent home wait twice as long for work

    @Test
    void predict_fromSixteenThreads_equalsSerial() throws Exception {
        CNN cnn = TestNetworks.small(3).build();
        step(cnn, IMAGES, 0, 32);
        double[][] serial = new double[IMAGES.size()][];
        for (int i = 0; i < serial.length; i++) {
            serial[i] = cnn.predict(IMAGES.image(i));
        }
        inParallel(16, thread -> {
            for (int i = 0; i < 2000; i++) {
                int image = (i * 13 + thread) % serial.length;
                assertSameBits(cnn.predict(IMAGES.image(image)), serial[image]);
            }
        });
    }

    @Test
    void predictAll_fromSeveralThreads_equalsSerial() throws Exception {
        CNN cnn = TestNetworks.small(3).build();
        double[] serial = cnn.predictAll(IMAGES);
        inParallel(4, thread -> {
            for (int i = 0; i < 20; i++) {
                assertSameBits(cnn.predictAll(IMAGES), serial);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16})
    void predictAll_anyThreads_givesSameBits(int threads) {
        CNN one = TestNetworks.small(3).threads(1).build();
        CNN many = TestNetworks.small(3).threads(threads).build();
        assertSameBits(many.predictAll(IMAGES), one.predictAll(IMAGES));
        assertThat(many.test(IMAGES).loss()).isEqualTo(one.test(IMAGES).loss());
    }

    /** Ends only if two threads work at the same time. */
    private static CNN meeting(Runnable onForward) {
        assumeTrue(ForkJoinPool.getCommonPoolParallelism() > 0, "a machine of one processor has no helpers");
        return withLayers(
                        new WatchedLayer(onForward),
                        new MeetingLayer(new CyclicBarrier(2)),
                        new DenseSoftmaxLayer(48, CLASSES))
                .threads(2)
                .build();
    }

    @Test
    void predictAllAndTest_twoThreads_workAtOnce() {
        CNN cnn = meeting(() -> {});
        cnn.predictAll(IMAGES);
        cnn.test(IMAGES);
    }

    @Test
    void predictAll_whenItReturns_hasSentWorkersHome() {
        AtomicBoolean seen = new AtomicBoolean();
        CNN cnn = meeting(() -> seen.compareAndSet(false, workerIsThere()));
        boolean soon = false;
        for (int call = 0; call < 20 && !soon; call++) { // for a busy machine
            cnn.predictAll(IMAGES);
            long start = System.nanoTime();
            while (workerIsThere()) {
                Thread.onSpinWait();
            }
            soon = System.nanoTime() - start < SOON_NANOS;
        }
        assertThat(seen).isTrue();
        assertThat(soon).isTrue();
    }

    /** Of a large network, a thread takes 32 images at once, but not if another then has none. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void predictAll_largeNetwork_leavesEachThreadItsShare(int threads) {
        AtomicInteger chunks = new AtomicInteger();
        CNN cnn = withLayers(
                        new WatchedLayer(chunks::incrementAndGet),
                        new DenseLayer(48, 3000),
                        new DenseSoftmaxLayer(3000, CLASSES))
                .threads(threads)
                .build();
        cnn.predictAll(IMAGES.take(32));
        assertThat(chunks).hasValue(threads);
    }

    private static boolean workerIsThere() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().endsWith("Workers$Worker"));
    }

    /** Does something whenever images pass, in any replica. */
    private static final class WatchedLayer extends PassingLayer {
        private final Runnable onForward;

        WatchedLayer(Runnable onForward) {
            this.onForward = onForward;
        }

        @Override
        void onForward(double[] images) {
            onForward.run();
        }

        @Override
        public Layer replica() {
            return new WatchedLayer(onForward);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void predictAllTestAndValidation_anyPool_takeNoMoreThreadsThanAllowed(int threads) throws Exception {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        Layer watched = new WatchedLayer(() -> {
            seen.add(Thread.currentThread());
            sleep(); // time for every thread that may come
        });
        CNN cnn = withLayers(watched, new DenseSoftmaxLayer(48, CLASSES))
                .threads(threads)
                .build();
        CNN trained = withLayers(watched, new DenseSoftmaxLayer(48, CLASSES)).build();
        TrainingOptions options = TrainingOptions.builder()
                .epochs(1)
                .sampleSize(1)
                .threads(threads)
                .build();
        List<Runnable> calls = List.of(
                () -> cnn.predictAll(IMAGES), () -> cnn.test(IMAGES), () -> trained.train(IMAGES, IMAGES, options));
        ForkJoinPool pool = new ForkJoinPool(6); // whose threads a parallel stream would all take
        try {
            for (Runnable call : calls) {
                seen.clear();
                pool.submit(call).get(60, TimeUnit.SECONDS);
                assertThat(seen).hasSizeBetween(1, threads);
            }
        } finally {
            pool.shutdown();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void validation_givenExecutor_lendsThreadsToIt() {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        AtomicInteger calls = new AtomicInteger();
        CNN cnn = withLayers(new MeetingLayer(new CyclicBarrier(2)), new DenseSoftmaxLayer(48, CLASSES))
                .threads(1)
                .build();
        TrainingOptions options = TrainingOptions.builder()
                .epochs(2)
                .batchSize(32)
                .sampleSize(32)
                .threads(2)
                .executor(task -> {
                    calls.incrementAndGet();
                    pool.execute(task);
                })
                .build();
        cnn.train(IMAGES, IMAGES, options); // ends only if two work on each batch, and on each pair of chunks
        pool.shutdown();
        assertThat(calls).hasPositiveValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void predictAll_layerFails_throwsItAndWorksAgain(int threads) {
        assumeTrue(ForkJoinPool.getCommonPoolParallelism() > 0, "a machine of one processor has no helpers");
        AtomicReference<RuntimeException> failure = new AtomicReference<>(new IllegalStateException("broken"));
        Thread caller = Thread.currentThread();
        CountDownLatch failed = new CountDownLatch(1);
        CNN cnn = withLayers(
                        new WatchedLayer(() -> {
                            if (failure.get() == null) {
                                return;
                            }
                            if (threads > 1 && Thread.currentThread() == caller) {
                                await(failed); // a helper's turn
                                return;
                            }
                            failed.countDown();
                            throw failure.get();
                        }),
                        new DenseSoftmaxLayer(48, CLASSES))
                .threads(threads)
                .build();
        assertThatThrownBy(() -> cnn.predictAll(IMAGES)).isSameAs(failure.get());
        failure.set(null);
        assertThat(cnn.predictAll(IMAGES)).hasSize(IMAGES.size() * CLASSES);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void predictAll_interruptedCaller_predictsAllAndStaysInterrupted() {
        CNN cnn = TestNetworks.small(3).threads(3).build();
        double[] calm = cnn.predictAll(IMAGES);
        Thread.currentThread().interrupt();
        double[] interrupted = cnn.predictAll(IMAGES);
        assertThat(Thread.interrupted()).isTrue();
        assertSameBits(interrupted, calm);
    }

    @Test
    void predictAll_overtakenByTraining_failsAtNextChunk() {
        AtomicInteger passages = new AtomicInteger();
        CNN[] network = new CNN[1];
        Layer training = new WatchedLayer(() -> {
            if (passages.getAndIncrement() == 0) {
                step(network[0], IMAGES, 0, 1);
            }
        });
        network[0] = withLayers(training, new DenseSoftmaxLayer(48, CLASSES))
                .threads(1)
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> network[0].predictAll(IMAGES))
                .withMessageContaining("being trained");
        assertThat(passages).hasValue(2); // the first chunk, and the training's image
    }
}
