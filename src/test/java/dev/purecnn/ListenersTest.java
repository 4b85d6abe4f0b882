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

/** Which listeners are notified of a training, and of what. */
class ListenersTest {
    private static final Dataset TRAIN = images(200, 1);

    @Test
    void train_twoListeners_bothAreToldAfterTheOwn() {
        List<String> heard = new ArrayList<>();
        CNN cnn = small(7).listener(named("own", heard)).build();
        cnn.train(
                TRAIN,
                null,
                TrainingOptions.builder()
                        .listener(named("first", heard))
                        .listener(named("second", heard))
                        .build());
        assertThat(heard).containsExactly("own", "first", "second");
    }

    private static TrainingListener named(String name, List<String> heard) {
        return onEpoch(result -> heard.add(name));
    }

    @Test
    void stepEnded_eachStep_tellsHowFarTheEpochIs() {
        List<String> heard = new ArrayList<>();
        CNN cnn = small(7).listener(onStep(progress -> heard.add(progress.epoch() + "/" + progress.epochs() + " "
                        + progress.imagesDone() + "/" + progress.images())))
                .build();
        cnn.train(TRAIN, null, TrainingOptions.builder().epochs(2).batchSize(80).build());
        assertThat(heard)
                .containsExactly(
                        "0/2 80/200", "0/2 160/200", "0/2 200/200", "1/2 80/200", "1/2 160/200", "1/2 200/200");
    }
}
