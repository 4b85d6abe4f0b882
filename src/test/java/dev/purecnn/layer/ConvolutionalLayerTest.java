package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.counting;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The values of a convolution. Whole numbers, so that they are exact in any order of the sums. */
class ConvolutionalLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return ConvolutionalLayer.builder(2, 3)
                .filterSize(2, 3)
                .stride(2)
                .padding(1)
                .build();
    }

    @Override
    int numParameters() {
        return 2;
    }

    @Override
    Shape input() {
        return Shape.of(2, 5, 7);
    }

    @Override
    Shape output() {
        return Shape.of(3, 3, 4);
    }

    private static void set(Layer layer, double[] weights, double... biases) {
        System.arraycopy(weights, 0, layer.parameters().get(0).values(), 0, weights.length);
        if (biases.length > 0) {
            System.arraycopy(biases, 0, layer.parameters().get(1).values(), 0, biases.length);
        }
    }

    private static double[] weightGradient(Layer layer) {
        return layer.parameters().get(0).gradient();
    }

    private static double[] biasGradient(Layer layer) {
        return layer.parameters().get(1).gradient();
    }

    // ---- worked by hand

    /**
     * The first output: the window's upper row and left column are padding, so that it is 5 + 1 * 10 + 2 * 17 + 13 * 15 + 14
     * * -15 = 34.
     */
    @Test
    void forwardAndBackprop_strideAndPadding_giveHandWorkedValues() {
        Layer layer = newLayer();
        layer.connect(Shape.of(2, 3, 4), new Random(1));
        double[] weights = {
            -18, -11, -4, 3, 10, 17, -13, -6, 1, 8, 15, -15,
            -8, -1, 6, 13, -17, -10, -3, 4, 11, 18, -12, -5,
            2, 9, 16, -14, -7, 0, 7, 14, -16, -9, -2, 5
        };
        set(layer, weights, 5, -11, 23);
        assertThat(layer.forward(counting(1, 24)))
                .containsExactly(34, 206, 87, -35, -274, -84, -329, 47, 60, -102, 119, -43);
        assertThat(layer.backprop(new double[] {3, -1, 4, 2, -5, 9, -2, 6, 8, -7, 10, 1}))
                .containsExactly(
                        59, 313, -114, -107, 48, 50, -19, 44, 4, 158, -89, -26, 89, 237, -109, -65, 108, -215, 26, 52,
                        64, 115, -44, -55);
        assertThat(weightGradient(layer))
                .containsExactly(
                        12, 34, 40, 18, 58, 66, 36, 106, 112, 30, 154, 162, 36, 32, 36, 78, 70, 78, 108, 80, 84, 258,
                        166, 174, 6, 57, 68, -4, 88, 100, 18, 189, 200, -76, 232, 244);
        assertThat(biasGradient(layer)).containsExactly(8, 8, 12);
    }

    /** The first output: 100 + 1 * 1 + 3 * -2 + 11 * 3 + 13 * 4 = 180. */
    @Test
    void forwardAndBackprop_dilation_giveHandWorkedValues() {
        Layer layer = ConvolutionalLayer.builder(1, 2)
                .filterSize(2)
                .dilation(2)
                .padding(0)
                .build();
        assertThat(layer.connect(Shape.of(1, 4, 5), new Random(1))).isEqualTo(Shape.of(2, 2, 3));
        set(layer, new double[] {1, -2, 3, 4, -5, 6, 7, -9}, 100, -200);
        assertThat(layer.forward(counting(1, 20)))
                .containsExactly(180, 186, 192, 210, 216, 222, -227, -228, -229, -232, -233, -234);
        assertThat(layer.backprop(new double[] {1, -2, 3, -4, 5, 6, 7, -8, 9, 10, -11, 12}))
                .containsExactly(
                        -34, 38, -2, -44, 48, -54, 60, 14, -76, 60, 52, -62, 13, 64, -69, 58, -62, -4, 119, -84);
        assertThat(weightGradient(layer)).containsExactly(65, 83, 155, 173, 97, 135, 287, 325);
        assertThat(biasGradient(layer)).containsExactly(9, 19);
    }

    /** The first output: 1000 + 1 * 50 + 2 * 60 + 4 * 80 + 5 * 91 = 1945; a flipped filter would give 1280. */
    @Test
    void forwardAndBackprop_notebooksConstructor_giveHandWorkedValues() {
        Layer layer = new ConvolutionalLayer(1, 1, 3);
        assertThat(layer.connect(Shape.of(1, 2, 3), new Random(1))).isEqualTo(Shape.of(1, 2, 3));
        set(layer, new double[] {10, 20, 30, 40, 50, 60, 70, 80, 91}, 1000);
        assertThat(layer.forward(counting(1, 6))).containsExactly(1945, 2546, 2060, 1580, 1910, 1580);
        assertThat(layer.backprop(new double[] {1, -2, 3, -4, 5, 7})).containsExactly(-60, 130, 320, -60, 431, 708);
        assertThat(weightGradient(layer)).containsExactly(19, 27, 7, 59, 57, 6, 7, 12, -7);
        assertThat(biasGradient(layer)).containsExactly(10);
    }

    @Test
    void forward_strideBeyondImage_seesOneWindow() {
        Layer layer = ConvolutionalLayer.builder(1, 1)
                .filterSize(1)
                .stride(Integer.MAX_VALUE)
                .build();
        assertThat(layer.connect(Shape.of(1, 3, 4), new Random(1))).isEqualTo(Shape.of(1, 1, 1));
        set(layer, new double[] {7}, 2);
        assertThat(layer.forward(counting(5, 12))).containsExactly(37);
        assertThat(layer.backprop(new double[] {3})).containsExactly(21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(weightGradient(layer)).containsExactly(15);
    }

    /** A window that lies in the padding alone gives its bias. */
    @Test
    void forward_paddingWiderThanFilter_givesBiasAtBorder() {
        Layer layer =
                ConvolutionalLayer.builder(1, 1).filterSize(1, 2).padding(2).build();
        assertThat(layer.connect(Shape.of(1, 1, 1), new Random(1))).isEqualTo(Shape.of(1, 5, 4));
        set(layer, new double[] {3, 5}, 11);
        assertThat(layer.forward(new double[] {2}))
                .containsExactly(11, 11, 11, 11, 11, 11, 11, 11, 11, 21, 17, 11, 11, 11, 11, 11, 11, 11, 11, 11);
    }

    @Test
    void forward_weightsChanged_usesNewOnes() {
        Layer layer = new ConvolutionalLayer(1, 1, 1);
        layer.connect(Shape.of(1, 1, 2), new Random(1));
        set(layer, new double[] {2}, 0);
        assertThat(layer.forward(new double[] {3, 5})).containsExactly(6, 10);
        set(layer, new double[] {7}, 1);
        assertThat(layer.backprop(new double[] {1, 10})).containsExactly(7, 70);
        assertThat(layer.forward(new double[] {3, 5})).containsExactly(22, 36);
    }

    /** The first output: 2 * 1 + 3 * 2 = 8. */
    @Test
    void forwardAndBackprop_withoutBias_giveHandWorkedValues() {
        Layer layer = ConvolutionalLayer.builder(1, 2)
                .filterSize(1, 2)
                .padding(0)
                .bias(false)
                .build();
        layer.connect(Shape.of(1, 1, 3), new Random(1));
        assertThat(layer.parameters()).hasToString("[weights (2 x 1 x 2)]");
        set(layer, new double[] {2, 3, 5, -7});
        assertThat(layer.forward(new double[] {1, 2, 4})).containsExactly(8, 16, -9, -18);
        assertThat(layer.backprop(new double[] {10, 20, 30, 40})).containsExactly(170, 60, -220);
        assertThat(weightGradient(layer)).containsExactly(50, 100, 110, 220);
        assertThat(layer.replica().parameters()).hasSize(1);
    }

    @Test
    void description_withoutBias_makesAnEqualLayer() {
        Layer layer = ConvolutionalLayer.builder(4, 6).groups(2).bias(false).build();
        assertThat(layer).hasToString("<ConvolutionalLayer: (4, 6, 3), groups=2, bias=false, momentum=0.0>");
        Layer made = LayerRegistry.builtIn()
                .layers(List.of(layer.description()), 108)
                .get(0);
        assertThat(made.description()).isEqualTo(layer.description());
        assertThat(made).hasToString(layer.toString());
        assertThat(newLayer().description().options()).doesNotContainKey("bias"); // as in older files
    }

    // ---- NaN

    @Test
    void forward_nan_reachesExactlyTheWindowsThatHoldIt() {
        Layer layer = new ConvolutionalLayer(1, 2, 3);
        layer.connect(Shape.of(1, 5, 6), new Random(1));
        double[] images = gaussians(60, new Random(2));
        images[2 * 6 + 3] = Double.NaN;
        double[] outputs = layer.forward(images);
        for (int i = 0; i < outputs.length; i++) {
            int row = i / 6 % 5;
            int col = i % 6;
            boolean reached = i < 60 && Math.abs(row - 2) < 2 && Math.abs(col - 3) < 2;
            assertThat(Double.isNaN(outputs[i])).as("output " + i).isEqualTo(reached);
        }
    }

    // ---- weights

    @Test
    void connect_manyWeights_drawsHeVariance() {
        Layer layer = new ConvolutionalLayer(20, 60, 5);
        layer.connect(Shape.of(20, 1, 1), new Random(1));
        double[] weights = layer.parameters().get(0).values();
        double squares = 0;
        for (double weight : weights) {
            squares += weight * weight;
        }
        // N(0, 2 / fanIn): 30,000 draws are within 2.5 % in all but one of 400 cases
        assertThat(squares / weights.length * (20 * 5 * 5)).isBetween(1.95, 2.05);
        assertThat(layer.parameters().get(1).values()).containsOnly(0);
    }

    @Test
    void parameters_convolution_haveNamesShapesAndMomentum() {
        Layer layer = new ConvolutionalLayer(2, 5, 3, 0.75);
        assertThat(layer.parameters()).hasToString("[weights (10 x 3 x 3), biases (5 x 1 x 1)]");
        assertThat(layer.parameters()).allMatch(parameter -> parameter.momentum() == 0.75);
    }

    @Test
    void multiplyAdds_stride_countsOutputsTimesWeights() {
        Layer layer = newLayer();
        layer.connect(input(), new Random(1));
        assertThat(layer.multiplyAdds()).isEqualTo(3 * 2 * 2 * 3 * (3 * 4));
    }

    // ---- against differences

    @Test
    void backprop_randomOptions_passGradientCheck() {
        checkGradients(200, RandomConvolution::draw);
    }

    @Test
    void backprop_manyChannels_passGradientCheck() {
        checkGradients(3, RandomConvolution::drawManyChannels);
    }

    @Test
    void backprop_winograd_passesGradientCheck() {
        checkGradients(1, random -> new RandomConvolution(Shape.of(32, 2, 4), new ConvolutionalLayer(32, 32, 3)));
    }

    private static void checkGradients(int times, Function<Random, RandomConvolution> draw) {
        RandomSeed.repeat(times, random -> {
            RandomConvolution drawn = draw.apply(random);
            GradientCheck.Result result = GradientCheck.of(drawn.layer(), drawn.input())
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(drawn + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    /** A bias's gradient with weights all 0: nothing of the image is in it. */
    @Test
    void backprop_zeroWeights_keepsBiasGradient() {
        Layer layer = newLayer();
        layer.connect(input(), new Random(1));
        set(layer, new double[36]);
        double[] images = gaussians(70, new Random(2));
        assertThat(layer.forward(images)).containsOnly(0);
        double[] lossGradient = counting(1, 36);
        assertThat(layer.backprop(lossGradient)).containsOnly(0);
        assertSameBits(biasGradient(layer), new double[] {78, 222, 366});
    }
}
