package dev.purecnn;

import static dev.purecnn.Listeners.interruptAfter;
import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Dataset;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends a training within a batch, and leaves a network that can be used and trained on. */
class InterruptTest {
    private static final Dataset TRAIN = images(60, 1);
    private static final Dataset VALIDATION = images(40, 2);

    private final AtomicInteger steps = new AtomicInteger();

    @AfterEach
    void clearFlag() {
        assertThat(Thread.interrupted()).isFalse(); // or other tests would suffer
    }

    private static TrainingOptions.Builder options(int threads) {
        return TrainingOptions.builder().epochs(2).batchSize(10).threads(threads);
    }

    private static String message(int epoch, int step) {
        return "CNN: expected to train on, got an interrupt in epoch " + epoch + " before step " + step
                + ", counted from 0 over the network's life. The network is as the step before left it; call resume to"
                + " go on.";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void train_interrupted_endsBeforeTheNextBatch(int threads) {
        CNN whole = small(3).build();
        whole.train(TRAIN, null, options(threads).build());
        CNN cut = small(3).build();
        TrainingOptions options = options(threads)
                .listener(onStep(progress -> steps.incrementAndGet()))
                .listener(interruptAfter(8))
                .build();
        assertThatThrownBy(() -> cut.train(TRAIN, null, options))
                .isExactlyInstanceOf(CancellationException.class)
                .hasMessage(message(1, 8));
        assertThat(Thread.interrupted()).isTrue(); // the flag was kept
        assertThat(steps).hasValue(8);
        cut.predict(TRAIN.image(0));
        cut.resume(TRAIN, null, options);
        assertThat(cut.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void train_interruptedBefore_doesNothing() {
        CNN cnn = small(3).build();
        String before = cnn.fingerprint();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> cnn.train(TRAIN, null, options(1).build()))
                .isExactlyInstanceOf(CancellationException.class)
                .hasMessage(message(0, 0));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void train_interruptedInValidation_endsThereAndGoesOnThere(int threads) {
        CNN whole = small(3).build();
        whole.train(TRAIN, VALIDATION, options(1).build());
        Thread training = Thread.currentThread();
        AtomicInteger read = new AtomicInteger();
        Dataset interrupting = new ForwardingDataset(VALIDATION) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                super.copyImage(index, target, offset);
                if (read.incrementAndGet() == 5) {
                    training.interrupt();
                }
            }
        };
        CNN cut = small(3).build();
        assertThatThrownBy(() -> cut.train(TRAIN, interrupting, options(threads).build()))
                .isExactlyInstanceOf(CancellationException.class)
                .hasMessage(message(0, 6));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(read).hasValueLessThan(VALIDATION.size());
        cut.predict(TRAIN.image(0));
        assertThat(cut.resume(TRAIN, VALIDATION, options(1).build()).epochs()).hasSize(2);
        assertThat(cut.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void trainingCutShort_anyListener_isToldWhatIsThrown() {
        List<Throwable> heard = new ArrayList<>();
        IllegalArgumentException own = new IllegalArgumentException("own");
        TrainingListener listener = new TrainingListener() {
            @Override
            public void trainingCutShort(Throwable reason) {
                heard.add(reason);
                throw own;
            }
        };
        CNN cnn = small(3).build();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() ->
                        cnn.train(TRAIN, null, options(1).listener(listener).build()))
                .isInstanceOf(CancellationException.class)
                .hasSuppressedException(own)
                .satisfies(thrown -> assertThat(heard).containsExactly(thrown));
        assertThat(Thread.interrupted()).isTrue();
        cnn.predict(TRAIN.image(0));
    }

    @Test
    void trainTestCycle_interrupted_endsToo() {
        CNN cnn = small(3).listener(interruptAfter(7)).build();
        assertThatThrownBy(() -> cnn.trainTestCycle(1, 1, TRAIN, VALIDATION))
                .isExactlyInstanceOf(CancellationException.class)
                .hasMessage(message(0, 7));
        assertThat(Thread.interrupted()).isTrue();
    }
}
