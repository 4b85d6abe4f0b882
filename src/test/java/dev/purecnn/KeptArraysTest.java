package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.batch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.labels;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.training.TrainingOptions;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Test;

/** After a call, the library keeps nothing of the arrays that the caller passed. */
class KeptArraysTest {
    private static final Dataset IMAGES = images(64, 1);

    private static CNN network() {
        return withLayers(new PassingLayer(), new DenseLayer(48, 20), new DenseSoftmaxLayer(20, CLASSES))
                .build();
    }

    private interface Call {
        void on(double[] images, int[] labels);
    }

    /** Calls with arrays that nothing else refers to; returns what may keep them alive. */
    private static List<Reference<?>> after(Call call) {
        double[] images = batch(IMAGES, 0, 32);
        int[] labels = labels(IMAGES, 0, 32);
        call.on(images, labels);
        return List.of(new WeakReference<>(images), new WeakReference<>(labels));
    }

    private static void assertNotKept(List<Reference<?>> references, CNN by) {
        for (int i = 0; i < 100 && !references.stream().allMatch(reference -> reference.refersTo(null)); i++) {
            System.gc();
        }
        assertThat(references).allMatch(reference -> reference.refersTo(null));
        Reference.reachabilityFence(by);
    }

    @Test
    void trainOnBatch_arrays_areNotKept() {
        CNN cnn = network();
        assertNotKept(after(cnn::trainOnBatch), cnn);
    }

    @Test
    void trainOnBatch_thatFails_doesNotKeepTheArrays() {
        CNN cnn = withLayers(
                        new PassingLayer() {
                            @Override
                            void onBackprop(double[] lossGradient) {
                                throw new IllegalStateException("thrown by the test");
                            }
                        },
                        new PassingLayer(),
                        new DenseSoftmaxLayer(48, CLASSES))
                .build();
        Call call = (images, labels) ->
                assertThatThrownBy(() -> cnn.trainOnBatch(images, labels)).hasMessage("thrown by the test");
        assertNotKept(after(call), cnn);
    }

    @Test
    void predictAll_arrays_areNotKept() {
        CNN cnn = network();
        assertNotKept(after((images, labels) -> cnn.predictAll(images)), cnn);
    }

    /** A dataset may take most of the memory. */
    @Test
    void train_images_areNotKept() {
        CNN cnn = network();
        assertNotKept(List.of(afterTraining(cnn)), cnn);
    }

    private static Reference<?> afterTraining(CNN cnn) {
        Dataset dataset = new ForwardingDataset(IMAGES);
        cnn.train(dataset, dataset, TrainingOptions.builder().build());
        return new WeakReference<>(dataset);
    }
}
