package dev.purecnn;

import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.data.Dataset;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.TrainingOptions;
import org.junit.jupiter.api.Test;

/** Class weights and smoothed labels change how training counts its loss, and nothing else. */
class WeightedTrainingTest {
    private static final Dataset IMAGES = images(50, 1);

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().batchSize(25).threads(1).shuffle(false);
    }

    @Test
    void classWeights_allTwo_areAStepOfTwiceTheLength() {
        CNN weighted = small(3).build();
        CNN faster = small(3).build();
        TrainingOptions twos =
                options().learningRate(0.01).classWeights(2, 2, 2, 2).build();
        EpochResult result = weighted.train(IMAGES, IMAGES, twos).epochs().get(0);
        EpochResult plain = faster.train(
                        IMAGES, IMAGES, options().learningRate(0.02).build())
                .epochs()
                .get(0);
        assertThat(weighted.fingerprint()).isEqualTo(faster.fingerprint());
        assertThat(result.loss()).isEqualTo(2 * plain.loss());
        assertThat(result.validation()).isEqualTo(plain.validation()); // which is computed as always
    }

    @Test
    void labelSmoothing_validation_isNotSmoothed() {
        CNN cnn = small(3).build();
        EpochResult result = cnn.train(
                        IMAGES, IMAGES, options().labelSmoothing(0.25).build())
                .epochs()
                .get(0);
        assertThat(result.validation()).isEqualTo(cnn.test(IMAGES));
        CNN plain = small(3).build();
        plain.train(IMAGES, IMAGES, options().build());
        assertThat(cnn.fingerprint()).isNotEqualTo(plain.fingerprint());
    }

    @Test
    void trainOnBatch_afterWeightedTraining_countsAsEver() {
        CNN weighted = small(3).build();
        CNN faster = small(3).build();
        weighted.train(
                IMAGES,
                null,
                options().learningRate(0.01).classWeights(2, 2, 2, 2).build());
        faster.train(IMAGES, null, options().learningRate(0.02).build());
        // both start from the same parameters; a layer's momentum remembers gradients that were twice as long
        assertThat(step(weighted, IMAGES, 0, 10)).isEqualTo(step(faster, IMAGES, 0, 10));
    }

    @Test
    void classWeights_otherNumberOfClasses_areRefused() {
        CNN cnn = small(3).build();
        String before = cnn.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        cnn.train(IMAGES, null, options().classWeights(1, 2, 3).build()))
                .withMessageContaining("expected 4 class weights, one per class, got 3");
        assertThat(cnn.fingerprint()).isEqualTo(before);
        step(cnn, IMAGES, 0, 10);
    }
}
