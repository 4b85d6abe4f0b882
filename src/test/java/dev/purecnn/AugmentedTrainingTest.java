package dev.purecnn;

import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training asks the dataset for each epoch's images; threads make no difference. */
class AugmentedTrainingTest {
    private static final Dataset IMAGES = images(60, 1);
    private static final Dataset AUGMENTED = IMAGES.augmented(
            Augmentation.builder()
                    .shift(1)
                    .rotate(10)
                    .zoom(0.9, 1.1)
                    .flipHorizontally()
                    .noise(0.1)
                    .cutout(2)
                    .build(),
            7);

    private static String trained(Dataset images, int threads) {
        CNN cnn = small(1).build();
        cnn.train(
                images,
                null,
                TrainingOptions.builder()
                        .epochs(3)
                        .batchSize(20)
                        .threads(threads)
                        .build());
        return cnn.fingerprint();
    }

    @Test
    void train_onAnyThreads_givesSameBits() {
        String one = trained(AUGMENTED, 1);

        assertThat(one).isNotEqualTo(trained(IMAGES, 1));
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(trained(AUGMENTED, threads)).as("%d threads", threads).isEqualTo(one);
        }
    }

    @Test
    void options_augmentation_isTheDatasetsOwnByTheNetworksSeed() {
        Augmentation shifts = Augmentation.builder().shift(2).build();
        CNN byOptions = small(5).build();
        CNN byDataset = small(5).build();
        TrainingOptions.Builder options =
                TrainingOptions.builder().epochs(2).batchSize(20).threads(1);
        byDataset.train(IMAGES.augmented(shifts, 5), IMAGES, options.build());
        byOptions.train(IMAGES, IMAGES, options.augmentation(shifts).build());
        assertThat(byOptions.fingerprint()).isEqualTo(byDataset.fingerprint());
    }

    @Test
    void train_twice_asksForEachEpochInTurn() {
        List<Integer> asked = new ArrayList<>();
        Dataset recording = new ForwardingDataset(IMAGES) {
            @Override
            public Dataset epoch(int epoch) {
                asked.add(epoch);
                return this;
            }
        };
        CNN cnn = small(1).build();

        cnn.train(recording, null, TrainingOptions.builder().epochs(2).build());
        cnn.train(recording, null, TrainingOptions.builder().epochs(1).build());

        assertThat(asked).containsExactly(0, 1, 2);
    }
}
