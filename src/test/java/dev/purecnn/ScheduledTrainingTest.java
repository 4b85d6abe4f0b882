package dev.purecnn;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.data.Dataset;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When schedules are asked for the rate, and what happens with their rates. */
class ScheduledTrainingTest {
    private static final Dataset IMAGES = images(50, 1);

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().batchSize(20).threads(1); // three steps per epoch, the last one smaller
    }

    @Test
    void train_schedule_isAskedAtEachStepOverTheNetworksLife() {
        List<Double> asked = new ArrayList<>();
        Schedule noting = epochs -> {
            asked.add(epochs);
            return 0.01;
        };
        CNN cnn = small(1).build();
        cnn.train(IMAGES, null, options().epochs(2).schedule(noting).build());
        cnn.train(IMAGES, null, options().schedule(noting).build());
        double third = 1.0 / 3;
        double twoThirds = 2.0 / 3;
        assertThat(asked) // and before each training, whether it learns at all, once per epoch
                .containsExactly(
                        0.0,
                        1.0,
                        0.0,
                        third,
                        twoThirds,
                        1.0,
                        1 + third,
                        1 + twoThirds,
                        2.0,
                        2.0,
                        2 + third,
                        2 + twoThirds);
    }

    @Test
    void train_rateOfOneStepZero_leavesThatStepOut() {
        CNN stopped = small(1).build();
        CNN single = small(1).build();
        stopped.train(
                IMAGES,
                null,
                options()
                        .shuffle(false)
                        .schedule(epochs -> epochs < 0.3 ? 0.01 : 0)
                        .build());
        step(single, IMAGES, 0, 20); // at the network's own 0.01
        // the layer with momentum moves by its velocity, which a rate of 0 stops too
        assertThat(stopped.fingerprint()).isEqualTo(single.fingerprint());
    }

    @Test
    void epochEnded_risingRate_tellsTheFirst() {
        List<Double> rates = new ArrayList<>();
        CNN cnn = small(1).listener(onEpoch(result -> rates.add(result.learningRate())))
                .build();
        cnn.train(
                IMAGES,
                null,
                options().epochs(2).schedule(epochs -> 0.01 + epochs / 128).build());
        assertThat(rates).containsExactly(0.01, 0.01 + 1.0 / 128);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void train_impossibleRate_stopsBeforeTheStep(double rate) {
        CNN cnn = small(1).build();
        String before = cnn.fingerprint();
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.train(
                        IMAGES, null, options().schedule(epochs -> rate).build()))
                .withMessage("Schedule: expected a finite rate of at least 0, got " + rate
                        + " at epoch 0.0. Fix the schedule; the network is as the step before left it.");
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }

    @Test
    void options_rateAndSchedule_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options()
                        .learningRate(0.1)
                        .schedule(Schedule.cosine(0.1, 2))
                        .build())
                .withMessage("TrainingOptions: expected a learningRate or a schedule, got both."
                        + " Give the schedule its rate, and name it alone.");
    }
}
