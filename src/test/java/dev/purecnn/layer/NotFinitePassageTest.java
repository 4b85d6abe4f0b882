package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each layer by itself lets a NaN through, from each of its cells, forward and back. */
class NotFinitePassageTest {
    private static final Shape INPUT = Shape.of(4, 6, 7);
    private static final int N = 2;

    private static List<Layer> layers() {
        return List.of(
                new ConvolutionalLayer(4, 3, 3),
                ConvolutionalLayer.builder(4, 6)
                        .filterSize(2, 3)
                        .stride(2)
                        .padding(1)
                        .groups(2)
                        .build(),
                ConvolutionalLayer.builder(4, 4)
                        .groups(4)
                        .dilation(2)
                        .padding(0)
                        .build(),
                new BatchNormLayer(4),
                new GroupNormLayer(4, 2),
                GroupNormLayer.instance(4),
                new LayerNormLayer(INPUT.size()),
                new LocalResponseNormLayer(3),
                new ScaleShiftLayer(new double[] {2, -3, 4, 5}, new double[] {1, 2, 3, 4}),
                new ReLULayer(),
                new LeakyReLULayer(0.1),
                new ELULayer(0.7),
                new SELULayer(),
                new GELULayer(),
                GELULayer.exact(),
                new SiLULayer(),
                new SoftplusLayer(),
                new HardSwishLayer(),
                new HardSigmoidLayer(),
                new ClipLayer(-0.5, 1),
                new PReLULayer(),
                new PReLULayer(4),
                new SigmoidLayer(),
                new TanhLayer(),
                new DropoutLayer(0.5),
                new MaxPoolingLayer(2),
                new MaxPoolingLayer(3, 2),
                new AveragePoolingLayer(2),
                new AveragePoolingLayer(3, 2),
                new GlobalAveragePoolingLayer(),
                new GlobalMaxPoolingLayer(),
                new ResidualLayer(new ConvolutionalLayer(4, 4, 3), new ReLULayer()),
                new DenseLayer(INPUT.size(), 9),
                new DenseSoftmaxLayer(INPUT.size(), 5));
    }

    private interface LayerTest {
        void run(Layer layer, double[] images, double[] lossGradient);
    }

    /** Each layer, in prediction and in training. */
    private static void eachLayer(LayerTest test) {
        for (boolean training : new boolean[] {false, true}) {
            for (Layer layer : layers()) {
                Shape output = layer.connect(INPUT, new Random(1));
                layer.training(training);
                double[] images = gaussians(N * INPUT.size(), new Random(2));
                test.run(layer, images, gaussians(N * output.size(), new Random(3)));
            }
        }
    }

    private static boolean isFinite(double[] values) {
        return Arrays.stream(values).allMatch(Double::isFinite);
    }

    /** A cell that a window leaves out changes no output, no matter what it holds. */
    @Test
    void forward_nanInAnyCell_shows() {
        eachLayer((layer, images, lossGradient) -> {
            double[] expected = layer.forward(images).clone();
            for (int i = 0; i < images.length; i++) {
                double value = images[i];
                images[i] = 1e3;
                boolean counts = !Arrays.equals(layer.forward(images), expected);
                images[i] = -1e3;
                counts |= !Arrays.equals(layer.forward(images), expected);
                images[i] = Double.NaN;
                boolean shows = !isFinite(layer.forward(images));
                images[i] = value;
                assertThat(shows).as("%s, cell %d", layer, i).isEqualTo(counts || layer instanceof DropoutLayer);
            }
            assertSameBits(layer.forward(images), expected);
        });
    }

    @Test
    void backprop_nanInAnyGradient_shows() {
        eachLayer((layer, images, lossGradient) -> {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                for (int i = 0; i < lossGradient.length; i++) {
                    double value = lossGradient[i];
                    lossGradient[i] = bad;
                    layer.forward(images);
                    boolean finite = isFinite(layer.backprop(lossGradient));
                    lossGradient[i] = value;
                    if (!layer.parameters().isEmpty()) { // only they see it if no one asks for the input's
                        finite = isFinite(gradients(layer));
                        layer.parameters().forEach(Parameter::clearGradient);
                    }
                    assertThat(finite).as("%s, gradient %d", layer, i).isFalse();
                }
            }
        });
    }

    @Test
    void backprop_afterNaN_givesBitsAsIfItHadNotBeen() {
        eachLayer((layer, images, lossGradient) -> {
            layer.forward(images);
            double[] inputGradient = layer.backprop(lossGradient).clone();
            double[] parameterGradients = gradients(layer);
            double[] bad = new double[images.length];
            Arrays.fill(bad, Double.NaN);
            layer.forward(bad);
            layer.backprop(Arrays.copyOf(bad, lossGradient.length));
            layer.parameters().forEach(Parameter::clearGradient);
            layer.forward(images);
            assertSameBits(layer.backprop(lossGradient), inputGradient);
            assertSameBits(gradients(layer), parameterGradients);
        });
    }
}
