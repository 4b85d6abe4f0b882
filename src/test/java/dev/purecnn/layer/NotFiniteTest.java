package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** A NaN or infinity, wherever it comes up, shows in the loss or a parameter's gradient, and is traced to its layer and image. */
class NotFiniteTest {
    private static final Shape INPUT = Shape.of(2, 13, 13);
    private static final int N = 3;
    private static final int[] LABELS = {4, 0, 2};
    private static final int RESIDUAL = 4;

    /** A network with a layer of each kind; no cell of any is left out by the windows of the next. */
    private static List<Layer> layers(Layer activation, Layer... inner) {
        return new ArrayList<>(List.of(
                new ConvolutionalLayer(2, 4, 3),
                new BatchNormLayer(4),
                new ReLULayer(),
                new MaxPoolingLayer(3, 2),
                new ResidualLayer(inner),
                new DropoutLayer(0.4),
                new GELULayer(),
                new MaxPoolingLayer(2),
                ConvolutionalLayer.builder(4, 4).groups(2).build(),
                new AveragePoolingLayer(2, 1),
                new DenseLayer(16, 9),
                activation,
                new DenseSoftmaxLayer(9, 5)));
    }

    private static List<Layer> inner() {
        return new ArrayList<>(List.of(
                new ConvolutionalLayer(4, 4, 3),
                new BatchNormLayer(4),
                new ReLULayer(),
                new ConvolutionalLayer(4, 4, 3)));
    }

    private static Layer[] array(List<Layer> layers) {
        return layers.toArray(new Layer[0]);
    }

    /** Takes three images through a training step, the 8th. */
    private static double[] step(LayerChain chain, double[] images) {
        chain.training(true);
        chain.samples(7, 0);
        chain.forward(images);
        double[] losses = chain.losses(LABELS).clone();
        chain.backpropLabelsParameters(LABELS);
        return losses;
    }

    private static double[] images() {
        return gaussians(N * INPUT.size(), new Random(5));
    }

    private static LayerChain connected(List<Layer> layers) {
        LayerChain chain = new LayerChain(array(layers));
        chain.connect(INPUT, new Random(6));
        return chain;
    }

    private static boolean isFinite(double[] losses, LayerChain chain) {
        return DoubleStream.concat(Arrays.stream(losses), Arrays.stream(gradients(chain)))
                .allMatch(Double::isFinite);
    }

    private static String where(NotFiniteLayer.Target target, NotFiniteLayer layer, int number) {
        String what = switch (target) {
            case OUTPUT -> "the output";
            case INPUT_GRADIENT -> "the input gradient";
            case PARAMETER_GRADIENT -> "the gradient of cells";
        };
        return what + " of layer " + number + ", " + layer;
    }

    /** Runs a step with a chain that does it in that layer; everything must be noticed and named. */
    private static void checkNoticed(
            LayerChain chain, NotFiniteLayer.Target target, double value, int layer, int image, String where) {
        assertThat(isFinite(step(chain, images()), chain)).as(where).isFalse();
        boolean inParameter = target == NotFiniteLayer.Target.PARAMETER_GRADIENT;
        Optional<NotFinite> found =
                inParameter ? chain.findNotFiniteParameter() : chain.findNotFinite(images(), LABELS);
        assertThat(found).contains(new NotFinite(where, layer, inParameter ? -1 : image, value));
        if (inParameter) {
            assertThat(chain.findNotFinite(images(), LABELS)).isEmpty();
        }
    }

    // ---- every place

