package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.ConfusionMatrix;
import dev.purecnn.evaluation.Evaluation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a test reports about classes and single images is what the network predicts for them. */
class TestResultTest {
    private static final Dataset IMAGES = images(100, 1);

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void test_anyThreads_knowsWhatClassifySays(int threads) {
        CNN cnn = small(3).threads(threads).build();
        step(cnn, IMAGES, 0, 32); // not enough to get all of them right
        long[][] counts = new long[CLASSES][CLASSES];
        for (int i = 0; i < IMAGES.size(); i++) {
            counts[IMAGES.label(i)][cnn.classify(IMAGES.image(i))]++;
        }
        Evaluation evaluation = cnn.test(IMAGES);
        ConfusionMatrix matrix = evaluation.confusionMatrix();
        for (int label = 0; label < CLASSES; label++) {
            for (int predicted = 0; predicted < CLASSES; predicted++) {
                assertThat(matrix.count(label, predicted)).isEqualTo(counts[label][predicted]);
            }
        }
        assertThat(evaluation.topAccuracy(1)).isEqualTo(evaluation.accuracy()).isLessThan(1);
        assertThat(evaluation.topAccuracy(CLASSES)).isEqualTo(1);
        assertThat(evaluation.worstMistakes(100)).hasSize((int) Math.round(100 * (1 - evaluation.accuracy())));
        assertThat(evaluation.worstMistakes(100)).allSatisfy(mistake -> {
            double[] probabilities = cnn.predict(IMAGES.image(mistake.index()));
            assertThat(mistake.label()).isEqualTo(IMAGES.label(mistake.index()));
            assertThat(mistake.predicted()).isNotEqualTo(mistake.label());
            assertThat(mistake.probability()).isEqualTo(probabilities[mistake.predicted()]);
        });
    }
}
