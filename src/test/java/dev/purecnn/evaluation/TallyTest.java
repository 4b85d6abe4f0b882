package dev.purecnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a tally of ten images reports; the figures were computed by hand, as fractions. */
class TallyTest {
    /** Label, then the probabilities of four classes; the last class neither occurs nor is predicted. */
    private static final double[][] IMAGES = {
        {0, 0.7, 0.2, 0.1, 0.0},
        {0, 0.6, 0.3, 0.1, 0.0},
        {0, 0.3, 0.5, 0.2, 0.0}, // taken for 1, second
        {0, 0.1, 0.2, 0.7, 0.0}, // taken for 2, third
        {1, 0.1, 0.8, 0.1, 0.0},
        {1, 0.2, 0.5, 0.3, 0.0},
        {1, 0.4, 0.4, 0.2, 0.0}, // taken for 0, the first of equal ones; second
        {2, 0.1, 0.1, 0.8, 0.0},
        {2, 0.3, 0.4, 0.3, 0.0}, // taken for 1; 0 goes before 2, so third
        {2, 0.5, 0.1, 0.4, 0.0}, // taken for 0, second
    };

    private static Evaluation evaluation() {
        Tally tally = new Tally(IMAGES.length, 4);
        for (int i = IMAGES.length - 1; i >= 0; i--) {
            int label = (int) IMAGES[i][0];
            tally.note(i, label, IMAGES[i], 1, 1 - IMAGES[i][1 + label]);
        }
        return tally.evaluation();
    }

    @Test
    void figures_ofTheWhole_areMeans() {
        assertThat(evaluation().accuracy()).isEqualTo(0.5);
        assertThat(evaluation().numSamples()).isEqualTo(10);
        // 0.3 + 0.4 + 0.7 + 0.9 + 0.2 + 0.5 + 0.6 + 0.2 + 0.7 + 0.6
        assertThat(evaluation().loss()).isCloseTo(0.51, within(1e-15));
        assertThat(evaluation()).hasToString("0.5100 loss, 50.00% accurate, 10 images");
    }

    @Test
    void topAccuracy_moreClasses_countsLowerRanks() {
        assertThat(evaluation().topAccuracy(1)).isEqualTo(0.5);
        assertThat(evaluation().topAccuracy(2)).isEqualTo(0.8);
        assertThat(evaluation().topAccuracy(3)).isEqualTo(1);
        assertThat(evaluation().topAccuracy(99)).isEqualTo(1);
    }

    @Test
    void confusionMatrix_counts_areByLabelAndPrediction() {
        ConfusionMatrix matrix = evaluation().confusionMatrix();
        long[][] expected = {{2, 1, 1, 0}, {1, 2, 0, 0}, {1, 1, 1, 0}, {0, 0, 0, 0}};
        assertThat(matrix.numClasses()).isEqualTo(4);
        for (int label = 0; label < 4; label++) {
            for (int predicted = 0; predicted < 4; predicted++) {
                assertThat(matrix.count(label, predicted)).isEqualTo(expected[label][predicted]);
            }
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> matrix.count(0, 4));
    }

    @Test
    void confusionMatrix_figures_areByClassAndMean() {
        ConfusionMatrix matrix = evaluation().confusionMatrix();
        double[] precision = {2.0 / 4, 2.0 / 4, 1.0 / 2, 0};
        double[] recall = {2.0 / 4, 2.0 / 3, 1.0 / 3, 0};
        double[] f1 = {4.0 / 8, 4.0 / 7, 2.0 / 5, 0};
        for (int label = 0; label < 4; label++) {
            assertThat(matrix.precision(label)).isCloseTo(precision[label], within(1e-15));
            assertThat(matrix.recall(label)).isCloseTo(recall[label], within(1e-15));
            assertThat(matrix.f1(label)).isCloseTo(f1[label], within(1e-15));
        }
        assertThat(matrix.macroPrecision()).isCloseTo(1.0 / 2, within(1e-15)); // of three classes
        assertThat(matrix.macroRecall()).isCloseTo(1.0 / 2, within(1e-15));
        assertThat(matrix.macroF1()).isCloseTo(103.0 / 210, within(1e-15));
    }

    @Test
    void worstMistakes_byLoss_comeWithTheirImages() {
        assertThat(evaluation().worstMistakes(3))
                .extracting(Mistake::index)
                .containsExactly(3, 2, 8); // 0.9, then 0.7 twice in the order of the images
        assertThat(evaluation().worstMistakes(99)).hasSize(5);
        Mistake worst = evaluation().worstMistakes(1).get(0);
        assertThat(worst).isEqualTo(new Mistake(3, 0, 2, 0.7, 0.9));
    }

    @Test
    void worstMistakes_notANumber_comeFirst() {
        Tally tally = new Tally(2, 2);
        tally.note(0, 0, new double[] {0.1, 0.9}, 0, 2.3);
        tally.note(1, 1, new double[] {Double.NaN, Double.NaN}, 0, Double.NaN);
        Evaluation evaluation = tally.evaluation();
        assertThat(evaluation.worstMistakes(2)).extracting(Mistake::index).containsExactly(1, 0);
        assertThat(evaluation.loss()).isNaN();
        assertThat(evaluation.topAccuracy(1)).isEqualTo(evaluation.accuracy()).isZero();
    }

    @Test
    void table_anyLocale_isOneText() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(evaluation().table().lines())
                    .containsExactly(
                            "0.5100 loss, 50.00% accurate, 10 images",
                            "class    images precision    recall        F1",
                            "    0         4    50.00%    50.00%    50.00%",
                            "    1         3    50.00%    66.67%    57.14%",
                            "    2         3    50.00%    33.33%    40.00%",
                            "    3         0     0.00%     0.00%     0.00%",
                            " mean        10    50.00%    50.00%    49.05%",
                            "",
                            "rows: correct class; columns: predicted class",
                            "         0    1    2    3",
                            "    0    2    1    1    .",
                            "    1    1    2    .    .",
                            "    2    1    1    1    .",
                            "    3    .    .    .    .");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void details_ofATrainingEpoch_areRefused() {
        Evaluation figures = new Evaluation(1, 0.5, 10);
        assertThatIllegalStateException()
                .isThrownBy(figures::confusionMatrix)
                .withMessage(
                        "Evaluation: expected the result of a test, got the figures of a training epoch, which know no"
                                + " single images. Call CNN.test.");
        assertThatIllegalStateException().isThrownBy(() -> figures.topAccuracy(2));
        assertThatIllegalStateException().isThrownBy(() -> figures.worstMistakes(2));
        assertThatIllegalStateException().isThrownBy(figures::table);
    }

    @Test
    void numbers_impossible_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation().topAccuracy(0))
                .withMessage("Evaluation: expected at least 1 class, got 0. Use a positive number.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> evaluation().worstMistakes(0))
                .withMessage("Evaluation: expected at least 1 mistake, got 0. Use a positive number.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tally(0, 3))
                .withMessageContaining("got 0 images and 3 classes");
        Tally tally = new Tally(1, 3);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> tally.note(0, 3, new double[3], 0, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> tally.note(1, 2, new double[3], 0, 1));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> tally.note(0, 2, new double[3], 1, 1));
    }
}
