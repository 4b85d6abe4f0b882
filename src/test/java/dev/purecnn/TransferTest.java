package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New networks from trained ones: kept layers, frozen or not. */
class TransferTest {
    private static final Shape INPUT = Shape.of(2, 6, 8);
    private static final int FRONT = 4;
    private static final int FEATURES = 5 * 3 * 4;
    private static final Dataset IMAGES = images(40, 1);
    private static final Dataset VALIDATION = images(12, 2);

    private final CNN trained = trained();

    private static Dataset images(int count, long seed) {
        Random random = new Random(seed);
        double[][] images = new double[count][INPUT.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
            Arrays.setAll(images[i], j -> random.nextDouble() + labels[0]);
        }
        return Dataset.of(images, labels, INPUT, 3);
    }

    private static CNN trained() {
        CNN cnn = CNN.builder(INPUT)
                .layers(
                        new ConvolutionalLayer(2, 5, 3),
                        new BatchNormLayer(5),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(FEATURES, 3))
                .seed(5)
                .quiet()
                .build();
        cnn.train(IMAGES, null, options().build());
        return cnn;
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder()
                .epochs(2)
                .batchSize(9)
                .optimizer(Optimizer.adamW())
                .learningRate(0.01);
    }

    private CNN withHead(long seed) {
        return trained.toBuilder()
                .keep(FRONT)
                .frozen()
                .layers(new DenseLayer(FEATURES, 7), new ReLULayer(), new DenseSoftmaxLayer(7, 3))
                .seed(seed)
                .build();
    }

    private static double[] values(List<Layer> layers) {
        return layers.stream()
                .flatMap(layer -> layer.parameters().stream())
                .map(Parameter::values)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    @Test
    void frozen_training_leavesTheFrontAsItIs() {
        String source = trained.fingerprint();
        CNN cnn = withHead(8);
        double[] front = values(cnn.layers().subList(0, FRONT));
        double[] head = values(cnn.layers().subList(FRONT, 7));
        Bits.assertSameBits(front, values(trained.layers().subList(0, FRONT)));
        cnn.train(
                IMAGES,
                VALIDATION,
                options().optimizer(Optimizer.adamW().weightDecay(0.5)).build());
        cnn.trainOnBatch(IMAGES.image(0), new int[] {1});
        Bits.assertSameBits(values(cnn.layers().subList(0, FRONT)), front);
        assertThat(values(cnn.layers().subList(FRONT, 7))).isNotEqualTo(head);
        assertThat(trained.fingerprint()).as("the network that it comes from").isEqualTo(source);
    }

    /** The head, trained by itself on what the front makes of the images, becomes the same. */
    @Test
    void frozen_training_isTrainingOfTheHeadOnFeatures() {
        CNN cnn = withHead(8);
        Dataset features = IMAGES.map(Shape.of(5, 3, 4), (image, result) -> {
            double[] values = image;
            for (Layer layer : trained.layers().subList(0, FRONT)) {
                values = layer.forward(values);
            }
            System.arraycopy(values, 0, result, 0, FEATURES);
        });
        CNN head = CNN.builder(Shape.of(5, 3, 4))
                .layers(new DenseLayer(FEATURES, 7), new ReLULayer(), new DenseSoftmaxLayer(7, 3))
                .seed(8)
                .quiet()
                .build();
        for (int i = 0; i < head.parameters().size(); i++) { // the front drew numbers before them
            double[] first = cnn.parameters().get(6 + i).values();
            System.arraycopy(first, 0, head.parameters().get(i).values(), 0, first.length);
        }
        cnn.train(IMAGES, null, options().build());
        head.train(features, null, options().threads(1).build()); // for the layers of the front belong to one thread
        Bits.assertSameBits(values(cnn.layers().subList(FRONT, 7)), values(head.layers()));
    }

    @Test
    void frozen_anyThreads_sameBits() {
        CNN one = withHead(8);
        one.train(IMAGES, VALIDATION, options().threads(1).build());
        for (int threads : new int[] {2, 3, 7}) {
            CNN several = withHead(8);
            several.train(IMAGES, VALIDATION, options().threads(threads).build());
            assertThat(several.fingerprint()).isEqualTo(one.fingerprint());
        }
    }

    @Test
    void frozen_augmentation_changesWhatTheFrontSees() {
        CNN plain = withHead(8);
        plain.train(IMAGES, null, options().build());
        CNN shifted = withHead(8);
        TrainingOptions augmented =
                options().augmentation(Augmentation.builder().shift(1).build()).build();
        shifted.train(IMAGES, null, augmented);
        assertThat(shifted.fingerprint()).isNotEqualTo(plain.fingerprint());
        CNN byHand = withHead(8);
        byHand.train(
                IMAGES.augmented(Augmentation.builder().shift(1).build(), byHand.seed()),
                null,
                options().build());
        assertThat(byHand.fingerprint()).isEqualTo(shifted.fingerprint());
    }

    @Test
    void frozen_savedAndResumed_goesOnWithTheSameBits(@TempDir Path folder) throws IOException {
        CNN whole = withHead(8);
        whole.train(IMAGES, VALIDATION, options().earlyStopping(5).build());

        CNN cut = withHead(8);
        TrainingOptions stopping = options()
                .earlyStopping(5)
                .checkpoints(folder)
                .checkpointEvery(2)
                .listener(Listeners.stopAfter(6))
                .build();
        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> cut.train(IMAGES, VALIDATION, stopping));
        CNN loaded = CNN.loader().quiet().load(folder);
        assertThat(loaded.frozenLayers()).isEqualTo(FRONT);
        loaded.resume(IMAGES, VALIDATION, options().earlyStopping(5).build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());

        CNN copy = loaded.copy();
        copy.train(IMAGES, null, options().build());
        Bits.assertSameBits(
                values(copy.layers().subList(0, FRONT)), values(trained.layers().subList(0, FRONT)));
    }

