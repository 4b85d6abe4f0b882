package dev.purecnn;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Training and predicting at the same time: a call that would see half an update fails. */
class FailFastTest {
    private static final Dataset IMAGES = images(64, 1);
    private static final String IN_TRAINING =
            "CNN: expected a network at rest, got a call while it was being trained. Wait"
                    + " for the training to end, or call from a listener.";
    private static final String TWO_TRAININGS =
            "CNN: expected one training at a time, got a second one while the first is"
                    + " under way. Wait for it to end, or train another network.";

    private final ExecutorService other = Executors.newCachedThreadPool();
    private final AtomicReference<Gate> gate = new AtomicReference<>();

    @AfterEach
    void shutDown() {
        other.shutdownNow();
    }

    /** Where the next forward pass waits. */
    private static final class Gate {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);

        void pass() {
            reached.countDown();
            await(open);
        }

        static void await(CountDownLatch latch) {
            try {
                assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private class WaitingLayer extends PassingLayer {
        @Override
        void onForward(double[] images) {
            Gate shut = gate.getAndSet(null);
            if (shut != null) {
                shut.pass();
            }
        }

        @Override
        public Layer replica() {
            return new WaitingLayer();
        }
    }

    private CNN network() {
        return withLayers(new WaitingLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .build();
    }

    /** Starts a call that stops within a forward pass. */
    private <T> Future<T> startAndStop(Gate at, Callable<T> call) {
        gate.set(at);
        Future<T> running = other.submit(call);
        Gate.await(at.reached);
        return running;
    }

    @Test
    void everyCall_whileTraining_fails() throws Exception {
        CNN cnn = network();
        Gate stop = new Gate();
        Future<Double> training = startAndStop(stop, () -> step(cnn, IMAGES, 0, 8));
        double[] image = IMAGES.image(0);
        List<Callable<?>> calls = List.of(
                () -> cnn.predict(image),
                () -> cnn.classify(image),
                () -> cnn.predictAll(image),
                () -> cnn.predictAll(IMAGES),
                () -> cnn.test(IMAGES),
                cnn::fingerprint);
        for (Callable<?> call : calls) {
            assertThatIllegalStateException().isThrownBy(call::call).withMessage(IN_TRAINING);
        }
        List<Callable<?>> trainings =
                List.of(() -> step(cnn, IMAGES, 0, 8), () -> cnn.trainTestCycle(1, 1, IMAGES, IMAGES), () -> {
                    cnn.train(IMAGES, null, TrainingOptions.builder().build());
                    return null;
                });
        for (Callable<?> call : trainings) {
            assertThatIllegalStateException().isThrownBy(call::call).withMessage(TWO_TRAININGS);
        }
        stop.open.countDown();
        training.get();
        cnn.predict(image); // and now it is at rest
        CNN undisturbed = network();
        step(undisturbed, IMAGES, 0, 8);
        assertThat(cnn.fingerprint()).isEqualTo(undisturbed.fingerprint());
    }

    @Test
    void predict_overtakenByTraining_fails() throws Exception {
        CNN cnn = network();
        Gate stop = new Gate();
        Future<double[]> predicting = startAndStop(stop, () -> cnn.predict(IMAGES.image(0)));
        step(cnn, IMAGES, 0, 8);
        stop.open.countDown();
        assertThatThrownBy(predicting::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(IN_TRAINING);
    }

    @Test
    void train_whileLayerWithoutReplicaPredicts_waitsForIt() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CNN cnn = withLayers(
                        new PassingLayer() {
                            @Override
                            void onForward(double[] images) {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                Gate shut = gate.getAndSet(null);
                                if (shut != null) {
                                    shut.pass();
                                }
                                inside.decrementAndGet();
                            }
                        },
                        new DenseSoftmaxLayer(48, CLASSES))
                .build();
        Gate stop = new Gate();
        Future<double[]> predicting = startAndStop(stop, () -> cnn.predict(IMAGES.image(0)));
        AtomicReference<Thread> trainer = new AtomicReference<>();
        Future<Double> training = other.submit(() -> {
            trainer.set(Thread.currentThread());
            return step(cnn, IMAGES, 0, 8);
        });
        while (!training.isDone() && !isWaiting(trainer.get())) {
            Thread.onSpinWait();
        }
        stop.open.countDown();
        training.get();
        try {
            predicting.get();
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(IllegalStateException.class).hasMessage(IN_TRAINING);
        }
        assertThat(most).hasValue(1);
    }

    private static boolean isWaiting(Thread thread) {
        return thread != null
                && EnumSet.of(Thread.State.BLOCKED, Thread.State.WAITING, Thread.State.TIMED_WAITING)
                        .contains(thread.getState());
    }

    // ---- listeners

    @Test
    void listener_betweenBatches_mayUseTheNetwork() {
        AtomicReference<CNN> network = new AtomicReference<>();
        List<String> seen = new ArrayList<>();
        CNN cnn = withLayers(new DenseSoftmaxLayer(48, CLASSES))
                .listener(new TrainingListener() {
                    @Override
                    public void epochEnded(EpochResult result) {
                        network.get().predict(IMAGES.image(0));
                        network.get().predictAll(IMAGES);
                        network.get().test(IMAGES);
                        seen.add(network.get().fingerprint());
                    }

                    @Override
                    public void tested(Evaluation evaluation) {
                        network.get().classify(IMAGES.image(0));
                    }
                })
                .build();
        network.set(cnn);
        cnn.train(IMAGES, IMAGES, TrainingOptions.builder().epochs(2).build());
        cnn.trainTestCycle(1, 1, IMAGES, IMAGES, 10);
        assertThat(seen).hasSize(3).doesNotHaveDuplicates();
        assertThat(cnn.fingerprint()).isEqualTo(seen.get(2));
    }

    @Test
    void listener_throws_reachesCallerAndNetworkIsAtRest() {
        IllegalArgumentException thrown = new IllegalArgumentException("no more");
        CNN cnn = withLayers(new DenseSoftmaxLayer(48, CLASSES))
                .listener(onEpoch(result -> {
                    throw thrown;
                }))
                .build();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() ->
                            cnn.train(IMAGES, null, TrainingOptions.builder().build()))
                    .isSameAs(thrown);
            cnn.predict(IMAGES.image(0));
        }
    }

    /** Who trains owns the network until it returns, also while a listener or the validation may read it. */
    @Test
    void pause_anyOtherTraining_failsAtOnceAndChangesNothing() {
        AtomicReference<CNN> network = new AtomicReference<>();
        List<Runnable> others = List.of(
                () -> step(network.get(), IMAGES, 0, 8),
                () -> network.get()
                        .train(IMAGES, null, TrainingOptions.builder().build()),
                () -> network.get()
                        .resume(IMAGES, null, TrainingOptions.builder().build()),
                () -> network.get().trainTestCycle(1, 1, IMAGES, IMAGES));
        AtomicInteger refused = new AtomicInteger();
        Runnable tryAll = () -> {
            network.get().classify(IMAGES.image(0));
            for (Runnable other : others) {
                assertThatIllegalStateException().isThrownBy(other::run).withMessage(TWO_TRAININGS);
                assertThatThrownBy(() -> CompletableFuture.runAsync(other).join())
                        .hasRootCauseInstanceOf(IllegalStateException.class)
                        .hasRootCauseMessage(TWO_TRAININGS);
                refused.incrementAndGet();
            }
        };
        CNN cnn = withLayers(new DenseSoftmaxLayer(48, CLASSES))
                .optimizer(Optimizer.adam())
                .listener(onEpoch(result -> tryAll.run()))
                .build();
        network.set(cnn);
        Dataset validation = new ForwardingDataset(IMAGES) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                if (index == 0) {
                    tryAll.run();
                }
                super.copyImage(index, target, offset);
            }
        };
        TrainingOptions options =
                TrainingOptions.builder().epochs(2).optimizer(Optimizer.sgd()).build();
        cnn.train(IMAGES, validation, options);
        assertThat(refused).hasValue(2 * 2 * others.size());
        CNN alone = withLayers(new DenseSoftmaxLayer(48, CLASSES)).build();
        alone.train(IMAGES, null, options);
        assertThat(cnn.fingerprint()).isEqualTo(alone.fingerprint());
    }

    /** Neither a second listener's ear nor the real reason is lost by an Error of the first. */
    @Test
    void trainingCutShort_listenerThrowsError_isSuppressedBeneathTheReason() {
        IllegalStateException reason = new IllegalStateException("the reason");
        AssertionError late = new AssertionError("later");
        List<Throwable> told = new ArrayList<>();
        TrainingListener failing = new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {
                throw reason;
            }

            @Override
            public void trainingCutShort(Throwable thrown) {
                throw late;
            }
        };
        TrainingListener second = new TrainingListener() {
            @Override
            public void trainingCutShort(Throwable thrown) {
                told.add(thrown);
            }
        };
        CNN cnn =
                withLayers(new DenseSoftmaxLayer(48, CLASSES)).listener(failing).build();
        assertThatThrownBy(() -> cnn.train(
                        IMAGES, null, TrainingOptions.builder().listener(second).build()))
                .isSameAs(reason)
                .hasSuppressedException(late);
        assertThat(told).containsExactly(reason);
    }

    /** What the executor throws comes out, and a resumed training has the bits of one that was never cut short. */
    @Test
    void executor_throwsErrorOnAnyCall_resumesToTheSameBits() {
        for (int failing = 1; failing <= 12; failing++) {
            int bad = failing;
            AtomicInteger calls = new AtomicInteger();
            Executor executor = worker -> {
                if (calls.incrementAndGet() == bad) {
                    throw new AssertionError("call " + bad);
                }
                throw new RejectedExecutionException("no thread is free: the next call asks again");
            };
            TrainingOptions.Builder options =
                    TrainingOptions.builder().epochs(2).batchSize(20).optimizer(Optimizer.adam());
            CNN cnn = withLayers(new DenseSoftmaxLayer(48, CLASSES)).build();
            TrainingOptions cutShort = options.executor(executor).threads(3).build();
            try {
                cnn.train(IMAGES, null, cutShort);
            } catch (AssertionError e) {
                assertThat(e).hasMessage("call " + bad);
                cnn.resume(IMAGES, null, options.build());
            }
            CNN whole = withLayers(new DenseSoftmaxLayer(48, CLASSES)).build();
            whole.train(
                    IMAGES,
                    null,
                    TrainingOptions.builder()
                            .epochs(2)
                            .batchSize(20)
                            .optimizer(Optimizer.adam())
                            .threads(1)
                            .build());
            assertThat(cnn.fingerprint()).as("failing call %d", bad).isEqualTo(whole.fingerprint());
        }
    }
}
