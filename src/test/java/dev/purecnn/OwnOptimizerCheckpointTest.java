package dev.purecnn;

import static dev.purecnn.CheckpointedTraining.loadQuietly;
import static dev.purecnn.CheckpointedTraining.network;
import static dev.purecnn.CheckpointedTraining.options;
import static dev.purecnn.CheckpointedTraining.resume;
import static dev.purecnn.CheckpointedTraining.train;
import static dev.purecnn.Listeners.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints of what an optimizer of the user's own remembers. */
class OwnOptimizerCheckpointTest {
    @TempDir
    private Path folder;

    /** Trains until after that step, with a checkpoint after each. */
    private void cutShort(Optimizer optimizer, int step) {
        TrainingOptions options = options(optimizer)
                .checkpoints(folder)
                .checkpointEvery(1)
                .listener(stopAfter(step + 1))
                .build();
        assertThatThrownBy(() -> train(network(), options)).hasMessage("stopped by the test");
    }

    /** Averages gradients over all its steps; its description has its number, its updates their memory. */
    private record Averaging(double speed, String name) implements Optimizer {
        @Override
        public Update forParameter(Parameter parameter) {
            double[] sums = new double[parameter.values().length];
            double[] odd = {0, 0, 0};
            return new Update() {
                @Override
                public void step(long step, double scale, double learningRate, int from, int to) {
                    for (int i = from; i < to; i++) {
                        sums[i] += parameter.gradient()[i] * scale;
                        parameter.values()[i] -= learningRate * speed * (sums[i] / step + odd[2]);
                        parameter.gradient()[i] = 0;
                    }
                    odd[2] = from == 0 ? step * 1e-5 : odd[2];
                }

                @Override
                public Map<String, double[]> state() {
                    return Map.of(name, sums, "odd", odd);
                }
            };
        }
    }

    @Test
    void resume_optimizerOfOnesOwn_givesSameBits() throws IOException {
        Optimizer optimizer = new Averaging(0.5, "sums");
        CNN whole = network();
        train(whole, options(optimizer).build());
        cutShort(optimizer, 7);
        CNN loaded = loadQuietly(folder);
        resume(loaded, options(new Averaging(0.5, "sums")).build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void checkpoint_memoryUnderNameWithDot_isRefused() {
        TrainingOptions options = options(new Averaging(0.5, "sums.all"))
                .checkpoints(folder)
                .checkpointEvery(1)
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() -> train(network(), options))
                .withMessageStartingWith(
                        "Optimizer: expected a state with names without dots, of at least 1 number, got ");
    }

    /** As before, but what it remembers has another length. */
    private record Changed(double speed, String name) implements Optimizer {
        @Override
        public Update forParameter(Parameter parameter) {
            Optimizer.Update update = new Averaging(speed, name).forParameter(parameter);
            return new Update() {
                @Override
                public void step(long step, double scale, double learningRate, int from, int to) {
                    update.step(step, scale, learningRate, from, to);
                }

                @Override
                public Map<String, double[]> state() {
                    return Map.of(name, update.state().get(name), "odd", new double[2]);
                }
            };
        }

        @Override
        public String toString() {
            return new Averaging(speed, name).toString();
        }
    }

    @Test
    void resume_optimizerWithOtherMemory_isRefused() throws IOException {
        cutShort(new Averaging(0.5, "sums"), 3);
        CNN loaded = loadQuietly(folder);
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> resume(loaded, options(new Changed(0.5, "sums")).build()))
                .withMessage(
                        "Optimizer: expected a state of {odd=2, sums=27} numbers for parameter 0 of the network, got"
                                + " {odd=3, sums=27} from the checkpoint. Use the optimizer as it was when the checkpoint was"
                                + " written.");
    }
}