    @Test
    void step_notFiniteAnywhere_showsAndIsNamed() {
        RandomSeed.repeat(8, random -> {
            for (NotFiniteLayer.Target target : NotFiniteLayer.Target.values()) {
                for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                    int last = layers(new LeakyReLULayer(0.1), array(inner())).size() - 1;
                    // the input gradient of the first layer is not used
                    for (int number = target == NotFiniteLayer.Target.INPUT_GRADIENT ? 1 : 0;
                            number <= last;
                            number++) {
                        int image = random.nextInt(N);
                        NotFiniteLayer bad = new NotFiniteLayer(target, value, 7, image, random.nextLong());
                        List<Layer> layers = layers(new LeakyReLULayer(0.1), array(inner()));
                        layers.add(number, bad);
                        checkNoticed(connected(layers), target, value, number, image, where(target, bad, number));
                    }
                }
            }
        });
    }

    @Test
    void step_notFiniteInsideResidual_showsAndIsNamed() {
        RandomSeed.repeat(8, random -> {
            for (NotFiniteLayer.Target target : NotFiniteLayer.Target.values()) {
                for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                    for (int number = 0; number <= inner().size(); number++) {
                        int image = random.nextInt(N);
                        NotFiniteLayer bad = new NotFiniteLayer(target, value, 7, image, random.nextLong());
                        List<Layer> inner = inner();
                        inner.add(number, bad);
                        List<Layer> layers = layers(new LeakyReLULayer(0.1), array(inner));
                        String where = where(target, bad, number) + " of layer 4, " + layers.get(RESIDUAL);
                        checkNoticed(connected(layers), target, value, RESIDUAL, image, where);
                    }
                }
            }
        });
    }

    /** They bring an infinity back to 1, so that it is none, but a NaN stays. */
    @Test
    void step_nanAroundSaturatingActivations_showsAndIsNamed() {
        RandomSeed.repeat(20, random -> {
            for (Layer activation : new Layer[] {new SigmoidLayer(), new TanhLayer()}) {
                NotFiniteLayer.Target target =
                        random.nextBoolean() ? NotFiniteLayer.Target.OUTPUT : NotFiniteLayer.Target.INPUT_GRADIENT;
                int number = 11 + random.nextInt(2);
                int image = random.nextInt(N);
                NotFiniteLayer bad = new NotFiniteLayer(target, Double.NaN, 7, image, random.nextLong());
                List<Layer> layers = layers(activation, array(inner()));
                layers.add(number, bad);
                checkNoticed(connected(layers), target, Double.NaN, number, image, where(target, bad, number));
            }
        });
    }

    /** An infinity among the gradients may come of a NaN in the images alone, or the other way round. */
    @Test
    void step_notFiniteImage_showsAndIsNamed() {
        RandomSeed.repeat(30, random -> {
            double[] images = images();
            int cell = random.nextInt(images.length);
            images[cell] = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
            LayerChain chain = connected(layers(new TanhLayer(), array(inner())));
            assertThat(isFinite(step(chain, images), chain)).isFalse();
            assertThat(chain.findNotFinite(images, LABELS))
                    .contains(new NotFinite("the images", -1, cell / INPUT.size(), images[cell]));
        });
    }

    @Test
    void step_notFiniteParameter_showsAndIsNamed() {
        RandomSeed.repeat(30, random -> {
            List<Layer> layers = layers(new TanhLayer(), array(inner()));
            LayerChain chain = connected(layers);
            Layer dense = layers.get(10);
            double[] weights = dense.parameters().get(0).values();
            weights[random.nextInt(weights.length)] = Double.NaN;
            assertThat(isFinite(step(chain, images()), chain)).isFalse();
            NotFinite expected = new NotFinite("weights of layer 10, <DenseLayer: (16, 9)>", 10, -1, Double.NaN);
            assertThat(chain.findNotFinite(images(), LABELS)).contains(expected);
            assertThat(chain.findNotFiniteParameter()).contains(expected);
        });
    }

    // ---- what is not noticed does no harm

    /** The images' gradient, and any other that no layer with parameters is given. */
    @Test
    void step_inputGradientBelowAllParameters_isNobodys() {
        for (int layersBelow = 0; layersBelow <= 2; layersBelow++) {
            List<Layer> layers = layers(new TanhLayer(), array(inner()));
            List<Layer> spoilt = layers(new TanhLayer(), array(inner()));
            spoilt.add(0, new NotFiniteLayer(NotFiniteLayer.Target.INPUT_GRADIENT, Double.NaN, 7, 1, 3));
            for (int i = 0; i < layersBelow; i++) {
                layers.add(0, new ReLULayer());
                spoilt.add(0, new ReLULayer());
            }
            assertSameBits(gradientsOfStep(spoilt), gradientsOfStep(layers));
        }
    }

    /** A pooling with windows of 2 x 2 leaves the last of 13 columns out. */
    @Test
    void step_cellOutsideAllWindows_isNobodys() {
        LayerChain chain = new LayerChain(new MaxPoolingLayer(2), new DenseSoftmaxLayer(72, 5));
        chain.connect(INPUT, new Random(6));
        double[] images = images();
        double[] losses = step(chain, images);
        double[] expected = gradients(chain);
        chain.parameters().forEach(Parameter::clearGradient);
        images[12] = Double.NaN;
        assertSameBits(step(chain, images), losses);
        assertSameBits(gradients(chain), expected);
    }

    private static double[] gradientsOfStep(List<Layer> layers) {
        LayerChain chain = connected(layers);
        step(chain, images());
        return gradients(chain);
    }

    /** Nothing of a NaN stays in a layer's memory. */
    @Test
    void step_afterOneWithNaN_givesBitsAsIfItHadNotBeen() {
        RandomSeed.repeat(20, random -> {
            List<Layer> layers = layers(new TanhLayer(), array(inner()));
            LayerChain chain = connected(layers);
            double[] images = images();
            images[random.nextInt(images.length)] = Double.NaN;
            step(chain, images);
            chain.parameters().forEach(Parameter::clearGradient);
            LayerChain fresh = connected(layers(new TanhLayer(), array(inner())));
            assertSameBits(step(chain, images()), step(fresh, images()));
            assertSameBits(gradients(chain), gradients(fresh));
        });
    }

    // ---- the search

    @Test
    void find_allFinite_findsNothing() {
        LayerChain chain = connected(layers(new TanhLayer(), array(inner())));
        assertThat(chain.findNotFinite(images(), LABELS)).isEmpty();
        assertThat(chain.findNotFiniteParameter()).isEmpty();
    }

    @Test
    void find_losses_areNamed() {
        class NoLoss extends PlainOutput {
            @Override
            public double[] losses(int[] labels) {
                return new double[] {1, Double.NEGATIVE_INFINITY, 3};
            }
        }

        LayerChain chain = new LayerChain(new ReLULayer(), new NoLoss());
        chain.connect(INPUT, new Random(1));
        step(chain, images());
        assertThat(chain.findNotFinite(images(), LABELS))
                .contains(new NotFinite("the losses", -1, 1, Double.NEGATIVE_INFINITY));
    }

    @Test
    void find_chainInChain_isNamed() {
        LayerChain chain = new LayerChain(
                new ReLULayer(),
                new LayerChain(new NotFiniteLayer(NotFiniteLayer.Target.OUTPUT, Double.NaN, 7, 2, 1)),
                new DenseSoftmaxLayer(INPUT.size(), 5));
        chain.connect(INPUT, new Random(1));
        step(chain, images());
        assertThat(chain.findNotFinite(images(), LABELS))
                .contains(new NotFinite(
                        "the output of layer 0, <NotFiniteLayer: OUTPUT> of layer 1, a chain", 1, 2, Double.NaN));
    }

    @Test
    void toString_anyPlace_isOneLine() {
        NotFinite found = new NotFinite("the output of layer 3, <GELULayer>", 3, 7, Double.NaN);
        assertThat(found).hasToString("NaN in the output of layer 3, <GELULayer>, image 7");
        assertThat(found.withImagesFrom(10)).hasToString("NaN in the output of layer 3, <GELULayer>, image 17");
        NotFinite parameter =
                new NotFinite("weights of layer 0, <DenseLayer: (2, 2)>", 0, -1, Double.NEGATIVE_INFINITY);
        assertThat(parameter.withImagesFrom(10))
                .isEqualTo(parameter)
                .hasToString("-Infinity in weights of layer 0, <DenseLayer: (2, 2)>");
    }
}
