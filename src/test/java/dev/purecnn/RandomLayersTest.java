package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.assertSameBits;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.TrainingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that do one thing in training and another in prediction, in a whole network. */
class RandomLayersTest {
    private static final Dataset IMAGES = images(200, 1);

    private static CNN network(int threads) {
        return withLayers(
                        new ConvolutionalLayer(1, 4, 3),
                        new DropoutLayer(0.3),
                        new ResidualLayer(new ConvolutionalLayer(4, 4, 3), new TanhLayer(), new DropoutLayer(0.5)),
                        new GlobalAveragePoolingLayer(),
                        new DenseSoftmaxLayer(4, CLASSES))
                .threads(threads)
                .build();
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
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(afterSteps(threads, batchSize)).as("%d threads", threads).isEqualTo(one);
        }
    }

    @Test
    void train_anyThreads_givesSameBits() {
        String one = trained(1);
        for (int threads : new int[] {2, 3, 7}) {
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

    /** The same images twice, with a rate that leaves the weights as good as they are: only the draws differ. */
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
}
