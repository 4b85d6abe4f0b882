package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.DenseSoftmaxLayerTest.identity;
import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.sun.management.ThreadMXBean;
import dev.purecnn.RandomSeed;
import dev.purecnn.internal.kernel.CompiledKernels;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Class weights and label smoothing, as a value and in the layer that counts by them. */
class CrossEntropyTest {
    private static final double[] LOGITS = {1.5, -0.25, 0.75};

    private static DenseSoftmaxLayer counting(CrossEntropy loss, int classes) {
        DenseSoftmaxLayer layer = identity(classes);
        layer.use(loss);
        layer.training(true);
        return layer;
    }

    private static double loss(CrossEntropy counted, double[] logits, int label) {
        DenseSoftmaxLayer layer = counting(counted, logits.length);
        layer.forward(logits);
        return layer.losses(new int[] {label})[0];
    }

    /** The gradient of the logits, which the unit matrix of weights hands on. */
    private static double[] gradient(CrossEntropy counted, double[] logits, int label) {
        DenseSoftmaxLayer layer = counting(counted, logits.length);
        layer.forward(logits);
        return layer.backpropLabels(new int[] {label});
    }

    private static CrossEntropy random(int classes, Random random) {
        CrossEntropy loss = CrossEntropy.plain();
        if (random.nextBoolean()) {
            loss = loss.withClassWeights(
                    random.doubles(classes, 0.1, 5).toArray()); // a class that weighs 0 has no gradient to check
        }
        return random.nextInt(3) == 0 ? loss : loss.withLabelSmoothing(random.nextDouble());
    }

    // ---- values, by Python's decimal module with 60 digits

    @Test
    void losses_options_giveValuesOfManyDigits() {
        CrossEntropy smoothed = CrossEntropy.plain().withLabelSmoothing(0.3);
        CrossEntropy weighted = CrossEntropy.plain().withClassWeights(1, 2.5, 0.5);
        CrossEntropy both = smoothed.withClassWeights(1, 2.5, 0.5);
        double[] actual = {
            loss(smoothed, LOGITS, 0), loss(weighted, LOGITS, 1), loss(both, LOGITS, 2), loss(both, LOGITS, 1)
        };
        assertClose(
                actual,
                new double[] {0.7484334547431498, 5.6210836368578745, 0.6367167273715749, 4.9335836368578745},
                2e-16);
    }

    @Test
    void backpropLabels_options_giveValuesOfManyDigits() {
        CrossEntropy smoothed = CrossEntropy.plain().withLabelSmoothing(0.3);
        CrossEntropy both = smoothed.withClassWeights(1, 2.5, 0.5);
        assertClose(
                gradient(smoothed, LOGITS, 0),
                new double[] {-0.19251843793794154, 0.0055644666129602205, 0.18695397132498134},
                4e-16);
        assertClose(
                gradient(both, LOGITS, 1),
                new double[] {1.268703905155146, -1.7360888334675995, 0.4673849283124533},
                4e-16);
    }

    // ---- against the definition, long-hand

    @Test
    void losses_randomOptions_areTheDefinition() {
        RandomSeed.repeat(150, random -> {
            int classes = 1 + random.nextInt(8);
            double[] logits = gaussians(classes, random);
            CrossEntropy counted = random(classes, random);
            double[] each = new double[classes];
            Arrays.setAll(each, c -> DecimalLoss.loss(logits, c));
            for (int label = 0; label < classes; label++) {
                double expected = 0;
                for (int c = 0; c < classes; c++) {
                    expected += counted.weight(label) * target(counted, classes, label, c) * each[c];
                }
                assertThat(Math.abs(loss(counted, logits, label) - expected))
                        .as("%s for label %d of %s", counted, label, Arrays.toString(logits))
                        .isLessThanOrEqualTo(1e-14 * expected);
            }
        });
    }

