package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingOptionsTest {

    @Test
    void defaults_areTheDocumentedOnes() {
        TrainingOptions options = TrainingOptions.builder().build();
        assertThat(options.epochs()).isEqualTo(1);
        assertThat(options.batchSize()).isEqualTo(32);
        assertThat(options.sampleSize(123)).isEqualTo(123);
        assertThat(options.shuffle()).isTrue();
        assertThat(options.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(options.executor()).isEmpty();
        Schedule usual = epoch -> 0.5;
        assertThat(options.schedule()).isEmpty();
    }

    @Test
    void options_given_areKept() {
        Executor executor = task -> {};
        TrainingOptions options = TrainingOptions.builder()
                .epochs(2)
                .batchSize(3)
                .sampleSize(4)
                .shuffle(false)
                .threads(5)
                .executor(executor)
                .learningRate(0.5)
                .build();
        assertThat(options.epochs()).isEqualTo(2);
        assertThat(options.batchSize()).isEqualTo(3);
        assertThat(options.sampleSize(123)).isEqualTo(4);
        assertThat(options.shuffle()).isFalse();
        assertThat(options.threads()).isEqualTo(5);
        assertThat(options.executor()).containsSame(executor);
        assertThat(options.schedule().orElseThrow().rate(7)).isEqualTo(0.5); // constant, unless a decay is named
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void counts_belowOne_areRefused(int count) {
        TrainingOptions.Builder builder = TrainingOptions.builder();
        String end = " of at least 1, got " + count + ". Use a positive number.";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.epochs(count))
                .withMessage("TrainingOptions: expected epochs" + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.batchSize(count))
                .withMessage("TrainingOptions: expected batchSize" + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.sampleSize(count))
                .withMessage("TrainingOptions: expected sampleSize" + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.threads(count))
                .withMessage("TrainingOptions: expected threads" + end);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void rates_impossible_areRefused(double rate) {
        TrainingOptions.Builder builder = TrainingOptions.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.learningRate(rate))
                .withMessage("Schedule: expected a positive, finite learningRate, got " + rate + ". Use 0.01.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.learningRateDecay(rate))
                .withMessage("Schedule: expected a positive, finite learningRateDecay, got " + rate
                        + ". Use 0.9, or 1 for none.");
    }

    @Test
    void decay_withoutRate_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TrainingOptions.builder().learningRateDecay(0.9).build())
                .withMessage(
                        "TrainingOptions: expected a learningRate to go with the learningRateDecay, got the decay alone."
                                + " Name both, or neither for the network's own.");
    }

    @Test
    void executor_null_isNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> TrainingOptions.builder().executor(null))
                .withMessage("executor");
    }
}
