package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.internal.training.TrainingState.Best;
import dev.purecnn.internal.training.TrainingState.Plan;
import dev.purecnn.internal.training.TrainingState.Running;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingStateTest {
    private static final Plan PLAN = new Plan(32, 100, 70, true);

    @Test
    void fresh_ofOptions_hasDoneNothing() {
        TrainingState state = TrainingState.fresh(
                TrainingOptions.builder().batchSize(7).shuffle(false).build(), 50);
        assertThat(state.plan()).isEqualTo(new Plan(7, 50, 50, false));
        assertThat(state.results()).isEmpty();
        assertThat(state.running()).isEqualTo(new Running(0, 0, 0, 0));
        assertThat(state.best().values()).isEmpty();
        assertThat(state.best().loss()).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void lists_changedLater_stayAsTheyWere() {
        List<double[]> values = new ArrayList<>(List.of(new double[1]));
        Best best = new Best(1, 0, values);
        values.clear();
        assertThat(best.values()).hasSize(1).isUnmodifiable();
    }

    @ParameterizedTest
    @CsvSource({"0, 100, 70", "32, 100, 0", "32, 100, 101", "-1, 100, 70"})
    void plan_impossible_isRefused(int batchSize, int numImages, int sampleSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Plan(batchSize, numImages, sampleSize, true))
                .withMessageContaining("got a batchSize of " + batchSize + ", and a sampleSize of " + sampleSize
                        + " of " + numImages + " images");
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 0, 0", "0, NaN, 0, 0", "0, 0, -1, 0", "0, 0, 0, NaN", "0, 0, 0, Infinity"})
    void running_impossible_isRefused(int batchesDone, double lossSum, int hits, double seconds) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Running(batchesDone, lossSum, hits, seconds))
                .withMessageStartingWith("TrainingState: expected");
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "3, 71"})
    void state_moreThanAnEpoch_isRefused(int batchesDone, int hits) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingState(
                        PLAN, TrainingSettings.ANY, List.of(), new Running(batchesDone, 1, hits, 1), Best.NONE))
                .withMessageContaining("at most 3 batches");
    }

    @ParameterizedTest
    @CsvSource({"NaN, 0", "1, -1"})
    void best_impossible_isRefused(double loss, int epochsSince) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Best(loss, epochsSince, List.of()))
                .withMessageStartingWith("TrainingState: expected");
    }

    @Test
    void batches_hugeSample_doNotOverflow() {
        assertThat(new Plan(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, true).batches())
                .isEqualTo(1);
        assertThat(new Plan(1, Integer.MAX_VALUE, Integer.MAX_VALUE, true).batches())
                .isEqualTo(Integer.MAX_VALUE);
    }
}
