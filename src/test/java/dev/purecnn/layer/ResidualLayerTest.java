package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ResidualLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new ResidualLayer(new ConvolutionalLayer(2, 3, 3), new TanhLayer(), new ConvolutionalLayer(3, 2, 3));
    }

    @Override
    int numParameters() {
        return 4;
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    /** A layer of a user's own: the inner function of the tests, and a witness of what it is told. */
    private static class Witness implements Layer {
        final List<String> told = new ArrayList<>();

        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            return input;
        }

        @Override
        public double[] forward(double[] images) {
            return images;
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            told.add("backprop");
            return lossGradient;
        }

        @Override
        public void backpropParameters(double[] lossGradient) {
            told.add("backpropParameters");
        }

        @Override
        public void training(boolean training) {
            told.add("training " + training);
        }

        @Override
        public void samples(long step, int firstImage) {
            told.add("samples " + step + " " + firstImage);
        }
    }

    /** Weights [[2, -1], [-3, 7]], biases 10 and 20. */
    @Test
    void forwardAndBackprop_dense_giveHandWorkedValues() {
        DenseLayer dense = new DenseLayer(2, 2);
        Layer layer = new ResidualLayer(dense);
        layer.connect(Shape.vector(2), new Random(1));
        System.arraycopy(
                new double[] {2, -1, -3, 7}, 0, dense.parameters().get(0).values(), 0, 4);
        System.arraycopy(new double[] {10, 20}, 0, dense.parameters().get(1).values(), 0, 2);
        // 2 * 3 - 5 + 10 + 3 = 14, -3 * 3 + 7 * 5 + 20 + 5 = 51
        assertThat(layer.forward(new double[] {3, 5})).containsExactly(14, 51);
        // 2 * 11 - 3 * 13 + 11 = -6, -11 + 7 * 13 + 13 = 93
        assertThat(layer.backprop(new double[] {11, 13})).containsExactly(-6, 93);
        assertThat(dense.parameters().get(0).gradient()).containsExactly(33, 55, 39, 65);
        assertThat(dense.parameters().get(1).gradient()).containsExactly(11, 13);
    }

    @Test
    void calls_anyKind_reachInnerLayers() {
        Witness witness = new Witness();
        Layer layer = new ResidualLayer(witness);
        layer.connect(Shape.vector(3), new Random(1));
        layer.training(true);
        layer.samples(7, 16);
        layer.forward(new double[3]);
        layer.backprop(new double[3]);
        layer.backpropParameters(new double[3]);
        layer.training(false);
        assertThat(witness.told)
                .containsExactly("training true", "samples 7 16", "backprop", "backpropParameters", "training false");
    }

    @Test
    void layer_hasParametersAndCostOfInnerLayers() {
        Layer layer = connected();
        assertThat(layer.parameters())
                .hasToString("[weights (6 x 3 x 3), biases (3 x 1 x 1), weights (6 x 3 x 3), biases (2 x 1 x 1)]");
        assertThat(layer.multiplyAdds()).isEqualTo(2 * 54 * 15);
        assertThat(((ResidualLayer) layer).layers()).hasSize(3);
    }

    @Test
    void replica_innerLayerHasNone_saysWhich() {
        Layer layer = new ResidualLayer(new Witness());
        layer.connect(Shape.vector(3), new Random(1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(layer::replica)
                .withMessage(
                        "Witness: expected a replica() for work on several threads, got none. Override replica() in this"
                                + " layer.");
    }

    @Test
    void residual_nested_givesBitsOfItsParts() {
        Layer inside = new ResidualLayer(new ConvolutionalLayer(2, 2, 3));
        Layer layer = new ResidualLayer(inside, new TanhLayer());
        layer.connect(input(), new Random(7));
        ConvolutionalLayer convolution = new ConvolutionalLayer(2, 2, 3);
        convolution.connect(input(), new Random(7));
        double[] images = images(2);
        double[] expected = convolution.forward(images).clone();
        for (int i = 0; i < expected.length; i++) {
            expected[i] = StrictMath.tanh(expected[i] + images[i]) + images[i];
        }
        assertSameBits(layer.forward(images), expected);
    }

    @Test
    void backprop_randomOptions_passGradientCheck() {
        RandomSeed.repeat(300, random -> {
            Shape input = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(6), 1 + random.nextInt(6));
            int between = 1 + random.nextInt(4);
            Layer middle = random.nextBoolean() ? new GELULayer() : new ResidualLayer(new SigmoidLayer());
            Layer layer = random.nextBoolean()
                    ? new ResidualLayer(
                            new ConvolutionalLayer(input.channels(), between, 3),
                            middle,
                            new ConvolutionalLayer(between, input.channels(), 3))
                    : new ResidualLayer(middle);
            GradientCheck.Result result = GradientCheck.of(layer, input)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError())
                    .as(layer + " on " + input + ": " + result)
                    .isLessThanOrEqualTo(1e-7);
        });
    }

    // ---- messages

    @Test
    void connect_innerLayersChangeShape_isRefused() {
        Layer layer = new ResidualLayer(new ConvolutionalLayer(2, 4, 3), new MaxPoolingLayer(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.connect(Shape.of(2, 6, 8), new Random(1)))
                .withMessage(
                        "ResidualLayer: expected inner layers that give 2 x 6 x 8, the shape that they are given, got"
                                + " 4 x 3 x 4. Use stride 1, 'same' padding and as many filters as channels, or a shortcut.");
    }

    @Test
    void connect_refused_leavesLayerUnconnected() {
        Layer layer = new ResidualLayer(new MaxPoolingLayer(2));
        assertThatIllegalArgumentException().isThrownBy(() -> layer.connect(Shape.of(2, 6, 8), new Random(1)));
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.forward(new double[96]))
                .withMessage("ResidualLayer: expected connect before forward, got forward first. Put the layer into a"
                        + " network, or call connect.");
        assertThatIllegalStateException().isThrownBy(layer::replica);
    }

    @Test
    void connect_innerLayerDoesNotFit_isNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(3, 6, 8), new Random(1)))
                .withMessage(
                        "Layer 0, <ConvolutionalLayer: (2, 3, 3), momentum=0.0>, does not fit what comes from the images"
                                + " (3 x 6 x 8). ConvolutionalLayer: expected 2 channels, got 3 (3 x 6 x 8). Build the layer with"
                                + " channels=3.");
    }

    @Test
    void constructor_wrongLayers_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(ResidualLayer::new)
                .withMessage("LayerChain: expected at least 1 layer, got none. Name the layers in order.");
        assertThatNullPointerException()
                .isThrownBy(() -> new ResidualLayer((Layer[]) null))
                .withMessage("layers");
    }

    @Test
    void toString_isOneLine() {
        assertThat(newLayer())
                .hasToString("<ResidualLayer: <ConvolutionalLayer: (2, 3, 3), momentum=0.0>, <TanhLayer>,"
                        + " <ConvolutionalLayer: (3, 2, 3), momentum=0.0>>");
    }
}
