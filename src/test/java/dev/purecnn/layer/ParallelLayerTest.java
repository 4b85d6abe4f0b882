package dev.purecnn.layer;

import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ParallelLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return ParallelLayer.concatenation(
                List.of(new ConvolutionalLayer(2, 3, 3), new TanhLayer()),
                List.of(),
                List.of(ParallelLayer.product(
                        List.of(new ConvolutionalLayer(2, 4, 1)),
                        List.of(new GlobalAveragePoolingLayer(), new DenseLayer(2, 4), new SigmoidLayer()))));
    }

    @Override
    int numParameters() {
        return 6;
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return Shape.of(9, 3, 5);
    }

    private static ParallelLayer connected(ParallelLayer layer, Shape input) {
        layer.connect(input, new Random(1));
        return layer;
    }

    /** Multiplies all values by a number. */
    private record Times(double factor) implements Layer {
        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            return input;
        }

        @Override
        public double[] forward(double[] images) {
            return scaled(images);
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            return scaled(lossGradient);
        }

        private double[] scaled(double[] values) {
            double[] scaled = values.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            return scaled;
        }
    }

    // ---- values worked by hand

    @Test
    void sum_threeBranches_addsOutputsAndGradients() {
        Layer layer = connected(
                ParallelLayer.sum(List.of(new Times(2)), List.of(), List.of(new Times(5), new Times(3))),
                Shape.vector(2));
        assertThat(layer.forward(new double[] {7, -11, 1, 0})).containsExactly(126, -198, 18, 0);
        assertThat(layer.backprop(new double[] {1, 2, 3, 5})).containsExactly(18, 36, 54, 90);
    }

    /** Two images of 1 x 1 x 2. */
    @Test
    void concatenation_putsChannelsOfEachImageAfterEachOther() {
        Layer layer = connected(ParallelLayer.concatenation(List.of(), List.of(new Times(10))), Shape.of(1, 1, 2));
        assertThat(layer.forward(new double[] {1, 2, 3, 4})).containsExactly(1, 2, 10, 20, 3, 4, 30, 40);
        // 1 + 10 * 3, 2 + 10 * 5, ...
        assertThat(layer.backprop(new double[] {1, 2, 3, 5, 7, 11, 13, 17})).containsExactly(31, 52, 137, 181);
    }

    /** Two channels of 1 x 2, weighed by their means: y = x * mean(x), dy/dx = mean(x) + x / 2 for its own cell, x'/2 for the other. */
    @Test
    void product_onePerChannel_isSpread() {
        Layer layer = connected(
                ParallelLayer.product(List.of(), List.of(new GlobalAveragePoolingLayer())), Shape.of(2, 1, 2));
        assertThat(layer.forward(new double[] {1, 3, 10, 30})).containsExactly(2, 6, 200, 600);
        // the mean's gradient is 5 * 1 + 7 * 3 = 26 and 11 * 10 + 13 * 30 = 500
        assertThat(layer.backprop(new double[] {5, 7, 11, 13})).containsExactly(10 + 13, 14 + 13, 220 + 250, 260 + 250);
    }

    @Test
    void product_threeBranches_multipliesByTheOthers() {
        Layer layer = connected(
                ParallelLayer.product(List.of(), List.of(new Times(2)), List.of(new Times(3))), Shape.vector(1));
        assertThat(layer.forward(new double[] {5})).containsExactly(750);
        assertThat(layer.backprop(new double[] {1})).containsExactly(3 * 6 * 25);
    }

    @Test
    void sum_onePerChannel_isSpread() {
        Layer layer =
                connected(ParallelLayer.sum(List.of(new GlobalAveragePoolingLayer()), List.of()), Shape.of(2, 1, 2));
        assertThat(layer.forward(new double[] {1, 3, 10, 30})).containsExactly(3, 5, 30, 50);
        assertThat(layer.backprop(new double[] {5, 7, 11, 13})).containsExactly(11, 13, 23, 25);
    }

    // ---- against its parts

    @Test
    void residual_withShortcut_givesBitsOfTheSum() {
        Shape input = Shape.of(2, 5, 4);
        double[] images = gaussians(3 * input.size(), new Random(3));
        ConvolutionalLayer inner = ConvolutionalLayer.builder(2, 3).stride(2).build();
        ConvolutionalLayer shortcut =
                ConvolutionalLayer.builder(2, 3).filterSize(1).stride(2).build();
        ResidualLayer layer = new ResidualLayer(List.of(inner, new TanhLayer()), List.of(shortcut));
        layer.connect(input, new Random(7));
        double[] output = layer.forward(images).clone();
        double[] left = inner.forward(images);
        double[] right = shortcut.forward(images);
        for (int i = 0; i < output.length; i++) {
            output[i] -= StrictMath.tanh(left[i]) + right[i];
        }
        assertThat(output).containsOnly(0);
        assertThat(layer.layers()).hasSize(3);
        assertThat(layer).hasToString("<ResidualLayer: " + inner + ", <TanhLayer>, shortcut: " + shortcut + ">");
    }

    @Test
    void backprop_randomBranches_passGradientCheck() {
        RandomSeed.repeat(300, random -> {
            Shape input = Shape.of(1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(5));
            Layer layer = randomLayer(input, 2, random);
            GradientCheck.Result result = GradientCheck.of(layer, input)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError())
                    .as(layer + " on " + input + ": " + result)
                    .isLessThanOrEqualTo(1e-6);
        });
    }

    private static ParallelLayer randomLayer(Shape input, int depth, Random random) {
        int filters = 1 + random.nextInt(3);
        Join.Kind[] kinds = Join.Kind.values();
        Join.Kind kind = kinds[random.nextInt(kinds.length)];
        List<List<Layer>> branches = new ArrayList<>();
        while (branches.size() < 2 || random.nextInt(3) == 0) {
            List<Layer> branch = new ArrayList<>();
            if (depth > 1 && kind == Join.Kind.CONCATENATION && random.nextInt(3) == 0) {
                branch.add(new LayerChain(new ConvolutionalLayer(input.channels(), 2, 1), new SigmoidLayer()));
                branch.add(randomLayer(Shape.of(2, input.height(), input.width()), depth - 1, random));
            } else if (random.nextInt(4) > 0) {
                branch.add(new TanhLayer());
                branch.add(new ConvolutionalLayer(input.channels(), filters, 3));
                if (kind != Join.Kind.CONCATENATION && !branches.isEmpty() && random.nextInt(3) == 0) {
                    branch.add(new GlobalAveragePoolingLayer());
                }
            } else if (kind == Join.Kind.CONCATENATION || filters == input.channels()) {
                branch.add(new SigmoidLayer());
            } else {
                continue;
            }
            branches.add(branch);
        }
        return new ParallelLayer(kind, branches);
    }

    // ---- messages

    @Test
    void connect_shapesDoNotFit_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connected(
                        ParallelLayer.concatenation(List.of(), List.of(new MaxPoolingLayer(2))), Shape.of(2, 6, 8)))
                .withMessage(
                        "ParallelLayer: expected branches whose outputs have equal heights and widths, got 2 x 6 x 8,"
                                + " 2 x 3 x 4. Use the same strides and padding in all branches.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connected(
                        ParallelLayer.product(List.of(), List.of(new ConvolutionalLayer(2, 3, 3))), Shape.of(2, 6, 8)))
                .withMessage(
                        "ParallelLayer: expected branches whose outputs have equal shapes, or as many channels of one"
                                + " value, got 2 x 6 x 8, 3 x 6 x 8. Use the same strides, padding and number of filters in all"
                                + " branches.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResidualLayer(
                                List.of(new ConvolutionalLayer(2, 3, 3)), List.of(new ConvolutionalLayer(2, 4, 1)))
                        .connect(Shape.of(2, 6, 8), new Random(1)))
                .withMessage("ResidualLayer: expected a shortcut that gives 3 x 6 x 8, as the inner layers do, got"
                        + " 4 x 6 x 8. Use a convolution of 1 x 1 with the same stride and number of filters.");
    }

    @Test
    void factory_wrongBranches_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelLayer.sum(List.of(new ReLULayer())))
                .withMessage(
                        "ParallelLayer: expected at least 2 branches, got 1. Put the layers of a single branch into the"
                                + " network itself.");
        Layer relu = new ReLULayer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParallelLayer.sum(List.of(relu), List.of(new TanhLayer(), relu)))
                .withMessage(
                        "ParallelLayer: expected different layers, got <ReLULayer> in two branches. Make a new layer for"
                                + " each place.");
    }

    @Test
    void description_unknownJoin_isRefused() {
        LayerDescription description = ParallelLayer.sum(List.of(), List.of()).description();
        assertThat(description)
                .hasToString("ParallelLayer{join=sum, branches=[LayerChain{layers=[]}, LayerChain{layers=[]}]}");
        LayerDescription wrong = LayerDescription.of("ParallelLayer")
                .with("join", "mean")
                .with("branches", description.layers("branches"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRegistry.builtIn().layers(List.of(wrong), 0))
                .withMessageContaining("expected a join that is one of [sum, concatenation, product], got")
                .withMessageContaining("mean");
    }

    @Test
    void registry_anyBranches_makesEqualLayers() {
        for (Layer layer : List.of(
                newLayer(),
                new ResidualLayer(List.of(new TanhLayer()), List.of(new ReLULayer(), new SigmoidLayer())),
                new ResidualLayer(new TanhLayer()))) {
            assertThat(LayerRegistry.builtIn()
                            .layers(List.of(layer.description()), 1000)
                            .get(0))
                    .hasToString(layer.toString());
        }
    }

    @Test
    void toString_isOneLine() {
        assertThat(ParallelLayer.sum(List.of(new ReLULayer(), new TanhLayer()), List.of()))
                .hasToString("<ParallelLayer: sum of (<ReLULayer>, <TanhLayer>), ()>");
    }
}
