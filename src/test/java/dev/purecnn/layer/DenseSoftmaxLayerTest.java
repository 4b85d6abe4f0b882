package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DenseSoftmaxLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new DenseSoftmaxLayer(30, 7);
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
        return Shape.vector(7);
    }

    /** Logits are what comes in: weights are the unit matrix. */
    static DenseSoftmaxLayer identity(int classes) {
        DenseSoftmaxLayer layer = new DenseSoftmaxLayer(classes, classes);
        layer.connect(Shape.vector(classes), new Random(1));
        double[] weights = layer.parameters().get(0).values();
        Arrays.setAll(weights, i -> i / classes == i % classes ? 1 : 0);
        return layer;
    }

    private static double[] lossesOfEachLabel(double... logits) {
        DenseSoftmaxLayer layer = identity(logits.length);
        double[] losses = new double[logits.length];
        for (int label = 0; label < logits.length; label++) {
            layer.forward(logits);
            losses[label] = layer.losses(new int[] {label})[0];
        }
        return losses;
    }

    // ---- values. Where no comment says otherwise, from mpmath with 800 digits, rounded once

    @Test
    void forward_ordinaryLogits_givesProbabilities() {
        assertClose(
                identity(3).forward(new double[] {1.5, -0.25, 0.75}),
                new double[] {0.6074815620620585, 0.10556446661296022, 0.28695397132498135},
                2e-16);
        assertThat(identity(4).forward(new double[] {3, 3, 3, 3})).containsExactly(0.25, 0.25, 0.25, 0.25);
        assertThat(identity(2).forward(new double[] {1000, -1000})).containsExactly(1, 0);
        assertThat(identity(2).forward(new double[] {-1.7e308, 1.7e308})).containsExactly(0, 1);
        assertClose(
                identity(3).forward(new double[] {710, 711, 712}),
                new double[] {0.09003057317038046, 0.24472847105479764, 0.6652409557748219},
                2e-16);
        assertThat(identity(2).forward(new double[] {40, 0})).containsExactly(1, 4.248354255291589e-18);
    }

    @Test
    void losses_farApart_areExactToTheLastDigit() {
        assertSameBits(lossesOfEachLabel(1000, -1000), new double[] {0, 2000});
        assertSameBits(lossesOfEachLabel(40, 0), new double[] {4.248354255291589e-18, 40});
        assertSameBits(lossesOfEachLabel(0, 40, 0), new double[] {40, 8.496708510583178e-18, 40});
    }

    @Test
    void losses_equalLogits_areLogarithmOfClasses() {
        for (double logit : new double[] {0, 3, -1000, 1.7e308, -1.7e308}) {
            assertSameBits(lossesOfEachLabel(logit, logit), new double[] {0.6931471805599453, 0.6931471805599453});
            assertThat(lossesOfEachLabel(logit, logit, logit, logit)).containsOnly(1.3862943611198906);
        }
        double[] ten = new double[10];
        assertThat(lossesOfEachLabel(ten)).containsOnly(2.302585092994046); // ln 10
        assertSameBits(lossesOfEachLabel(5), new double[] {0});
    }

    /** The largest double would hide from a training that the layer before overflowed. */
    @Test
    void losses_infiniteLogit_areInfinite() {
        DenseSoftmaxLayer layer = identity(2);
        Arrays.setAll(layer.parameters().get(0).values(), i -> i % 3 == 0 ? 2 : 0);
        layer.forward(new double[] {0, -Double.MAX_VALUE});
        assertThat(layer.losses(new int[] {1})).containsExactly(Double.POSITIVE_INFINITY);
        assertThat(layer.losses(new int[] {0})).containsExactly(0); // the other class's logit does not count
        layer.use(CrossEntropy.plain().withLabelSmoothing(0.1));
        layer.training(true);
        assertThat(layer.losses(new int[] {0})).containsExactly(Double.POSITIVE_INFINITY); // now it does
        layer.forward(new double[] {0, Double.MAX_VALUE});
        assertThat(layer.losses(new int[] {1})).containsExactly(Double.NaN);
    }

    /** Two finite logits may lie further apart than the largest double; the loss is then the largest double. */
    @Test
    void losses_anyFiniteLogits_areFinite() {
        assertSameBits(lossesOfEachLabel(1.7e308, -1.7e308), new double[] {0, Double.MAX_VALUE});
        assertSameBits(lossesOfEachLabel(1e308, -0.5e308), new double[] {0, 1.5e308});
        double[] extremes = {
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1.7e308,
            -1.7e308,
            0,
            -0.0,
            Double.MIN_VALUE,
            -1000,
            1000,
            40,
            710,
            -745.2
        };
        for (double first : extremes) {
            for (double second : extremes) {
                for (double third : extremes) {
                    for (double loss : lossesOfEachLabel(first, second, third)) {
                        assertThat(loss).isBetween(0.0, Double.MAX_VALUE);
                    }
                }
            }
        }
    }

    @Test
    void losses_ordinaryLogits_areExactToTheLastDigits() {
        double[][] logits = {{1.5, -0.25, 0.75}, {710, 711, 712}, {-745, -746}};
        double[][] expected = {
            {0.4984334547431499, 2.2484334547431497, 1.24843345474315},
            {2.40760596444438, 1.4076059644443804, 0.4076059644443803},
            {0.3132616875182228, 1.3132616875182228}
        };
        for (int i = 0; i < logits.length; i++) {
            double[] losses = lossesOfEachLabel(logits[i]);
            for (int label = 0; label < losses.length; label++) {
                assertThat(Math.abs(losses[label] - expected[i][label]))
                        .isLessThanOrEqualTo(Math.ulp(expected[i][label]));
            }
        }
    }

    @Test
    void losses_randomLogits_agreeWithManyDigits() {
        RandomSeed.repeat(150, random -> {
            int classes = 2 + random.nextInt(9);
            double spread = Math.pow(10, random.nextInt(4) - 1);
            double[] logits = Arrays.stream(gaussians(classes, random))
                    .map(x -> x * spread)
                    .toArray();
            double[] losses = lossesOfEachLabel(logits);
            for (int label = 0; label < classes; label++) {
                double expected = DecimalLoss.loss(logits, label);
                assertThat(Math.abs(losses[label] - expected))
                        .as("%s for label %d: %s, not %s", Arrays.toString(logits), label, losses[label], expected)
                        .isLessThanOrEqualTo(4 * Math.ulp(expected));
            }
        });
    }

    @Test
    void losses_nanOrInfiniteLogit_isNotHidden() {
        for (int place = 0; place < 3; place++) {
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                double[] logits = {1, 2, 3};
                logits[place] = bad;
                DenseSoftmaxLayer layer = identity(3);
                assertThat(layer.forward(logits)).containsOnly(Double.NaN);
                for (int label = 0; label < 3; label++) {
                    assertThat(layer.losses(new int[] {label})).containsOnly(Double.NaN);
                    assertThat(Double.isNaN(layer.backpropLabels(new int[] {label})[label]))
                            .isTrue();
                }
            }
        }
    }

    // ---- gradients

    /** Where the label's probability is 1 - 4e-18, {@code probability - 1} would be 0. */
    @Test
    void backpropLabels_certainAndRight_keepsTheLittleThatIsLeft() {
        DenseSoftmaxLayer layer = identity(2);
        layer.forward(new double[] {40, 0});
        assertSameBits(
                layer.backpropLabels(new int[] {0}), new double[] {-4.248354255291589e-18, 4.248354255291589e-18});
    }

    /** Where the label's probability is 0, {@code -1 / probability} would be infinite. */
    @Test
    void backpropLabels_certainAndWrong_isProbabilityMinusOneHot() {
        DenseSoftmaxLayer layer = identity(2);
        layer.forward(new double[] {1000, -1000});
        assertSameBits(layer.backpropLabels(new int[] {1}), new double[] {1, -1});
        assertSameBits(layer.parameters().get(1).gradient(), new double[] {1, -1});
        assertSameBits(layer.parameters().get(0).gradient(), new double[] {1000, -1000, -1000, 1000});
    }

    @Test
    void backpropLabels_batch_givesBitsOfSingleImages() {
        DenseSoftmaxLayer batch = (DenseSoftmaxLayer) connected();
        DenseSoftmaxLayer single = (DenseSoftmaxLayer) connected();
        int[] labels = {3, 0, 6, 3};
        batch.forward(images(4));
        double[] losses = batch.losses(labels);
        double[] inputGradient = batch.backpropLabels(labels);
        for (int i = 0; i < 4; i++) {
            single.forward(image(images(4), i, 30));
            int[] label = {labels[i]};
            assertSameBits(single.losses(label), new double[] {losses[i]});
            assertSameBits(single.backpropLabels(label), image(inputGradient, i, 30));
        }
        for (int p = 0; p < 2; p++) {
            assertSameBits(
                    single.parameters().get(p).gradient(),
                    batch.parameters().get(p).gradient());
        }
    }

    @Test
    void backprop_randomSizes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape shape = Shape.of(1 + random.nextInt(2), 1 + random.nextInt(4), 1 + random.nextInt(4));
            DenseSoftmaxLayer layer = new DenseSoftmaxLayer(shape.size(), 1 + random.nextInt(9));
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError())
                    .as(layer + " on " + shape + ": " + result)
                    .isLessThanOrEqualTo(1e-7);
        });
    }

    // ---- messages

    @Test
    void labels_wrongOnes_areRefused() {
        DenseSoftmaxLayer layer = (DenseSoftmaxLayer) connected();
        layer.forward(images(2));
        for (int[] labels : new int[][] {{}, {1}, {1, 2, 3}}) {
            String words = "DenseSoftmaxLayer: expected 2 labels, one per image, got " + labels.length
                    + ". Pass the labels of the last forward's images.";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.losses(labels))
                    .withMessage(words);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.backpropLabels(labels))
                    .withMessage(words);
        }
        for (int label : new int[] {-1, 7, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            String words = "DenseSoftmaxLayer: expected labels from 0 to 6, got " + label
                    + " for image 1. Correct the label," + " or build the layer with more classes.";
            int[] labels = {6, label};
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.losses(labels))
                    .withMessage(words);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.backpropLabels(labels))
                    .withMessage(words);
        }
        assertThatNullPointerException().isThrownBy(() -> layer.losses(null)).withMessage("labels");
        assertThat(layer.parameters().get(1).gradient()).containsOnly(0);
    }

    @Test
    void labels_beforeForward_areRefused() {
        DenseSoftmaxLayer layer = (DenseSoftmaxLayer) connected();
        String words = "DenseSoftmaxLayer: expected forward before backprop, got backprop first. Call forward.";
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.losses(new int[] {1}))
                .withMessage(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.backpropLabels(new int[] {1}))
                .withMessage(words);
    }

    @Test
    void constructorAndConnect_wrongSizes_areRefused() {
        for (int[] sizes : new int[][] {{0, 10}, {10, 0}, {-3, 10}, {10, -1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DenseSoftmaxLayer(sizes[0], sizes[1]))
                    .withMessage("DenseSoftmaxLayer: expected at least 1 input and 1 output, got " + sizes[0]
                            + " inputs and " + sizes[1] + " outputs. Give both a positive size.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DenseSoftmaxLayer(65_536, 65_536))
                .withMessageStartingWith("Shape: expected at most 2147483647 values, got 1 x 65536 x 65536.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DenseSoftmaxLayer(196, 10).connect(Shape.of(1, 28, 28), new Random(1)))
                .withMessage(
                        "DenseSoftmaxLayer: expected 196 input values, got 784 (1 x 28 x 28). Build the layer with 784"
                                + " inputs.");
        assertThat(new DenseSoftmaxLayer(196, 10)).hasToString("<DenseSoftmaxLayer: (196, 10)>");
    }
}
