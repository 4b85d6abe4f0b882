package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.OutputLayer;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.TrainingOptions;
import org.junit.jupiter.api.Test;

/** Training with class weights and label smoothing. */
class CountedLossTrainingTest {
    private static final Dataset IMAGES = images(200, 1);
    private static final double SMOOTHING = 0.2;
    private static final double[] WEIGHTS = {1, 0.5, 4, 0};
    /** A rate so small that no step changes anything. */
    private static final double NO_STEP = 1e-300;

    private static TrainingOptions.Builder plain() {
        return TrainingOptions.builder().batchSize(33).threads(1).learningRate(0.05);
    }

    private static TrainingOptions.Builder counted() {
        return plain().classWeights(WEIGHTS).labelSmoothing(SMOOTHING);
    }

    /** By the definition, from the probabilities. */
    private static double meanLoss(CNN cnn) {
        double sum = 0;
        for (int i = 0; i < IMAGES.size(); i++) {
            double[] probabilities = cnn.predict(IMAGES.image(i));
            for (int c = 0; c < CLASSES; c++) {
                double target = (c == IMAGES.label(i) ? 1 - SMOOTHING : 0) + SMOOTHING / CLASSES;
                sum -= WEIGHTS[IMAGES.label(i)] * target * Math.log(probabilities[c]);
            }
        }
        return sum / IMAGES.size();
    }

    @Test
    void train_options_reportsWhatItTrainsOn() {
        CNN cnn = small(3).build();
        EpochResult result = cnn.train(
                        IMAGES, IMAGES, counted().learningRate(NO_STEP).build())
                .epochs()
                .get(0);
        assertThat(result.loss()).isCloseTo(meanLoss(cnn), within(1e-12));
        assertThat(result.validation()).isEqualTo(cnn.test(IMAGES)); // without weights, as always
        assertThat(result.validation().loss()).isNotCloseTo(result.loss(), within(1e-3));
        assertThat(result.accuracy()).isEqualTo(result.validation().accuracy());
    }

    @Test
    void train_options_giveSameBitsOnAnyThreads() {
        String one = fingerprint(1);
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(fingerprint(threads)).as("%d threads", threads).isEqualTo(one);
        }
        CNN other = small(3).build();
        other.train(IMAGES, null, plain().epochs(2).build());
        assertThat(other.fingerprint()).isNotEqualTo(one);
    }

    private static String fingerprint(int threads) {
        CNN cnn = small(3).build();
        cnn.train(IMAGES, null, counted().threads(threads).epochs(2).build());
        return cnn.fingerprint();
    }

    @Test
    void train_plainAfterOptions_isPlain() {
        CNN cnn = small(3).build();
        cnn.train(IMAGES, null, counted().build());
        double plain = cnn.test(IMAGES).loss();
        TrainingOptions noStep = plain().learningRate(NO_STEP).build();
        assertThat(cnn.train(IMAGES, null, noStep).epochs().get(0).loss()).isCloseTo(plain, within(1e-12));
        cnn.train(IMAGES, null, counted().build());
        plain = cnn.test(IMAGES.take(40)).loss();
        assertThat(step(cnn, IMAGES, 0, 40)).isCloseTo(plain, within(1e-12));
    }

    /** A class of weight 0 is never predicted in the end; a class of high weight is predicted more often. */
    @Test
    void train_weights_moveTheAnswers() {
        CNN even = small(3).build();
        CNN uneven = small(3).build();
        even.train(IMAGES, null, plain().epochs(5).build());
        uneven.train(IMAGES, null, plain().epochs(5).classWeights(1, 1, 5, 0).build());
        assertThat(predictionsOf(uneven, 3)).isZero().isLessThan(predictionsOf(even, 3));
        assertThat(predictionsOf(uneven, 2)).isGreaterThan(predictionsOf(even, 2));
    }

    private static int predictionsOf(CNN cnn, int label) {
        int count = 0;
        for (int i = 0; i < IMAGES.size(); i++) {
            double[] probabilities = cnn.predict(IMAGES.image(i));
            boolean largest = true;
            for (double probability : probabilities) {
                largest &= probabilities[label] >= probability;
            }
            count += largest ? 1 : 0;
        }
        return count;
    }

    // ---- messages

    @Test
    void train_weightsForOtherClasses_isRefusedBeforeAnyStep() {
        CNN cnn = small(3).build();
        String before = cnn.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        cnn.train(IMAGES, null, plain().classWeights(1, 2, 3).build()))
                .withMessage("DenseSoftmaxLayer: expected 4 class weights, one per class, got 3. Name a weight for each"
                        + " class, 1 for those that count as usual.");
        assertThat(cnn.fingerprint()).isEqualTo(before);
        cnn.train(IMAGES, null, plain().build());
    }

    /** A user's output layer, which knows no class weights or label smoothing. */
    private static final class OwnOutput extends PassingLayer implements OutputLayer {
        private int length;

        @Override
        void onForward(double[] images) {
            length = images.length;
        }

        @Override
        public double[] losses(int[] labels) {
            return new double[labels.length];
        }

        @Override
        public double[] backpropLabels(int[] labels) {
            return new double[length];
        }
    }

    @Test
    void train_outputLayerThatCountsPlainly_isRefused() {
        CNN cnn = withLayers(new DenseLayer(48, CLASSES), new OwnOutput()).build();
        cnn.train(IMAGES, null, plain().build());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        cnn.train(IMAGES, null, plain().labelSmoothing(0.1).build()))
                .withMessage("OwnOutput: expected the plain loss, got <CrossEntropy: labelSmoothing=0.1,"
                        + " classWeights=[]>. Override use(CrossEntropy) in this layer, or train without class weights and"
                        + " label smoothing.");
    }
}
