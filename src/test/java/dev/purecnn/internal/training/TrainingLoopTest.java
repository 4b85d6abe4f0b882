package dev.purecnn.internal.training;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.TestNetworks;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** When checkpoints are written, and what becomes of those that cannot be. */
class TrainingLoopTest {
    private static final Dataset IMAGES = TestNetworks.images(50, 1);
    private static final Schedule RATE = Schedule.constant(0.01);

    private final LayerChain chain = new LayerChain(new DenseSoftmaxLayer(INPUT.size(), CLASSES));
    private final Trainer trainer = trainer();
    private final List<TrainingState> written = new ArrayList<>();

    private Trainer trainer() {
        chain.connect(INPUT, new Random(1));
        NetworkChecks checks = new NetworkChecks(INPUT, CLASSES, List.of(), null);
        return new Trainer(chain, 0, checks, 1, 1, RATE, Optimizer.sgd(), new TrainingListener() {});
    }

    /** Five steps an epoch. */
    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().epochs(2).batchSize(10).threads(1).checkpoints(Path.of("unused"));
    }

    private History train(TrainingOptions.Builder options, CheckpointSink sink, TrainingListener listener) {
        return trainer.train(IMAGES, IMAGES, options.listener(listener).build(), false, folder -> sink);
    }

    private static TrainingListener interruptAfter(int batches) {
        return onStep(progress -> {
            if (progress.imagesDone() == 10 * batches) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void checkpoints_byDefault_standAtEpochsEndsBeforeTheyAreTold() {
        List<Integer> writtenWhenTold = new ArrayList<>();
        History history = train(options(), written::add, onEpoch(result -> writtenWhenTold.add(written.size())));
        assertThat(writtenWhenTold).containsExactly(1, 2);
        assertThat(written).extracting(state -> state.results().size()).containsExactly(1, 2);
        assertThat(written).extracting(state -> state.running().batchesDone()).containsExactly(0, 0);
        assertThat(written.get(1).results()).isEqualTo(history.epochs());
    }

    @Test
    void checkpointEvery_steps_alsoStandsWithinEpochs() {
        train(options().checkpointEvery(2), written::add, new TrainingListener() {});
        assertThat(written).extracting(state -> state.results().size()).containsExactly(0, 0, 1, 1, 1, 2);
        assertThat(written)
                .extracting(state -> state.running().batchesDone())
                .containsExactly(2, 4, 0, 1, 3, 0); // no second one where the end of an epoch has its own
    }

    @Test
    void checkpoint_earlyStopping_knowsTheBest() {
        train(
                options().epochs(9).earlyStopping(2).schedule(epoch -> Double.MIN_VALUE),
                written::add,
                new TrainingListener() {});
        assertThat(written).extracting(state -> state.best().epochsSince()).containsExactly(0, 1, 2);
        assertThat(written)
                .extracting(state -> state.best().loss())
                .containsOnly(written.get(0).best().loss());
        // the last checkpoint was written before the best values came back, and has both
        assertThat(written.get(2).best().values().get(0))
                .isEqualTo(chain.parameters().get(0).values())
                .isNotSameAs(chain.parameters().get(0).values());
    }

    @Test
    void checkpoint_interrupted_standsWhereTheTrainingDid() {
        assertThatThrownBy(() -> train(options(), written::add, interruptAfter(3)))
                .isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(written).containsExactly(trainer.cutShort());
        assertThat(written.get(0).running().batchesDone()).isEqualTo(3);
    }

    @Test
    void checkpoint_fails_endsTrainingAfterTheStep() {
        IOException full = new IOException("disk full");
        CheckpointSink sink = state -> {
            throw full;
        };
        assertThatThrownBy(() -> train(options().checkpointEvery(3), sink, new TrainingListener() {}))
                .isInstanceOf(UncheckedIOException.class)
                .hasCause(full)
                .hasMessage("CNN: expected to write a checkpoint after step 2, got java.io.IOException: disk full. The"
                        + " network is as that step left it; make the folder usable, and call resume to go on.");
        assertThat(trainer.stepsTrained()).isEqualTo(3);
        assertThat(trainer.cutShort().running().batchesDone()).isEqualTo(3);
    }

    @Test
    void train_bestValuesOfAnotherNetwork_areRefused() {
        TrainingOptions options = options().earlyStopping(1).build();
        TrainingState fresh = TrainingState.fresh(options, IMAGES.size());
        TrainingState other = new TrainingState(
                fresh.plan(),
                fresh.settings(),
                fresh.results(),
                fresh.running(),
                new TrainingState.Best(1, 0, List.of(new double[3], new double[4])));
        trainer.cutShortAt(other);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainer.train(IMAGES, IMAGES, options, true, folder -> null))
                .withMessageStartingWith("TrainingState: expected the best values of 2 parameters");
    }
}
