package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LayerChainTest extends LayerContract {

    @Override
    LayerChain newLayer() {
        return new LayerChain(
                new ConvolutionalLayer(2, 3, 3),
                new ReLULayer(),
                new MaxPoolingLayer(2),
                new DenseSoftmaxLayer(3 * 3 * 4, 5));
    }

    @Override
    int numParameters() {
        return 4;
    }

    @Override
    Shape input() {
        return Shape.of(2, 6, 9);
    }

    @Override
    Shape output() {
        return Shape.vector(5);
    }

    /** A layer as a user writes one, with what it needs and no more. */
    private static class ScalingLayer implements Layer {
        Parameter scale;
        double[] images = {};

        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            scale = new Parameter("scale", Shape.vector(1));
            scale.values()[0] = 1.5;
            return input;
        }

        @Override
        public double[] forward(double[] values) {
            images = values;
            return Arrays.stream(values).map(x -> x * scale.values()[0]).toArray();
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            for (int i = 0; i < lossGradient.length; i++) {
                scale.gradient()[0] += lossGradient[i] * images[i];
            }
            return Arrays.stream(lossGradient).map(g -> g * scale.values()[0]).toArray();
        }

        @Override
        public List<Parameter> parameters() {
            return scale == null ? List.of() : List.of(scale);
        }

        @Override
        public String toString() {
            return "<ScalingLayer>";
        }
    }

    // ---- what it does

    @Test
    void forwardAndBackprop_chain_isItsLayersInTurn() {
        Layer convolution = new ConvolutionalLayer(2, 3, 3);
        Layer pooling = new MaxPoolingLayer(2);
        Layer dense = new DenseLayer(36, 5);
        LayerChain chain =
                new LayerChain(new ConvolutionalLayer(2, 3, 3), new MaxPoolingLayer(2), new DenseLayer(36, 5));
        Random random = new Random(7);
        Shape shape = dense.connect(pooling.connect(convolution.connect(input(), random), random), random);
        assertThat(chain.connect(input(), new Random(7))).isEqualTo(shape);
        assertSameBits(chain.forward(images(2)), dense.forward(pooling.forward(convolution.forward(images(2)))));
        assertSameBits(
                chain.backprop(lossGradient(2)),
                convolution.backprop(pooling.backprop(dense.backprop(lossGradient(2)))));
        assertSameBits(
                chain.parameters().get(1).gradient(),
                convolution.parameters().get(1).gradient());
        assertSameBits(
                chain.parameters().get(2).gradient(), dense.parameters().get(0).gradient());
    }

    @Test
    void backpropLabelsParameters_givesBitsOfBackpropLabels() {
        LayerChain one = (LayerChain) connected();
        LayerChain other = (LayerChain) connected();
        int[] labels = {4, 0, 2};
        one.forward(images(3));
        other.forward(images(3));
        assertSameBits(one.losses(labels), other.losses(labels));
        assertThat(one.backpropLabels(labels)).hasSize(3 * input().size());
        other.backpropLabelsParameters(labels);
        for (int i = 0; i < one.parameters().size(); i++) {
            assertSameBits(
                    other.parameters().get(i).gradient(),
                    one.parameters().get(i).gradient());
        }
    }

    @Test
    void backpropLabels_outputLayerAlone_works() {
        LayerChain chain = new LayerChain(new DenseSoftmaxLayer(6, 3));
        chain.connect(Shape.of(1, 2, 3), new Random(1));
        chain.forward(gaussians(12, new Random(2)));
        assertThat(chain.backpropLabels(new int[] {1, 2})).hasSize(12);
        double[] once = chain.parameters().get(1).gradient().clone();
        chain.backpropLabelsParameters(new int[] {1, 2});
        assertSameBits(
                chain.parameters().get(1).gradient(),
                Arrays.stream(once).map(g -> 2 * g).toArray());
    }

    @Test
    void chain_nested_givesBitsOfFlat() {
        LayerChain nested = new LayerChain(
                new LayerChain(new ConvolutionalLayer(2, 3, 3), new ReLULayer()),
                new LayerChain(new MaxPoolingLayer(2), new DenseSoftmaxLayer(36, 5)));
        nested.connect(input(), new Random(7));
        LayerChain flat = (LayerChain) connected();
        assertSameBits(nested.forward(images(2)), flat.forward(images(2)));
        int[] labels = {1, 3};
        assertSameBits(nested.backpropLabels(labels), flat.backpropLabels(labels));
        assertSameBits(nested.losses(labels), flat.losses(labels));
        assertThat(nested.parameters()).hasSize(4);
        assertThat(nested.multiplyAdds()).isEqualTo(flat.multiplyAdds()).isEqualTo(54L * 54 + 36 * 5);
    }

    @Test
    void parameters_madeInConnect_areFound() {
        LayerChain chain = new LayerChain(new ScalingLayer(), new DenseSoftmaxLayer(6, 3));
        chain.connect(Shape.vector(6), new Random(1));
        assertThat(chain.parameters()).hasToString("[scale (1 x 1 x 1), weights (1 x 3 x 6), biases (3 x 1 x 1)]");
        assertThat(chain.parameters()).isSameAs(chain.parameters());
        assertThat(GradientCheck.check(chain, Shape.vector(6), 1).worstRelativeError())
                .isLessThan(1e-7);
    }

    @Test
    void shapes_connected_areTheSeams() {
        LayerChain chain = (LayerChain) connected();
        assertThat(chain.shapes())
                .containsExactly(
                        Shape.of(2, 6, 9), Shape.of(3, 6, 9), Shape.of(3, 6, 9), Shape.of(3, 3, 4), Shape.vector(5));
        assertThat(chain.layers()).hasSize(4);
        assertThat(chain.replica().shapes()).isEqualTo(chain.shapes());
        assertThatIllegalStateException()
                .isThrownBy(() -> newLayer().shapes())
                .withMessage("LayerChain: expected connect before shapes, got shapes first. Call connect.");
    }

    @Test
    void training_reachesEveryLayer() {
        List<Boolean> told = new ArrayList<>();
        Layer listener = new ScalingLayer() {
            @Override
            public void training(boolean training) {
                told.add(training);
            }
        };
        LayerChain chain = new LayerChain(new ReLULayer(), new LayerChain(listener));
        chain.training(true);
        chain.training(false);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void toString_chain_isTheNotebooksForm() {
        assertThat(newLayer())
                .hasToString(
                        "(\n  <ConvolutionalLayer: (2, 3, 3), momentum=0.0>,\n  <ReLULayer>,\n  <MaxPoolingLayer: 2>,\n"
                                + "  <DenseSoftmaxLayer: (36, 5)>\n)");
    }

    // ---- whole chains against differences

    /** Layers that fit one another, up to five of them; the last one a classifier in two cases of three. */
    private static LayerChain drawChain(Shape input, Random random) {
        List<Layer> layers = new ArrayList<>();
        Shape shape = input;
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            long seed = random.nextLong();
            layers.add(drawLayer(shape, new Random(seed)));
            shape = drawLayer(shape, new Random(seed)).connect(shape, random);
        }
        layers.add(
                random.nextInt(3) > 0
                        ? new DenseSoftmaxLayer(shape.size(), 2 + random.nextInt(5))
                        : new DenseLayer(shape.size(), 1 + random.nextInt(5)));
        return new LayerChain(layers.toArray(new Layer[0]));
    }

    private static Layer drawLayer(Shape shape, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new ReLULayer();
            case 1 -> new DenseLayer(shape.size(), 1 + random.nextInt(9));
            case 2 ->
                new MaxPoolingLayer(
                        1 + random.nextInt(Math.min(3, Math.min(shape.height(), shape.width()))),
                        1 + random.nextInt(3));
            default ->
                ConvolutionalLayer.builder(shape.channels(), 1 + random.nextInt(3))
                        .filterSize(1 + 2 * random.nextInt(2), 1 + 2 * random.nextInt(2))
                        .stride(1 + random.nextInt(2))
                        .build();
        };
    }

    @Test
    void backprop_randomChains_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape input = Shape.of(1 + random.nextInt(3), 2 + random.nextInt(5), 2 + random.nextInt(5));
            long seed = random.nextLong();
            LayerChain chain = drawChain(input, random);
            chain.connect(input, random);
            for (Parameter parameter : chain.parameters()) {
                for (int i = 0; i < parameter.values().length; i++) {
                    parameter.values()[i] += 0.1 * random.nextGaussian(); // no bias is 0, where a rectifier would bend
                }
            }
            GradientCheck.Result result = GradientCheck.of(chain, input)
                    .images(1 + random.nextInt(3))
                    .seed(seed)
                    .run();
            assertThat(result.worstRelativeError())
                    .as(chain + " on " + input + ": " + result)
                    .isLessThanOrEqualTo(1e-7);
        });
    }

    // ---- messages

    @Test
    void constructor_wrongLayers_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(LayerChain::new)
                .withMessage("LayerChain: expected at least 1 layer, got none. Name the layers in order.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerChain(new ReLULayer(), null))
                .withMessage("LayerChain: expected a layer at number 1, got null. Leave it out, or put a layer there.");
        Layer layer = new ReLULayer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerChain(layer, new MaxPoolingLayer(2), layer))
                .withMessage(
                        "LayerChain: expected different layers, got the same one as number 0 and 2. Make a new layer for"
                                + " each place.");
        assertThatNullPointerException()
                .isThrownBy(() -> new LayerChain((Layer[]) null))
                .withMessage("layers");
    }

    @Test
    void connect_firstLayerDoesNotFit_namesImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(3, 6, 9), new Random(1)))
                .withMessage(
                        "Layer 0, <ConvolutionalLayer: (2, 3, 3), momentum=0.0>, does not fit what comes from the images"
                                + " (3 x 6 x 9). ConvolutionalLayer: expected 2 channels, got 3 (3 x 6 x 9). Build the layer with"
                                + " channels=3.");
    }

    @Test
    void connect_laterLayerDoesNotFit_namesBothSides() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(2, 8, 9), new Random(1)))
                .withMessage("Layer 3, <DenseSoftmaxLayer: (36, 5)>, does not fit what comes from layer 2,"
                        + " <MaxPoolingLayer: 2>, (3 x 4 x 4). DenseSoftmaxLayer: expected 36 input values, got 48 (3 x 4 x"
                        + " 4). Build the layer with 48 inputs.");
    }

    @Test
    void connect_layerOfAnotherNetwork_isNamed() {
        Layer used = new ReLULayer();
        used.connect(Shape.vector(3), new Random(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerChain(new ReLULayer(), used).connect(Shape.vector(3), new Random(1)))
                .withMessage(
                        "Layer 1, <ReLULayer>, does not fit what comes from layer 0, <ReLULayer>, (3 x 1 x 1). ReLULayer:"
                                + " expected to be connected once, got a second connect. Make a new layer for each network, or reuse a trained one by cnn.toBuilder().keep(...).");
    }

    @Test
    void connect_layerAnswersNoShape_isNamed() {
        Layer silent = new ScalingLayer() {
            @Override
            public Shape connect(Shape input, RandomGenerator random) {
                return null;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerChain(silent).connect(Shape.vector(3), new Random(1)))
                .withMessage(
                        "Layer 0, <ScalingLayer>, does not fit what comes from the images (3 x 1 x 1). the shape that"
                                + " connect returns");
    }

    @Test
    void losses_noOutputLayerAtTheEnd_isRefused() {
        LayerChain chain = new LayerChain(new DenseLayer(3, 2), new ReLULayer());
        chain.connect(Shape.vector(3), new Random(1));
        chain.forward(new double[3]);
        String words =
                "LayerChain: expected an OutputLayer at the end, got <ReLULayer>. End the chain with a DenseSoftmaxLayer.";
        int[] labels = {0};
        assertThatIllegalStateException().isThrownBy(() -> chain.losses(labels)).withMessage(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> chain.backpropLabels(labels))
                .withMessage(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> chain.backpropLabelsParameters(labels))
                .withMessage(words);
    }

    @Test
    void replica_layerHasNone_saysWhich() {
        LayerChain chain = new LayerChain(new ScalingLayer());
        chain.connect(Shape.vector(3), new Random(1));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(chain::replica)
                .withMessage(
                        "ScalingLayer: expected a replica() for work on several threads, got none. Override replica() in"
                                + " this layer.");
    }
}
