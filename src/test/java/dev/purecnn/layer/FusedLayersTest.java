package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A chain gives the bits of its layers called one by one, no matter what it fuses. */
class FusedLayersTest {

    /** Layers that are likely to be fused, and now and then some that are not. */
    private static List<Layer> draw(Random random, Shape input) {
        List<Layer> layers = new ArrayList<>();
        Shape shape = input;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            List<Layer> stage = new ArrayList<>();
            if (random.nextInt(4) > 0) {
                stage.add(random.nextInt(3) > 0 ? new ReLULayer() : new LeakyReLULayer(0.25));
            }
            if (random.nextBoolean()) {
                stage.add(random.nextInt(8) > 0 ? new MaxPoolingLayer(2) : new MaxPoolingLayer(3, 2));
            }
            if (random.nextInt(8) == 0) {
                stage.add(new TanhLayer());
            }
            Collections.shuffle(stage, random);
            int filters = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 16 + random.nextInt(3) * 8;
            if (random.nextInt(3) == 0) {
                stage.add(random.nextInt(6) > 0 ? 0 : random.nextInt(stage.size() + 1), norm(filters, random));
            }
            stage.add(
                    0,
                    ConvolutionalLayer.builder(shape.channels(), filters)
                            .padding(random.nextInt(3))
                            .bias(random.nextInt(4) > 0)
                            .build());
            for (Layer layer : stage) {
                try {
                    shape = layer.connect(shape, random);
                } catch (IllegalArgumentException e) {
                    return layers; // the images have become too small
                }
                layers.add(layer);
            }
        }
        return layers;
    }

    /** With all parameters other than at first; also scales below 0, which turn the order of values around. */
    private static BatchNormLayer norm(int channels, Random random) {
        BatchNormLayer norm = new BatchNormLayer(channels);
        for (Parameter parameter : norm.parameters()) {
            boolean variance = parameter.name().equals("running variance");
            for (int i = 0; i < channels; i++) {
                parameter.values()[i] = variance ? random.nextDouble() : random.nextGaussian();
            }
        }
        return norm;
    }

    private static Shape drawInput(Random random) {
        int channels = random.nextBoolean() ? 1 + random.nextInt(4) : 16 + random.nextInt(2) * 8;
        return Shape.of(channels, 3 + random.nextInt(14), 3 + random.nextInt(14));
    }

    private static Layer[] replicas(List<Layer> layers) {
        return layers.stream().map(Layer::replica).toArray(Layer[]::new);
    }

    /** A connected chain with replicas of such layers. */
    private static LayerChain chain(List<Layer> layers, Shape input) {
        List<LayerDescription> descriptions =
                layers.stream().map(Layer::description).toList();
        LayerChain chain = new LayerChain(
                LayerRegistry.builtIn().layers(descriptions, 1 << 20).toArray(new Layer[0]));
        chain.connect(input, new Random(1));
        for (int i = 0; i < layers.size(); i++) {
            for (int p = 0; p < layers.get(i).parameters().size(); p++) {
                double[] values = layers.get(i).parameters().get(p).values();
                System.arraycopy(
                        values, 0, chain.layers().get(i).parameters().get(p).values(), 0, values.length);
            }
        }
        return chain;
    }

    private static double[] forward(Layer[] layers, double[] images) {
        double[] values = images;
        for (Layer layer : layers) {
            values = layer.forward(values);
        }
        return values;
    }

    private static double[] backprop(Layer[] layers, double[] lossGradient) {
        double[] gradient = lossGradient;
        for (int i = layers.length - 1; i >= 0; i--) {
            gradient = layers[i].backprop(gradient);
        }
        return gradient;
    }

    @Test
    void forwardAndBackprop_randomChains_giveTheBitsOfSingleLayers() {
        int[] fused = new int[1];
        RandomSeed.repeat(500, random -> {
            Shape input = drawInput(random);
            List<Layer> layers = draw(random, input);
            if (layers.isEmpty()) {
                return;
            }
            LayerChain chain = chain(layers, input);
            Layer[] single = replicas(layers);
            for (int pass = 0; pass < 3; pass++) {
                boolean training = random.nextBoolean();
                chain.training(training);
                for (Layer layer : single) {
                    layer.training(training);
                }
                int n = (training ? chain.smallestTrainingBatch() : 1) + random.nextInt(5);
                double[] images = gaussians(n * input.size(), random);
                double[] expected = forward(single, images);
                double[] outputs = chain.forward(images);
                assertSameBits(outputs, expected, "outputs");
                double[] lossGradient = gaussians(outputs.length, random);
                assertSameBits(chain.backprop(lossGradient), backprop(single, lossGradient), "input gradient");
                chain.forward(images);
                chain.backpropParameters(lossGradient);
                forward(single, images);
                backprop(single, lossGradient);
                for (int i = 0; i < single.length; i++) {
                    assertSameBits(gradients(chain.layers().get(i)), gradients(single[i]), "gradients of layer " + i);
                }
            }
            List<Shape> seams = chain.shapes();
            fused[0] += Arrays.stream(Fusion.of(chain.layers().toArray(new Layer[0]), seams))
                            .anyMatch(FusedLayers.class::isInstance)
                    ? 1
                    : 0;
        });
        assertThat(fused[0]).as("chains with fused layers").isGreaterThan(150);
    }

    @Test
    void forward_notFinite_givesTheBitsOfSingleLayers() {
        RandomSeed.repeat(100, random -> {
            Shape input = drawInput(random);
            List<Layer> layers = draw(random, input);
            if (layers.isEmpty()) {
                return;
            }
            double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e308};
            double[] images = gaussians(3 * input.size(), random);
            images[random.nextInt(images.length)] = special[random.nextInt(4)];
            assertSameBits(chain(layers, input).forward(images), forward(replicas(layers), images));
        });
    }

    /** As a training step does it, and a prediction between two steps. */
    @Test
    void chain_predictsBetweenSteps_givesTheBitsOfSingleLayers() {
        RandomSeed.repeat(20, random -> {
            Shape input = Shape.of(2, 9, 10);
            List<Layer> layers = List.of(
                    new ConvolutionalLayer(2, 16, 3),
                    new MaxPoolingLayer(2),
                    new ReLULayer(),
                    new ConvolutionalLayer(16, 16, 3),
                    new ReLULayer());
            Shape shape = input;
            for (Layer layer : layers) {
                shape = layer.connect(shape, random);
            }
            LayerChain chain = chain(layers, input);
            Layer[] single = replicas(layers);
            for (int i = 0; i < 4; i++) {
                chain.training(i % 2 == 0);
                double[] images = gaussians((1 + random.nextInt(4)) * input.size(), random);
                assertSameBits(chain.forward(images), forward(single, images));
                double[] lossGradient = Arrays.copyOf(chain.forward(images), chain.forward(images).length);
                if (i % 2 == 0) {
                    assertSameBits(chain.backprop(lossGradient), backprop(single, lossGradient));
                }
                chain.layers().get(0).parameters().get(0).values()[3] += 0.5;
                single[0].parameters().get(0).values()[3] += 0.5;
            }
        });
    }
}
