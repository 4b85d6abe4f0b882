package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoftmaxLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new SoftmaxLayer();
    }

    @Override
    Shape input() {
        return Shape.vector(5);
    }

    @Override
    Shape output() {
        return Shape.vector(5);
    }

    /** After weights that change nothing, the dense one has the same logits. */
    @Test
    void allCalls_anyLogits_giveBitsOfDenseSoftmaxLayer() {
        RandomSeed.repeat(50, random -> {
            int classes = 1 + random.nextInt(9);
            int n = 1 + random.nextInt(4);
            OutputLayer dense = DenseSoftmaxLayerTest.identity(classes);
            OutputLayer layer = new SoftmaxLayer();
            layer.connect(Shape.vector(classes), random);
            double[] logits = gaussians(n * classes, random);
            int[] labels = random.ints(n, 0, classes).toArray();
            CrossEntropy loss = random.nextBoolean()
                    ? CrossEntropy.plain()
                    : CrossEntropy.plain().withLabelSmoothing(0.1);
            for (OutputLayer each : new OutputLayer[] {dense, layer}) {
                each.use(loss);
                each.training(true);
            }
            assertSameBits(layer.forward(logits), dense.forward(logits));
            assertSameBits(layer.losses(labels), dense.losses(labels));
            assertThat(layer.backpropLabels(labels)).containsExactly(dense.backpropLabels(labels), within(0.0));
            double[] lossGradient = gaussians(n * classes, random);
            assertThat(layer.backprop(lossGradient)).containsExactly(dense.backprop(lossGradient), within(0.0));
        });
    }

    @Test
    void backpropLabels_afterGlobalPooling_passesGradientCheck() {
        for (Layer pooling : new Layer[] {
            new GlobalAveragePoolingLayer(),
            ConvolutionalLayer.builder(4, 4).filterSize(3, 5).padding(0).build()
        }) {
            Layer chain = new LayerChain(new ConvolutionalLayer(2, 4, 1), pooling, new SoftmaxLayer());
            GradientCheck.Result result =
                    GradientCheck.of(chain, Shape.of(2, 3, 5)).images(3).seed(1).run();
            assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
        }
    }

    @Test
    void connect_planes_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(5, 1, 2), new Random(1)))
                .withMessage("SoftmaxLayer: expected one value per class, in channels of 1 x 1, got 5 x 1 x 2. Put a"
                        + " GlobalAveragePoolingLayer before it, or use a DenseSoftmaxLayer.");
    }

    @Test
    void toString_isTheNotebooksForm() {
        assertThat(newLayer()).hasToString("<SoftmaxLayer>");
        assertThat(newLayer().parameters()).isEmpty();
    }
}