    @Test
    void backpropLabels_randomOptions_areTheDefinition() {
        RandomSeed.repeat(150, random -> {
            int classes = 1 + random.nextInt(8);
            double[] logits = gaussians(classes, random);
            CrossEntropy counted = random(classes, random);
            double sum = Arrays.stream(logits).map(Math::exp).sum();
            for (int label = 0; label < classes; label++) {
                double[] actual = gradient(counted, logits, label);
                for (int c = 0; c < classes; c++) {
                    double expected =
                            counted.weight(label) * (Math.exp(logits[c]) / sum - target(counted, classes, label, c));
                    assertThat(Math.abs(actual[c] - expected))
                            .as("%s for label %d of %s", counted, label, Arrays.toString(logits))
                            .isLessThanOrEqualTo(1e-14);
                }
            }
        });
    }

    private static double target(CrossEntropy counted, int classes, int label, int c) {
        double smoothing = counted.labelSmoothing();
        return (c == label ? 1 - smoothing : 0) + smoothing / classes;
    }

    // ---- against differences

    private static void checkGradients(Layer layer, OutputLayer output, Shape input, CrossEntropy loss, Random random) {
        output.use(loss);
        layer.training(true);
        GradientCheck.Result result = GradientCheck.of(layer, input)
                .images(1 + random.nextInt(3))
                .seed(random.nextLong())
                .run();
        assertThat(result.worstRelativeError())
                .as(layer + " on " + input + " with " + loss + ": " + result)
                .isLessThanOrEqualTo(1e-7);
    }

    @Test
    void backprop_eachOptionAndBoth_passGradientCheck() {
        RandomSeed.repeat(200, random -> {
            Shape input = Shape.of(1 + random.nextInt(2), 1 + random.nextInt(4), 1 + random.nextInt(4));
            int classes = 1 + random.nextInt(9);
            CrossEntropy smoothed = CrossEntropy.plain().withLabelSmoothing(random.nextDouble());
            double[] weights = random.doubles(classes, 0.1, 5).toArray();
            for (CrossEntropy loss : new CrossEntropy[] {
                smoothed, CrossEntropy.plain().withClassWeights(weights), smoothed.withClassWeights(weights)
            }) {
                DenseSoftmaxLayer layer = new DenseSoftmaxLayer(input.size(), classes);
                checkGradients(layer, layer, input, loss, random);
            }
        });
    }

