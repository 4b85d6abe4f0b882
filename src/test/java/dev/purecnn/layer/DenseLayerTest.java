package dev.purecnn.layer;

import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DenseLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new DenseLayer(30, 11);
    }

    @Override
    int numParameters() {
        return 2;
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return Shape.vector(11);
    }

    private static Layer connected(int inputs, int outputs, Random random) {
        Layer layer = new DenseLayer(inputs, outputs);
        layer.connect(Shape.vector(inputs), random);
        System.arraycopy(
                gaussians(outputs, random), 0, layer.parameters().get(1).values(), 0, outputs);
        return layer;
    }

    /** The first output: 17 + 1 * 2 + 2 * -3 + 3 * 5 = 28. */
    @Test
    void forwardAndBackprop_twoImages_giveHandWorkedValues() {
        Layer layer = connected(3, 2, new Random(1));
        System.arraycopy(
                new double[] {2, -3, 5, 7, 11, -13},
                0,
                layer.parameters().get(0).values(),
                0,
                6);
        System.arraycopy(new double[] {17, -19}, 0, layer.parameters().get(1).values(), 0, 2);
        assertThat(layer.forward(new double[] {1, 2, 3, -4, 6, 8})).containsExactly(28, -29, 31, -85);
        assertThat(layer.backprop(new double[] {1, -2, 3, 4})).containsExactly(-12, -25, 31, 34, 35, -37);
        assertThat(layer.parameters().get(0).gradient()).containsExactly(-11, 20, 27, -18, 20, 26);
        assertThat(layer.parameters().get(1).gradient()).containsExactly(4, 2);
    }

    @Test
    void forwardAndBackprop_randomSizes_agreeWithNaive() {
        RandomSeed.repeat(500, random -> {
            int inputs = 1 + random.nextInt(40);
            int outputs = 1 + random.nextInt(20);
            int n = 1 + random.nextInt(5);
            Layer layer = connected(inputs, outputs, random);
            double[] weights = layer.parameters().get(0).values();
            double[] images = gaussians(n * inputs, random);
            double[] lossGradient = gaussians(n * outputs, random);
            double[] outputsExpected = new double[n * outputs];
            double[] inputGradient = new double[n * inputs];
            double[] weightGradient = new double[inputs * outputs];
            double[] biasGradient = new double[outputs];
            for (int image = 0; image < n; image++) {
                for (int o = 0; o < outputs; o++) {
                    double gradient = lossGradient[image * outputs + o];
                    outputsExpected[image * outputs + o] =
                            layer.parameters().get(1).values()[o];
                    biasGradient[o] += gradient;
                    for (int i = 0; i < inputs; i++) {
                        double value = images[image * inputs + i];
                        outputsExpected[image * outputs + o] += weights[o * inputs + i] * value;
                        inputGradient[image * inputs + i] += weights[o * inputs + i] * gradient;
                        weightGradient[o * inputs + i] += value * gradient;
                    }
                }
            }
            assertClose(layer.forward(images), outputsExpected, 1e-12);
            assertClose(layer.backprop(lossGradient), inputGradient, 1e-12);
            assertClose(layer.parameters().get(0).gradient(), weightGradient, 1e-12);
            assertClose(layer.parameters().get(1).gradient(), biasGradient, 1e-12);
        });
    }

    @Test
    void backprop_randomSizes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape shape = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(4), 1 + random.nextInt(4));
            GradientCheck.Result result = GradientCheck.of(new DenseLayer(shape.size(), 1 + random.nextInt(9)), shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void connect_manyWeights_drawsHeVariance() {
        Layer layer = new DenseLayer(500, 60);
        layer.connect(Shape.of(5, 10, 10), new Random(1));
        double squares = 0;
        for (double weight : layer.parameters().get(0).values()) {
            squares += weight * weight;
        }
        assertThat(squares / 30_000 * 500).isBetween(1.95, 2.05);
        assertThat(layer.parameters().get(1).values()).containsOnly(0);
    }

    @Test
    void connect_wrongSize_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DenseLayer(784, 10).connect(Shape.of(3, 14, 14), new Random(1)))
                .withMessage(
                        "DenseLayer: expected 784 input values, got 588 (3 x 14 x 14). Build the layer with 588 inputs.");
    }

    @Test
    void constructor_wrongSizes_areRefused() {
        for (int[] sizes : new int[][] {{0, 10}, {10, 0}, {-3, 10}, {10, -1}, {Integer.MIN_VALUE, Integer.MAX_VALUE}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DenseLayer(sizes[0], sizes[1]))
                    .withMessage("DenseLayer: expected at least 1 input and 1 output, got " + sizes[0] + " inputs and "
                            + sizes[1] + " outputs. Give both a positive size.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DenseLayer(Integer.MAX_VALUE, Integer.MAX_VALUE))
                .withMessage("Shape: expected at most 2147483647 values, got 1 x 2147483647 x 2147483647."
                        + " Use smaller images or fewer channels.");
    }

    @Test
    void forward_batchBeyondAnyArray_isRefused() {
        Layer layer = connected(1, 65_536, new Random(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.forward(new double[65_536]))
                .withMessage("DenseLayer: expected at most 32767 images at once, got 65536." + " Use a smaller batch.");
    }

    @Test
    void multiplyAdds_oneAWeight() {
        Layer layer = new DenseLayer(30, 11);
        assertThat(layer.multiplyAdds()).isEqualTo(330);
        assertThat(layer).hasToString("<DenseLayer: (30, 11)>");
        assertThat(layer.parameters()).hasToString("[weights (1 x 11 x 30), biases (11 x 1 x 1)]");
    }
}