    @Test
    void keep_notFrozen_trainsAllLayers() {
        CNN cnn = trained.toBuilder()
                .keep(FRONT)
                .layers(new DenseSoftmaxLayer(FEATURES, 2))
                .classNames(List.of("odd", "even"))
                .build();
        double[] front = values(cnn.layers().subList(0, FRONT));
        cnn.train(IMAGES.onlyClasses(0, 2), null, options().build());
        assertThat(values(cnn.layers().subList(0, FRONT))).isNotEqualTo(front);
        assertThat(cnn.frozenLayers()).isZero();
        assertThat(cnn.classNames()).containsExactly("odd", "even");
    }

    @Test
    void frozen_nanInTheHead_namesTheLayerByItsNumberInTheNetwork() {
        CNN cnn = withHead(8);
        cnn.layers().get(FRONT).parameters().get(0).values()[3] = Double.NaN;
        assertThatExceptionOfType(NotFiniteException.class)
                .isThrownBy(() -> cnn.train(IMAGES, null, options().build()))
                .withMessageContaining("layer 4, <DenseLayer");
    }

    @Test
    void build_reusedLayers_saysHowToKeepThem() {
        Layer used = trained.layers().get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CNN.builder(INPUT)
                        .layers(used, new DenseSoftmaxLayer(5 * 48, 3))
                        .quiet()
                        .build())
                .withMessageContaining("toBuilder().keep(");
    }

    @Test
    void keep_misuse_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> CNN.builder(INPUT).keep(1))
                .withMessageContaining("toBuilder()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trained.toBuilder().keep(6))
                .withMessageContaining("0 to 5 layers, got 6");
        assertThatIllegalStateException()
                .isThrownBy(() -> trained.toBuilder().frozen())
                .withMessageContaining("got keep(0)");
        assertThatIllegalStateException()
                .isThrownBy(() -> trained.toBuilder().keep(5).frozen())
                .withMessageContaining("got keep(5)");
        assertThatIllegalStateException()
                .isThrownBy(() -> trained.toBuilder().keep(3).frozen(4))
                .withMessageContaining("got keep(3) and frozen(4)");
        assertThatIllegalStateException()
                .isThrownBy(() -> trained.toBuilder().keep(3).frozen(0))
                .withMessageContaining("got keep(3) and frozen(0)");
    }

    /** What is kept but not frozen, batch norm included, is trained as if the frozen layer's outputs were the images. */
    @Test
    void frozen_fewerThanKept_trainsTheOthers() {
        CNN cnn = trained.toBuilder()
                .keep(FRONT)
                .frozen(1)
                .layers(new DenseSoftmaxLayer(FEATURES, 3))
                .build();
        assertThat(cnn.frozenLayers()).isEqualTo(1);
        Dataset seen = IMAGES.map(
                Shape.of(5, 6, 8),
                (image, result) -> System.arraycopy(trained.layers().get(0).forward(image), 0, result, 0, 5 * 6 * 8));
        CNN rest = CNN.builder(Shape.of(5, 6, 8))
                .layers(
                        new BatchNormLayer(5),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(FEATURES, 3))
                .seed(5)
                .quiet()
                .build();
        for (int i = 0; i < rest.parameters().size(); i++) { // the frozen layer has two
            double[] first = cnn.parameters().get(2 + i).values();
            System.arraycopy(first, 0, rest.parameters().get(i).values(), 0, first.length);
        }
        double[] front = values(cnn.layers().subList(0, 1));
        cnn.train(IMAGES, null, options().build());
        rest.train(seen, null, options().threads(1).build()); // for the first layer belongs to one thread
        Bits.assertSameBits(values(cnn.layers().subList(0, 1)), front);
        Bits.assertSameBits(values(cnn.layers().subList(1, 5)), values(rest.layers()));
    }
}
