package dev.purecnn;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told of a training, and of what. */
class ListenersTest {
    private static final Dataset TRAIN = images(200, 1);

    @Test
    void train_twoListeners_bothAreToldAfterTheOwn() {
        List<String> told = new ArrayList<>();
        CNN cnn = small(7).listener(named("own", told)).build();
        cnn.train(
                TRAIN,
                null,
                TrainingOptions.builder()
                        .listener(named("first", told))
                        .listener(named("second", told))
                        .build());
        assertThat(told).containsExactly("own", "first", "second");
    }

    private static TrainingListener named(String name, List<String> told) {
        return onEpoch(result -> told.add(name));
    }

    @Test
    void stepEnded_eachStep_tellsHowFarTheEpochIs() {
        List<String> told = new ArrayList<>();
        CNN cnn = small(7).listener(onStep(progress -> told.add(progress.epoch() + "/" + progress.epochs() + " "
                        + progress.imagesDone() + "/" + progress.images())))
                .build();
        cnn.train(TRAIN, null, TrainingOptions.builder().epochs(2).batchSize(80).build());
        assertThat(told)
                .containsExactly(
                        "0/2 80/200", "0/2 160/200", "0/2 200/200", "1/2 80/200", "1/2 160/200", "1/2 200/200");
    }
}
