package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.batch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.labels;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.ParallelLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that do one thing in training and another in prediction, in a whole network. */
class RandomLayersTest {
    private static final Dataset IMAGES = images(200, 1);

    private static CNN network(int threads) {
        return withLayers(networkLayers()).threads(threads).build();
    }

    private static Layer[] networkLayers() {
        return new Layer[] {
            new ConvolutionalLayer(1, 4, 3),
            new BatchNormLayer(4),
            new DropoutLayer(0.3),
            new ResidualLayer(
                    new ConvolutionalLayer(4, 4, 3),
                    new BatchNormLayer(4, 0.5),
                    new TanhLayer(),
                    new DropoutLayer(0.5)),
            ParallelLayer.concatenation(
                    List.of(new ConvolutionalLayer(4, 2, 3), new BatchNormLayer(2), new DropoutLayer(0.2)),
                    List.of(),
                    List.of(ParallelLayer.product(
                            List.of(new ConvolutionalLayer(4, 3, 1), new BatchNormLayer(3)),
                            List.of(new GlobalAveragePoolingLayer(), new DenseLayer(4, 3), new SigmoidLayer())))),
            new GlobalAveragePoolingLayer(),
            new DenseSoftmaxLayer(9, CLASSES)
        };
    }

    private static String afterSteps(int threads, int batchSize) {
        CNN cnn = network(threads);
        for (int i = 0; i < 6; i++) {
            step(cnn, IMAGES, 20 * i, batchSize);
        }
        return cnn.fingerprint();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 32, 100})
    void trainOnBatch_anyThreads_givesSameBits(int batchSize) {
        String one = afterSteps(1, batchSize);
        for (int threads : new int[] {2, 3, 7, 16}) {
            assertThat(afterSteps(threads, batchSize)).as("%d threads", threads).isEqualTo(one);
        }
    }

    @Test
    void train_anyThreads_givesSameBits() {
        String one = trained(1);
        for (int threads : new int[] {2, 3, 7, 16}) {
            assertThat(trained(threads)).as("%d threads", threads).isEqualTo(one);
        }
    }

    private static String trained(int threads) {
        CNN cnn = network(2);
        cnn.train(
                IMAGES,
                IMAGES,
                TrainingOptions.builder()
                        .epochs(2)
                        .batchSize(33)
                        .threads(threads)
                        .build());
        return cnn.fingerprint();
    }

    /** The same images twice, with a rate that hardly changes the weights: only the draws differ. */
    @Test
    void trainOnBatch_eachStep_drawsAnew() {
        CNN cnn = withLayers(new DropoutLayer(0.5), new DenseSoftmaxLayer(48, CLASSES))
                .learningRate(1e-300)
                .build();
        double first = step(cnn, IMAGES, 0, 32);
        assertThat(step(cnn, IMAGES, 0, 32)).isNotEqualTo(first);
    }

    @Test
    void predict_afterTraining_drawsNothing() {
        CNN cnn = network(2);
        step(cnn, IMAGES, 0, 32);
        double[] probabilities = cnn.predict(IMAGES.image(3));
        assertSameBits(cnn.predict(IMAGES.image(3)), probabilities);
        step(cnn, IMAGES, 0, 1);
        double[] all = cnn.predictAll(IMAGES);
        for (int i = 0; i < IMAGES.size(); i++) {
            double[] one = cnn.predict(IMAGES.image(i));
            for (int c = 0; c < CLASSES; c++) {
                assertThat(all[i * CLASSES + c]).isEqualTo(one[c]);
            }
        }
    }

    /** After many steps on one batch, running statistics are the batch's. */
    @Test
    void trainOnBatch_batchNorm_runningStatisticsFollow() {
        BatchNormLayer norm = new BatchNormLayer(48, 0.5);
        CNN cnn = withLayers(new DenseLayer(48, 48), norm, new DenseSoftmaxLayer(48, CLASSES))
                .learningRate(1e-300)
                .build();
        double loss = 0;
        for (int i = 0; i < 60; i++) {
            loss = step(cnn, IMAGES, 0, 8);
        }
        for (int i = 0; i < 48; i++) {
            norm.parameters().get(3).values()[i] *= 7 / 8.0; // with the count below, as in training
        }
        assertThat(cnn.test(images(200, 1).take(8)).loss()).isCloseTo(loss, within(1e-6));
    }

    /** For any momentum, one step on two shards moves to the statistics of the whole batch. */
    @Test
    void trainOnBatch_twoShards_statisticsAreTheBatchs() {
        double[] values = new double[2 * 8 * 48];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 48 < 8 ? i / 48 : 10 * (i / 48 - 8);
        }
        BatchNormLayer norm = new BatchNormLayer(1, 0.75);
        // few parameters for its work, so that a shard has 8 images
        CNN cnn = withLayers(
                        norm,
                        new ConvolutionalLayer(1, 40, 5),
                        new GlobalAveragePoolingLayer(),
                        new DenseSoftmaxLayer(40, CLASSES))
                .build();
        cnn.trainOnBatch(values, new int[16]);
        double mean = norm.parameters().get(2).values()[0];
        double variance = norm.parameters().get(3).values()[0];
        // 0, 1, ..., 7 and ten times that, 48 times each: mean (3.5 + 35) / 2, squares (17.5 + 1750) / 2
        assertThat(mean).isCloseTo(0.25 * 19.25, within(1e-12));
        assertThat(variance).isCloseTo(0.75 + 0.25 * (883.75 - 19.25 * 19.25) * (768.0 / 767), within(1e-12));
    }

    /** A chain that is given the batch as a whole by hand does the same, but for the order of additions. */
    @Test
    void trainOnBatch_shards_giveWhatTheWholeBatchGives() {
        CNN cnn = network(2);
        LayerChain whole = new LayerChain(networkLayers());
        whole.connect(TestNetworks.INPUT, new Random(1));
        whole.training(true);
        for (int i = 0; i < 3; i++) {
            whole.samples(i, 0);
            whole.forward(batch(IMAGES, 40 * i, 40));
            double[] losses = whole.losses(labels(IMAGES, 40 * i, 40));
            double loss = Arrays.stream(losses).sum() / 40;
            whole.backpropLabels(labels(IMAGES, 40 * i, 40));
            apply(whole);
            assertThat(step(cnn, IMAGES, 40 * i, 40)).isCloseTo(loss, within(1e-12));
        }
        double[][] expected = whole.parameters().stream().map(Parameter::values).toArray(double[][]::new);
        double[][] actual = cnn.layers().stream()
                .flatMap(layer -> layer.parameters().stream())
                .map(Parameter::values)
                .toArray(double[][]::new);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(1e-12));
        }
    }

    /** One step at the builder's rate, 0.01, on 40 images. */
    private static void apply(LayerChain chain) {
        for (Parameter parameter : chain.parameters()) {
            double kept = parameter.isTrained() ? 1 : parameter.momentum();
            double factor = parameter.isTrained() ? -0.01 : 1 - parameter.momentum();
            for (int i = 0; i < parameter.values().length; i++) {
                parameter.values()[i] =
                        kept * parameter.values()[i] + factor * parameter.gradient()[i] / 40;
            }
            parameter.clearGradient();
        }
    }

    // ---- batches that are too small

    private static CNN ofVectors() {
        return withLayers(new DenseLayer(48, 6), new BatchNormLayer(6), new DenseSoftmaxLayer(6, CLASSES))
                .build();
    }

    @Test
    void trainOnBatch_oneValuePerChannel_isRefused() {
        CNN cnn = ofVectors();
        String before = cnn.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> step(cnn, IMAGES, 0, 1))
                .withMessage("BatchNormLayer: expected more than 1 value per channel in training, got 1 (1 image of"
                        + " 6 x 1 x 1). Train on batches of at least 2 images.");
        assertThat(cnn.fingerprint()).isEqualTo(before);
        step(cnn, IMAGES, 0, 2);
    }

    @Test
    void train_lastBatchOfOneImage_isRefusedBeforeItStarts() {
        CNN cnn = ofVectors();
        TrainingOptions options =
                TrainingOptions.builder().epochs(1).batchSize(11).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cnn.train(IMAGES.take(34), null, options))
                .withMessage("CNN: expected batches of at least 2 images for a BatchNormLayer that gets 1 value per"
                        + " channel of an image, got one of 1 (34 images in batches of 11). Choose a batchSize that"
                        + " leaves no single image, or a sampleSize of 33.");
        cnn.train(IMAGES.take(33), null, options);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cnn.trainTestCycle(1, 1, IMAGES, IMAGES))
                .withMessageEndingWith(
                        "got one of 1 (200 images in batches of 1). Train in batches of at least 2 with train and"
                                + " TrainingOptions.batchSize.");
    }

    @Test
    void trainTestCycle_planes_needNoBatch() {
        network(1).trainTestCycle(1, 1, IMAGES.take(5), IMAGES.take(5));
    }
}
