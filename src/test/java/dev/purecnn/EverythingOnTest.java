package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** With all options at once, one seed still gives one model. */
class EverythingOnTest {
    private static final Dataset TRAIN = images(120, 1);
    /** A third of them have wrong labels, so that the loss falls and rises again. */
    private static final Dataset VALIDATION =
            images(40, 2).concat(images(20, 3).mapLabels(CLASSES, label -> (label + 1) % CLASSES));

    /** From this training, on one thread with plain kernels on JDK 17. */
    private static final String FINGERPRINT = "28beea23f3b22821af3794c5852051552ac42103086f292789a7cc84d317d6dc";

    /** From the same training of a network with all the other layers. */
    private static final String FINGERPRINT_OF_OTHERS =
            "8d674aaa7e37e0b82ab629c2fed5add79da21514f154cd24c62c00f194d8d248";

    private static CnnBuilder network() {
        return withLayers(
                ConvolutionalLayer.builder(1, 4).padding(1).build(),
                new BatchNormLayer(4),
                new ReLULayer(),
                new DropoutLayer(0.2),
                new DenseLayer(4 * 8 * 6, 30), // more weights than one range of an update
                new ReLULayer(),
                new DenseSoftmaxLayer(30, CLASSES));
    }

    private static CnnBuilder networkOfOthers() {
        return withLayers(
                ConvolutionalLayer.builder(1, 4).padding(1).build(),
                new LeakyReLULayer(0.1),
                new AveragePoolingLayer(2),
                ConvolutionalLayer.builder(4, 8).groups(2).padding(1).build(),
                new GELULayer(),
                new ResidualLayer(
                        ConvolutionalLayer.builder(8, 8).groups(8).padding(1).build(), // depthwise
                        new BatchNormLayer(8),
                        new SigmoidLayer(),
                        new ConvolutionalLayer(8, 8, 1),
                        new DropoutLayer(0.1)),
                new MaxPoolingLayer(3, 1),
                new TanhLayer(),
                new GlobalAveragePoolingLayer(),
                new DenseSoftmaxLayer(8, CLASSES));
    }

    private static TrainingOptions options(int threads) {
        return TrainingOptions.builder()
                .epochs(30)
                .batchSize(34) // several shards, and a smaller batch at the end
                .threads(threads)
                .augmentation(Augmentation.builder()
                        .shift(1)
                        .rotate(10)
                        .noise(0.05)
                        .cutout(2)
                        .build())
                .optimizer(Optimizer.adamW().weightDecay(0.02))
                .schedule(Schedule.cosine(0.01, 30).withWarmUp(0.1, 2))
                .clipNorm(0.5)
                .labelSmoothing(0.1)
                .classWeights(1, 2, 0.5, 1)
                .earlyStopping(3)
                .build();
    }

    private static void assertFingerprint(Supplier<CnnBuilder> network, String expected) {
        for (int threads : new int[] {1, 2, 3, 7, 16}) {
            CNN cnn = network.get().seed(11).threads(threads).build();
            History history = cnn.train(TRAIN, VALIDATION, options(threads));
            assertThat(history.ending()).isEqualTo(History.Ending.EARLY_STOPPING);
            assertThat(history.best().orElseThrow().epoch()).isPositive();
            assertThat(cnn.fingerprint()).as("%d threads", threads).isEqualTo(expected);
        }
    }

    @Test
    void train_onAnyThreads_givesTheseBits() {
        assertFingerprint(EverythingOnTest::network, FINGERPRINT);
    }

    @Test
    void train_otherLayersOnAnyThreads_givesTheseBits() {
        assertFingerprint(EverythingOnTest::networkOfOthers, FINGERPRINT_OF_OTHERS);
    }
}
