package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static dev.purecnn.TestNetworks.batch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.labels;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The number of threads changes only the time. */
class ThreadsTest {
    private static final Dataset IMAGES = images(200, 1);

    // ---- the same bits

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 9, 32, 100})
    void trainOnBatch_anyThreads_givesSameBits(int batchSize) {
        String one = afterSteps(1, batchSize);
        for (int threads : new int[] {2, 3, 7, 16}) {
            assertThat(afterSteps(threads, batchSize)).as("%d threads", threads).isEqualTo(one);
        }
    }

    private static String afterSteps(int threads, int batchSize) {
        // the dense layer's weights are more than one range of an update
        CNN cnn = withLayers(new DenseLayer(INPUT.size(), 120), new ReLULayer(), new DenseSoftmaxLayer(120, CLASSES))
                .threads(threads)
                .build();
        for (int i = 0; i < 4; i++) {
            step(cnn, IMAGES, 20 * i, batchSize);
        }
        return cnn.fingerprint() + small(threads, batchSize);
    }

    private static String small(int threads, int batchSize) {
        CNN cnn = TestNetworks.small(3).threads(threads).build();
        for (int i = 0; i < 4; i++) {
            step(cnn, IMAGES, 20 * i, batchSize);
        }
        return cnn.fingerprint();
    }

    @Test
    void train_anyThreads_givesSameBits() {
        String one = trained(options(1));
        for (int threads : new int[] {2, 3, 7, 16}) {
            assertThat(trained(options(threads))).as("%d threads", threads).isEqualTo(one);
        }
    }

    private static TrainingOptions.Builder options(int threads) {
        return TrainingOptions.builder().epochs(2).batchSize(33).sampleSize(150).threads(threads);
    }

    private static String trained(TrainingOptions.Builder options) {
        CNN cnn = TestNetworks.small(3).build();
        cnn.train(IMAGES, null, options.build());
        return cnn.fingerprint();
    }

    interface NumberedTask {
        void run(int number) throws Exception;
    }

    static void inParallel(int threads, NumberedTask task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                running.add(pool.submit(() -> {
                    task.run(number);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    // ---- more than one at work

    @Test
    void trainOnBatch_twoThreads_workAtOnce() {
        CNN cnn = withLayers(new MeetingLayer(new CyclicBarrier(2)), new DenseSoftmaxLayer(48, CLASSES))
                .threads(2)
                .build();
        for (int i = 0; i < 5; i++) {
            step(cnn, IMAGES, 0, 32); // two shards
        }
    }

    // ---- given executors

    @Test
    void train_givenExecutor_lendsThreadsToIt() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        AtomicInteger calls = new AtomicInteger();
        CNN cnn = withLayers(new MeetingLayer(new CyclicBarrier(2)), new DenseSoftmaxLayer(48, CLASSES))
                .build();
        cnn.train(
                IMAGES,
                null,
                TrainingOptions.builder()
                        .epochs(1)
                        .batchSize(32)
                        .sampleSize(192)
                        .threads(2)
                        .executor(task -> {
                            calls.incrementAndGet();
                            pool.execute(task);
                        })
                        .build());
        pool.shutdown();
        assertThat(calls).hasPositiveValue();
    }

    @Test
    void train_forkJoinPool_givesSameBits() {
        assertThat(trained(options(3).executor(ForkJoinPool.commonPool()))).isEqualTo(trained(options(1)));
    }

    @Test
    void train_executorThatIsShutDown_trainsAllTheSame() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        pool.shutdown();
        assertThat(trained(options(3).executor(pool))).isEqualTo(trained(options(1)));
    }

    @Test
    void train_executorThatIsSaturated_trainsAllTheSame() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<Boolean> busy = pool.submit(() -> release.await(60, TimeUnit.SECONDS));
        try {
            assertThat(trained(options(3).executor(pool))).isEqualTo(trained(options(1)));
        } finally {
            release.countDown();
            pool.shutdown();
        }
        assertThat(busy.get()).isTrue();
        // helpers that start too late end at once
        assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void train_executorThatRunsOnCaller_trainsAllTheSame() {
        Executor direct = Runnable::run;
        assertThat(trained(options(3).executor(direct))).isEqualTo(trained(options(1)));
        ExecutorService full = new ThreadPoolExecutor(
                0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), new ThreadPoolExecutor.CallerRunsPolicy());
        try {
            assertThat(trained(options(3).executor(full))).isEqualTo(trained(options(1)));
        } finally {
            full.shutdown();
        }
    }

    @Test
    void train_executorThatThrows_trainsAllTheSame() {
        assertThat(trained(options(3).executor(task -> {
                    throw new IllegalStateException("no helpers today");
                })))
                .isEqualTo(trained(options(1)));
        assertThat(trained(options(3).executor(task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                })))
                .isEqualTo(trained(options(1)));
    }

    @Test
    void train_executorThatForgets_trainsAllTheSame() {
        assertThat(trained(options(3).executor(task -> {}))).isEqualTo(trained(options(1)));
    }

    // ---- nothing left behind

    @Test
    void train_afterReturn_leavesNoThread() throws Exception {
        CNN cnn = TestNetworks.small(3).build();
        awaitNoWorkers(); // of tests before
        for (int i = 0; i < 5; i++) {
            AtomicInteger most = new AtomicInteger();
            cnn.train(
                    IMAGES,
                    null,
                    options(4)
                            .listener(onStep(progress -> most.accumulateAndGet(helpers(), Math::max)))
                            .build());
            assertThat(most).hasValueBetween(1, 3);
            assertThat(helpers()).isZero();
        }
    }

    @Test
    void trainOnBatch_afterAWhile_leavesNoThread() throws Exception {
        CNN cnn = TestNetworks.small(3).threads(4).build();
        step(cnn, IMAGES, 0, 100);
        assertThat(helpers()).isPositive();
        awaitNoWorkers();
        step(cnn, IMAGES, 100, 100); // they start again
        CNN other = TestNetworks.small(3).threads(1).build();
        step(other, IMAGES, 0, 100);
        step(other, IMAGES, 100, 100);
        assertThat(cnn.fingerprint()).isEqualTo(other.fingerprint());
    }

    private static int helpers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("purecnn-worker"))
                .count();
    }

    private static void awaitNoWorkers() throws InterruptedException {
        for (int i = 0; i < 1000 && helpers() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(helpers()).isZero();
    }

    // ---- exceptions

    /** Fails on one image, which has a mark at its start; so do its replicas. */
    private static final class FaultyLayer extends PassingLayer {
        static final double MARK = 77;
        final AtomicReference<Throwable> inForward;
        final AtomicReference<Throwable> inBackprop;
        private double[] seen = {};

        FaultyLayer(AtomicReference<Throwable> inForward, AtomicReference<Throwable> inBackprop) {
            this.inForward = inForward;
            this.inBackprop = inBackprop;
        }

        @Override
        void onForward(double[] images) {
            seen = images;
            failOnMark(inForward);
        }

        @Override
        void onBackprop(double[] lossGradient) {
            failOnMark(inBackprop);
        }

        private void failOnMark(AtomicReference<Throwable> failure) {
            for (int i = 0; i < seen.length; i += INPUT.size()) {
                if (seen[i] == MARK) {
                    ThreadsTest.<RuntimeException>sneak(failure.get());
                }
            }
        }

        @Override
        public Layer replica() {
            return new FaultyLayer(inForward, inBackprop);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        if (thrown != null) {
            throw (T) thrown;
        }
    }

    @Test
    void trainOnBatch_layerFails_reachesCallerAndLeavesNetworkAsBefore() {
        for (int threads : new int[] {1, 2, 5}) {
            for (Throwable thrown : List.of(
                    new IllegalStateException("broken"), new StackOverflowError("broken"), new IOException("broken"))) {
                for (int marked : new int[] {0, 17, 31}) {
                    failThenGoOn(threads, marked, thrown, true);
                    failThenGoOn(threads, marked, thrown, false);
                }
            }
        }
    }

    private static void failThenGoOn(int threads, int marked, Throwable thrown, boolean forward) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<Throwable> none = new AtomicReference<>();
        CNN cnn = faulty(new FaultyLayer(forward ? failure : none, forward ? none : failure), threads);
        CNN healthy = faulty(new FaultyLayer(none, none), threads);
        step(cnn, IMAGES, 0, 32);
        step(healthy, IMAGES, 0, 32);
        String before = cnn.fingerprint();
        double[] bad = batch(IMAGES, 32, 32);
        bad[marked * INPUT.size()] = FaultyLayer.MARK;

        failure.set(thrown);
        assertThatThrownBy(() -> cnn.trainOnBatch(bad, labels(IMAGES, 32, 32))).isSameAs(thrown);

        assertThat(cnn.fingerprint()).isEqualTo(before);
        for (Parameter parameter : cnn.parameters()) {
            assertThat(parameter.gradient()).containsOnly(0.0);
        }
        step(cnn, IMAGES, 64, 32);
        step(healthy, IMAGES, 64, 32);
        assertThat(cnn.fingerprint()).isEqualTo(healthy.fingerprint());
    }

    private static CNN faulty(FaultyLayer layer, int threads) {
        // the faulty layer comes second, so that the backward pass reaches it
        return withLayers(layer, new DenseLayer(48, 30), new DenseSoftmaxLayer(30, CLASSES))
                .threads(threads)
                .build();
    }

    @Test
    void train_layerFails_canTrainAgain() {
        AtomicReference<Throwable> failure = new AtomicReference<>(new IllegalStateException("broken"));
        CNN cnn = faulty(new FaultyLayer(failure, failure), 2);
        double[][] images = {new double[48], new double[48]};
        images[1][0] = FaultyLayer.MARK;
        Dataset bad = Dataset.of(images, new int[2], INPUT, CLASSES);
        assertThatThrownBy(() -> cnn.train(bad, null, options(2).sampleSize(2).build()))
                .isSameAs(failure.get());
        assertThatThrownBy(() -> cnn.predictAll(bad)).isSameAs(failure.get());
        assertThatThrownBy(() -> cnn.predict(images[1])).isSameAs(failure.get());
        cnn.train(IMAGES, null, options(2).build());
        cnn.predict(images[0]);
    }

    // ---- layers that work on one thread only

    @Test
    void train_layerWithoutReplica_trainsAndPredictsOnAnyThreads() throws Exception {
        CNN one = withLayers(new PassingLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .threads(1)
                .build();
        CNN many = withLayers(new PassingLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .threads(5)
                .build();
        for (CNN cnn : List.of(one, many)) {
            cnn.train(IMAGES, IMAGES, options(5).build());
            step(cnn, IMAGES, 0, 100);
        }
        assertThat(many.fingerprint()).isEqualTo(one.fingerprint());
        assertSameBits(many.predictAll(IMAGES), one.predictAll(IMAGES));
        double[] serial = many.predict(IMAGES.image(0));
        inParallel(8, thread -> {
            for (int i = 0; i < 200; i++) {
                assertSameBits(many.predict(IMAGES.image(0)), serial);
            }
        });
    }
}
