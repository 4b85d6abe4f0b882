package dev.purecnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {

    @Test
    void of_results_takesMeansOfTheFirst() {
        Evaluation evaluation =
                Evaluation.of(new double[] {1.0, 2.5, 4.0, 99.0}, new boolean[] {true, false, true, true, true}, 3);
        assertThat(evaluation).isEqualTo(new Evaluation(2.5, 2.0 / 3, 3));
    }

    @Test
    void of_tooFewResults_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.of(new double[3], new boolean[2], 3))
                .withMessage(
                        "Evaluation: expected numSamples from 1 to 2, got 3. Evaluate at least 1 image, and no more than"
                                + " there are results.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.of(new double[3], new boolean[2], 0))
                .withMessageContaining("got 0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void constructor_impossibleAccuracy_isRefused(double accuracy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Evaluation(1, accuracy, 1))
                .withMessage(
                        "Evaluation: expected an accuracy in [0, 1], got " + accuracy + ". Pass a share, not percent.");
    }

    @Test
    void constructor_noImages_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Evaluation(1, 1, 0))
                .withMessageContaining("expected numSamples from 1")
                .withMessageContaining("got 0");
    }

    @Test
    void mostProbable_anywhereInArray_isCountedFromStart() {
        double[] probabilities = {0.9, 0.1, 0.2, 0.5, 0.3};
        assertThat(Evaluation.mostProbable(probabilities, 0, 5)).isZero();
        assertThat(Evaluation.mostProbable(probabilities, 2, 3)).isEqualTo(1);
    }

    @Test
    void mostProbable_equalOnes_isFirst() {
        assertThat(Evaluation.mostProbable(new double[] {0.1, 0.4, 0.4, 0.1}, 0, 4))
                .isEqualTo(1);
    }

    /** Their sum is larger than any double, their mean is not. */
    @Test
    void meanLoss_sumOverflows_isRight() {
        double huge = Double.MAX_VALUE;
        assertThat(Evaluation.meanLoss(new double[] {huge, huge / 2, huge, huge / 2}, 4))
                .isEqualTo(0.75 * huge);
        assertThat(Evaluation.meanLoss(new double[] {1, Double.POSITIVE_INFINITY}, 2))
                .isInfinite();
        assertThat(Evaluation.meanLoss(new double[] {1, Double.NaN}, 2)).isNaN();
        assertThat(Evaluation.of(new double[] {huge, huge}, new boolean[2], 2).loss())
                .isEqualTo(huge);
        Tally tally = Evaluation.tally(2, 1);
        tally.note(0, 0, new double[] {1}, 0, huge);
        tally.note(1, 0, new double[] {1}, 0, huge);
        assertThat(tally.evaluation().loss()).isEqualTo(huge);
    }
}
