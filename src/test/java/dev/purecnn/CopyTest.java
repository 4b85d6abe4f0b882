package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import org.junit.jupiter.api.Test;

class CopyTest {
    private static final Dataset IMAGES = images(40, 1);
    private static final TrainingOptions OPTIONS =
            TrainingOptions.builder().epochs(1).batchSize(8).build();

    private static CNN network() {
        int planes = INPUT.size() / INPUT.channels();
        return withLayers(
                        new ConvolutionalLayer(INPUT.channels(), 3, 3),
                        new BatchNormLayer(3),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(3 * planes, CLASSES))
                .seed(9)
                .optimizer(Optimizer.sgd())
                .build();
    }

    @Test
    void copy_trainedNetwork_hasItsBitsAndItsFuture() {
        CNN cnn = network();
        cnn.train(IMAGES, null, OPTIONS);
        CNN copy = cnn.copy();
        assertThat(copy.fingerprint()).isEqualTo(cnn.fingerprint());
        assertThat(copy.seed()).isEqualTo(cnn.seed());
        assertThat(copy.summary()).isEqualTo(cnn.summary());
        copy.train(IMAGES, null, OPTIONS);
        cnn.train(IMAGES, null, OPTIONS);
        assertThat(copy.fingerprint()).isEqualTo(cnn.fingerprint());
    }

    @Test
    void copy_originalTrains_keepsPredictingAsBefore() {
        CNN cnn = network();
        CNN copy = cnn.copy();
        double[] before = copy.predictAll(IMAGES);
        TrainingOptions options = TrainingOptions.builder()
                .epochs(1)
                .batchSize(8)
                .listener(Listeners.onStep(progress -> {
                    assertThat(copy.predictAll(IMAGES)).isEqualTo(before);
                    assertThatThrownBy(() -> cnn.predictAll(IMAGES)).isInstanceOf(IllegalStateException.class);
                }))
                .build();
        cnn.train(IMAGES, null, options);
        assertThat(copy.predictAll(IMAGES)).isEqualTo(before);
        assertThat(cnn.fingerprint()).isNotEqualTo(copy.fingerprint());
    }

    private static final class OwnLayer extends PassingLayer {
        @Override
        public LayerDescription description() {
            return LayerDescription.of("OwnLayer");
        }
    }

    @Test
    void copy_ownLayer_needsItsRegistry() {
        CNN cnn = withLayers(new OwnLayer(), new DenseSoftmaxLayer(INPUT.size(), CLASSES))
                .build();
        assertThatIllegalArgumentException().isThrownBy(cnn::copy).withMessageContaining("OwnLayer");
        CNN copy = cnn.copy(LayerRegistry.builtIn().with("OwnLayer", description -> new OwnLayer()));
        assertThat(copy.fingerprint()).isEqualTo(cnn.fingerprint());
    }
}