    @Test
    void backprop_chainWithOptions_passesGradientCheck() {
        RandomSeed.repeat(10, random -> {
            LayerChain chain = new LayerChain(
                    new ConvolutionalLayer(2, 3, 3), new TanhLayer(), new DenseSoftmaxLayer(3 * 4 * 5, 4));
            CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.1).withClassWeights(1, 0.25, 7, 2);
            checkGradients(chain, chain, Shape.of(2, 4, 5), loss, random);
        });
    }

    // ---- what stays as it is

    /** Losses, input gradient and gradients of a layer of seven classes, on three images. */
    private static double[] bits(CrossEntropy loss, boolean training) {
        DenseSoftmaxLayer layer = new DenseSoftmaxLayer(30, 7);
        layer.connect(Shape.vector(30), new Random(3));
        layer.use(loss);
        layer.training(training);
        return bits(layer);
    }

    private static double[] bits(OutputLayer layer) {
        layer.forward(gaussians(90, new Random(4)));
        int[] labels = {6, 0, 2};
        double[] losses = layer.losses(labels).clone();
        double[] inputGradient = layer.backpropLabels(labels);
        double[] gradients = gradients(layer);
        double[] all = Arrays.copyOf(losses, losses.length + inputGradient.length + gradients.length);
        System.arraycopy(inputGradient, 0, all, losses.length, inputGradient.length);
        System.arraycopy(gradients, 0, all, losses.length + inputGradient.length, gradients.length);
        return all;
    }

    @Test
    void use_optionsThatChangeNothing_givesBitsOfPlain() {
        double[] plain = bits(CrossEntropy.plain(), true);
        assertSameBits(bits(CrossEntropy.plain().withClassWeights(1, 1, 1, 1, 1, 1, 1), true), plain);
        assertSameBits(bits(CrossEntropy.plain().withLabelSmoothing(0), true), plain);
    }

    @Test
    void use_prediction_staysPlain() {
        CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.2).withClassWeights(1, 2, 3, 4, 5, 6, 7);
        assertSameBits(bits(loss, false), bits(CrossEntropy.plain(), true));
        assertThat(bits(loss, true)).isNotEqualTo(bits(loss, false));
    }

    @Test
    void use_replica_countsAlike() {
        CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.2).withClassWeights(1, 2, 3, 4, 5, 6, 7);
        LayerChain chain = new LayerChain(new DenseSoftmaxLayer(30, 7));
        chain.connect(Shape.vector(30), new Random(3));
        chain.use(loss);
        LayerChain replica = chain.replica();
        replica.training(true);
        assertSameBits(bits(replica), bits(loss, true));
        chain.use(CrossEntropy.plain());
        chain.training(true);
        assertSameBits(bits(chain), bits(CrossEntropy.plain(), true));
    }

    @Test
    void losses_anyFiniteLogits_areFinite() {
        double[] extremes = {Double.MAX_VALUE, -Double.MAX_VALUE, 1.7e308, -1.7e308, 0, 1000, -745.2};
        CrossEntropy[] losses = {
            CrossEntropy.plain().withLabelSmoothing(0.1),
            CrossEntropy.plain().withLabelSmoothing(Math.nextDown(1.0)),
            CrossEntropy.plain().withLabelSmoothing(Double.MIN_VALUE),
            CrossEntropy.plain().withClassWeights(0, 3, Double.MAX_VALUE),
            CrossEntropy.plain().withClassWeights(0, 3, Double.MAX_VALUE).withLabelSmoothing(0.4)
        };
        for (double first : extremes) {
            for (double second : extremes) {
                for (double third : extremes) {
                    for (CrossEntropy counted : losses) {
                        for (int label = 0; label < 3; label++) {
                            double[] logits = {first, second, third};
                            assertThat(loss(counted, logits, label)).isBetween(0.0, Double.MAX_VALUE);
                            for (double gradient : gradient(counted, logits, label)) {
                                assertThat(gradient).isFinite();
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void losses_classThatWeighsNothing_areZeroButForNaN() {
        CrossEntropy counted = CrossEntropy.plain().withClassWeights(0, 1, 1).withLabelSmoothing(0.1);
        assertThat(loss(counted, LOGITS, 0)).isZero();
        assertThat(gradient(counted, LOGITS, 0)).containsOnly(0.0);
        double[] logits = {1, Double.NaN, 3};
        assertThat(loss(counted, logits, 0)).isNaN();
        assertThat(gradient(counted, logits, 0)).containsOnly(Double.NaN);
    }

    @Test
    void step_options_allocatesNothing() {
        LayerChain chain = new LayerChain(new DenseSoftmaxLayer(30, 7));
        chain.connect(Shape.vector(30), new Random(3));
        CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.2).withClassWeights(1, 2, 3, 4, 5, 6, 7);
        chain.training(true);
        double[] images = gaussians(90, new Random(4));
        int[] labels = {6, 0, 2};
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        CompiledKernels.await();
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            chain.use(loss);
            chain.forward(images);
            chain.losses(labels);
            chain.backpropLabelsParameters(labels);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (i > 0) {
                assertThat(allocated).as("bytes allocated by step " + i).isZero();
            }
        }
    }

    // ---- the value

    @Test
    void options_chosen_areAnswered() {
        CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.1).withClassWeights(2, 0, 5);
        assertThat(loss.labelSmoothing()).isEqualTo(0.1);
        assertThat(loss.classWeights()).containsExactly(2, 0, 5);
        assertThat(loss.weight(2)).isEqualTo(5);
        assertThat(loss.isPlain()).isFalse();
        assertThat(CrossEntropy.plain().weight(2)).isEqualTo(1);
        assertThat(CrossEntropy.plain().classWeights()).isEmpty();
        assertThat(CrossEntropy.plain().isPlain()).isTrue();
        assertThat(CrossEntropy.plain().withClassWeights(1, 1).isPlain()).isTrue();
        assertThat(loss.withClassWeights().withLabelSmoothing(0)).isEqualTo(CrossEntropy.plain());
        assertThat(loss).hasToString("<CrossEntropy: labelSmoothing=0.1, classWeights=[2.0, 0.0, 5.0]>");
    }

    @Test
    void weights_changedAfterwards_doNotReachTheLoss() {
        double[] weights = {1, 2};
        CrossEntropy loss = CrossEntropy.plain().withClassWeights(weights);
        weights[0] = 9;
        loss.classWeights()[1] = 9;
        assertThat(loss.classWeights()).containsExactly(1, 2);
    }

    @Test
    void equals_sameOptions_isTrue() {
        CrossEntropy loss = CrossEntropy.plain().withLabelSmoothing(0.1).withClassWeights(1, 5);
        assertThat(loss)
                .isEqualTo(CrossEntropy.plain().withClassWeights(1, 5).withLabelSmoothing(0.1))
                .hasSameHashCodeAs(CrossEntropy.plain().withClassWeights(1, 5).withLabelSmoothing(0.1))
                .isNotEqualTo(loss.withLabelSmoothing(0.2))
                .isNotEqualTo(loss.withClassWeights(5, 1))
                .isNotEqualTo(null);
    }

    // ---- messages

    @Test
    void labelSmoothing_outOfRange_isRefused() {
        for (double epsilon : new double[] {-0.1, -Double.MIN_VALUE, 1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.plain().withLabelSmoothing(epsilon))
                    .withMessage("CrossEntropy: expected a label smoothing of at least 0 and below 1, got " + epsilon
                            + ". Use the part of each target that all classes share, such as 0.1.");
        }
    }

    @Test
    void classWeights_wrongOnes_areRefused() {
        for (double weight : new double[] {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CrossEntropy.plain().withClassWeights(1, weight, 3))
                    .withMessage("CrossEntropy: expected class weights of at least 0 and finite, got " + weight
                            + " for class 1. Use 1 for a class that counts as usual.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CrossEntropy.plain().withClassWeights(0, 0, 0))
                .withMessage("CrossEntropy: expected a class weight above 0, got 3 weights of 0. Use 1 for a class that"
                        + " counts as usual.");
        assertThatNullPointerException()
                .isThrownBy(() -> CrossEntropy.plain().withClassWeights((double[]) null))
                .withMessage("weights");
    }

    @Test
    void use_weightsForOtherClasses_isRefused() {
        LayerChain chain = new LayerChain(new ReLULayer(), new DenseSoftmaxLayer(30, 7));
        for (int count : new int[] {1, 6, 8}) {
            double[] weights = new double[count];
            Arrays.fill(weights, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> chain.use(CrossEntropy.plain().withClassWeights(weights)))
                    .withMessage("DenseSoftmaxLayer: expected 7 class weights, one per class, got " + count
                            + ". Name a weight for each class, 1 for those that count as usual.");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> new LayerChain(new ReLULayer()).use(CrossEntropy.plain()))
                .withMessageStartingWith("LayerChain: expected an OutputLayer at the end, got <ReLULayer>.");
    }

    @Test
    void use_outputLayerThatCountsPlainly_isRefused() {
        LayerChain chain = new LayerChain(new PlainOutput());
        chain.use(CrossEntropy.plain().withClassWeights(1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chain.use(CrossEntropy.plain().withLabelSmoothing(0.1)))
                .withMessage("PlainOutput: expected the plain loss, got <CrossEntropy: labelSmoothing=0.1,"
                        + " classWeights=[]>. Override use(CrossEntropy) in this layer, or train without class weights and"
                        + " label smoothing.");
    }
}
