package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.TrainingOptions;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Misuse: the message says what was expected and what it got, and the network stays as it was. */
class CnnMisuseTest {
    private static final Dataset IMAGES = images(20, 1);
    private static final TrainingOptions OPTIONS = TrainingOptions.builder().build();

    private final CNN cnn = small(7).build();
    private final String before = cnn.fingerprint();

    @AfterEach
    void networkIsAsBefore() {
        assertThat(cnn.fingerprint()).isEqualTo(before);
        TestNetworks.step(cnn, IMAGES, 0, 4); // and still learns
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    // ---- building

    @Test
    void builder_null_isNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> CNN.builder((Shape) null))
                .withMessage("input");
        assertThatNullPointerException()
                .isThrownBy(() -> CNN.builder(INPUT).layers((Layer[]) null))
                .withMessage("layers");
        assertThatNullPointerException()
                .isThrownBy(() -> CNN.builder(INPUT).listener(null))
                .withMessage("listener");
    }

    @Test
    void build_noLayers_isRefused() {
        assertRefused(
                () -> CNN.builder(INPUT).build(),
                "LayerChain: expected at least 1 layer, got none. Name the layers in order.");
    }

    @Test
    void build_nullLayer_isRefused() {
        assertRefused(
                () -> CNN.builder(INPUT).layers(new MaxPoolingLayer(2), null).build(),
                "LayerChain: expected a layer at number 1, got null. Leave it out, or put a layer there.");
    }

    @Test
    void build_sameLayerTwice_isRefused() {
        MaxPoolingLayer pool = new MaxPoolingLayer(2);
        assertRefused(
                () -> CNN.builder(INPUT).layers(pool, pool).build(),
                "LayerChain: expected different layers, got the same one as number 0 and 1. Make a new layer for each place.");
    }

    @Test
    void build_layerOfAnotherNetwork_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CNN.builder(INPUT)
                        .layers(cnn.layers().toArray(new Layer[0]))
                        .build())
                .withMessageContaining("ConvolutionalLayer: expected to be connected once, got a second connect.")
                .withMessageContaining(
                        "Make a new layer for each network, or reuse a trained one by cnn.toBuilder().keep(...).");
    }

    @Test
    void build_layersThatDoNotFit_namesBothAndTheShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CNN.builder(INPUT)
                        .layers(new ConvolutionalLayer(1, 3, 3), new DenseSoftmaxLayer(99, 4))
                        .quiet()
                        .build())
                .withMessage("Layer 1, <DenseSoftmaxLayer: (99, 4)>, does not fit what comes from layer 0,"
                        + " <ConvolutionalLayer: (1, 3, 3), momentum=0.0>, (3 x 8 x 6). DenseSoftmaxLayer: expected 99 input"
                        + " values, got 144 (3 x 8 x 6). Build the layer with 144 inputs.");
    }

    @Test
    void build_firstLayerThatDoesNotFit_namesTheImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CNN.builder(INPUT)
                        .layers(new ConvolutionalLayer(3, 3, 3), new DenseSoftmaxLayer(99, 4))
                        .build())
                .withMessageStartingWith(
                        "Layer 0, <ConvolutionalLayer: (3, 3, 3), momentum=0.0>, does not fit what comes"
                                + " from the images (1 x 8 x 6). ConvolutionalLayer: expected 3 channels, got 1");
    }

    @Test
    void build_noOutputLayerAtEnd_isRefused() {
        assertRefused(
                () -> CNN.builder(INPUT).layers(new DenseLayer(48, 4)).quiet().build(),
                "CNN: expected an output layer at the end, got <DenseLayer: (48, 4)>. End the network with a"
                        + " DenseSoftmaxLayer.");
        Layer nested = new LayerChain(new LayerChain(new ReLULayer(), new DenseLayer(48, 4)));
        assertRefused(
                () -> CNN.builder(INPUT).layers(nested).quiet().build(),
                "CNN: expected an output layer at the end, got <DenseLayer: (48, 4)>. End the network with a"
                        + " DenseSoftmaxLayer.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void learningRate_impossible_isRefused(double rate) {
        assertRefused(
                () -> CNN.builder(INPUT).learningRate(rate),
                "Schedule: expected a positive, finite learningRate, got " + rate + ". Use 0.01.");
        assertRefused(
                () -> CNN.builder(INPUT).learningRateDecay(rate),
                "Schedule: expected a positive, finite learningRateDecay, got " + rate + ". Use 0.9, or 1 for none.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void threads_belowOne_isRefused(int threads) {
        assertRefused(
                () -> CNN.builder(INPUT).threads(threads),
                "CNN: expected at least 1 thread, got " + threads + ". Use a positive number.");
    }

    // ---- images

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 47, 49, 96})
    void predict_wrongSize_isRefused(int length) {
        String message = "CNN: expected 48 values (1 x 8 x 6) for an image, got " + length
                + ". Pass one image, in channel, row, column order.";
        assertRefused(() -> cnn.predict(new double[length]), message);
        assertRefused(() -> cnn.classify(new double[length]), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 47, 49, 95})
    void batch_notWholeImages_isRefused(int length) {
        String message = "CNN: expected a multiple of 48 values (1 x 8 x 6) for whole images, got " + length
                + ". Pass the images back to back.";
        assertRefused(() -> cnn.predictAll(new double[length]), message);
        assertRefused(() -> cnn.trainOnBatch(new double[length], new int[1]), message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void image_notFinite_isRefused(double value) {
        double[] image = new double[48];
        image[47] = value;
        String message =
                "CNN: expected finite values, got " + value + " in image 0 at value 47. Clean the image first.";
        assertRefused(() -> cnn.predict(image), message);
        assertRefused(() -> cnn.classify(image), message);
        double[] two = new double[96];
        two[50] = value;
        String inSecond =
                "CNN: expected finite values, got " + value + " in image 1 at value 2. Clean the image first.";
        assertRefused(() -> cnn.predictAll(two), inSecond);
        assertRefused(() -> cnn.trainOnBatch(two, new int[2]), inSecond);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void imageOfDataset_notFinite_isRefused(double value) {
        Dataset spoiled = new ForwardingDataset(IMAGES) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                super.copyImage(index, target, offset);
                target[offset + 5] = index == 17 ? value : 0.0;
            }
        };
        String message =
                "CNN: expected finite values, got " + value + " in image 17 at value 5. Clean the image first.";
        assertRefused(() -> cnn.predictAll(spoiled), message);
        assertRefused(() -> cnn.test(spoiled), message);
    }

    @Test
    void image_largestDoubles_areFiniteButOverflow() {
        double[] image = new double[48];
        Arrays.fill(image, Double.MAX_VALUE);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> cnn.predict(image))
                .withMessageContaining("expected probabilities, got NaN");
    }

    @Test
    void image_null_isNamed() {
        assertThatNullPointerException().isThrownBy(() -> cnn.predict(null)).withMessage("image");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.classify((double[]) null))
                .withMessage("image");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.predictAll((double[]) null))
                .withMessage("images");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.trainOnBatch(null, new int[1]))
                .withMessage("images");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.trainOnBatch(new double[48], null))
                .withMessage("labels");
    }

    @Test
    void labels_notAsManyAsImages_areRefused() {
        assertRefused(
                () -> cnn.trainOnBatch(new double[96], new int[3]),
                "CNN: expected 2 labels, one per image, got 3. Pass as many labels as images.");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, Integer.MAX_VALUE})
    void labels_noClass_areRefused(int label) {
        assertRefused(
                () -> cnn.trainOnBatch(new double[96], new int[] {0, label}),
                "CNN: expected labels from 0 to 3, got " + label
                        + " for image 1. Correct the label, or end the network with" + " more classes.");
    }

    // ---- datasets

    @Test
    void dataset_null_isNamed() {
        assertThatNullPointerException().isThrownBy(() -> cnn.test(null)).withMessage("dataset");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.predictAll((Dataset) null))
                .withMessage("dataset");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.train(null, null, OPTIONS))
                .withMessage("dataset");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.train(IMAGES, null, null))
                .withMessage("options");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.trainTestCycle(1, 1, null, IMAGES))
                .withMessage("dataset");
        assertThatNullPointerException()
                .isThrownBy(() -> cnn.trainTestCycle(1, 1, IMAGES, null))
                .withMessage("dataset");
    }

    @Test
    void dataset_otherShape_isRefused() {
        Dataset turned = Dataset.of(new double[1][48], new int[1], Shape.of(1, 6, 8), CLASSES);
        String message =
                "CNN: expected images of 1 x 8 x 6, got 1 x 6 x 8. Build the network for such images, or load them"
                        + " in that shape.";
        assertRefusedAnywhere(turned, message);
    }

    @Test
    void dataset_moreClasses_isRefused() {
        Dataset more = Dataset.of(new double[1][48], new int[1], INPUT, 5);
        assertRefusedAnywhere(more, "CNN: expected at most 4 classes, got 5. End the network with 5 classes.");
    }

    @Test
    void dataset_empty_isRefused() {
        assertRefusedAnywhere(
                IMAGES.take(0), "CNN: expected at least 1 image, got an empty dataset. Check where it comes from.");
    }

    private void assertRefusedAnywhere(Dataset bad, String message) {
        assertRefused(() -> cnn.test(bad), message);
        assertRefused(() -> cnn.predictAll(bad), message);
        assertRefused(() -> cnn.train(bad, null, OPTIONS), message);
        assertRefused(() -> cnn.train(IMAGES, bad, OPTIONS), message);
        assertRefused(() -> cnn.trainTestCycle(1, 1, bad, IMAGES), message);
        assertRefused(() -> cnn.trainTestCycle(1, 1, IMAGES, bad), message);
        assertRefused(() -> cnn.trainTestCycle(1, 1, bad, IMAGES, 1), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 21})
    void sampleSize_impossible_isRefused(int sampleSize) {
        assertRefused(
                () -> cnn.trainTestCycle(1, 1, IMAGES, IMAGES, sampleSize),
                "CNN: expected a sampleSize from 1 to 20, the number of training images, got " + sampleSize
                        + ". Draw fewer, or load more images.");
    }

    @Test
    void train_sampleLargerThanDataset_isRefused() {
        assertRefused(
                () -> cnn.train(
                        IMAGES, null, TrainingOptions.builder().sampleSize(21).build()),
                "CNN: expected a sampleSize from 1 to 20, the number of training images, got 21. Draw fewer, or load more"
                        + " images.");
    }

    @Test
    void trainTestCycle_noEpochsOrCycles_isRefused() {
        assertRefused(
                () -> cnn.trainTestCycle(0, 2, IMAGES, IMAGES),
                "CNN: expected at least 1 epoch and 1 cycle, got 0 epochs and 2 cycles. Use positive numbers.");
        assertRefused(
                () -> cnn.trainTestCycle(3, -1, IMAGES, IMAGES, 5),
                "CNN: expected at least 1 epoch and 1 cycle, got 3 epochs and -1 cycles. Use positive numbers.");
    }
}
