package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static dev.purecnn.layer.TestArrays.image;
import static dev.purecnn.layer.TestArrays.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.purecnn.internal.kernel.CompiledKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every layer. Each layer's test extends it. */
abstract class LayerContract {

    /** A new layer, not connected. */
    abstract Layer newLayer();

    /** The images that it is connected to; more than one value each. */
    abstract Shape input();

    /** The declared shape of its output. */
    abstract Shape output();

    /** How many parameters it has: what is said of those below says nothing of a layer that has none. */
    int numParameters() {
        return 0;
    }

    /** What its messages call it. */
    String name() {
        return newLayer().getClass().getSimpleName();
    }

    Layer connected() {
        return connected(7);
    }

    private Layer connected(long seed) {
        Layer layer = newLayer();
        layer.connect(input(), new Random(seed));
        return layer;
    }

    double[] images(int n) {
        return gaussians(n * input().size(), new Random(n));
    }

    double[] lossGradient(int n) {
        return gaussians(n * output().size(), new Random(100 + n));
    }

    // ---- connect

    @Test
    void connect_anyLayer_declaresRealOutputSize() {
        Layer layer = newLayer();
        assertThat(layer.connect(input(), new Random(1))).isEqualTo(output());
        for (int n = 1; n <= 3; n++) {
            assertThat(layer.forward(images(n))).hasSize(n * output().size());
            assertThat(layer.backprop(lossGradient(n))).hasSize(n * input().size());
        }
    }

    @Test
    void connect_equalSeeds_giveEqualWeights() {
        assumeThat(numParameters()).isPositive();
        assertSameBits(values(connected(7)), values(connected(7)));
        assertThat(values(connected(7))).isNotEqualTo(values(connected(8)));
    }

    @Test
    void connect_null_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> newLayer().connect(null, new Random(1)))
                .withMessage("input");
        assertThatNullPointerException()
                .isThrownBy(() -> newLayer().connect(input(), null))
                .withMessage("random");
    }

    @Test
    void connect_twice_isRefused() {
        Layer layer = connected();
        double[] before = values(layer);
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.connect(input(), new Random(2)))
                .withMessageStartingWith(name() + ": expected to be connected once, got a second connect. Make ");
        assertSameBits(values(layer), before);
    }

    // ---- order of calls

    @Test
    void forward_beforeConnect_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> newLayer().forward(images(1)))
                .withMessageContaining(
                        ": expected connect before forward, got forward first. Put the layer into a network,"
                                + " or call connect.");
    }

    @Test
    void backprop_beforeForward_isRefused() {
        String words = ": expected forward before backprop, got backprop first. Call forward.";
        assertThatIllegalStateException()
                .isThrownBy(() -> connected().backprop(lossGradient(1)))
                .withMessageEndingWith(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> connected().backpropParameters(lossGradient(1)))
                .withMessageEndingWith(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> newLayer().backprop(lossGradient(1)))
                .withMessageEndingWith(words);
    }

    @Test
    void replica_beforeConnect_isRefused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> newLayer().replica())
                .withMessageContaining(": expected connect before replica, got replica first. ");
    }

    // ---- what comes in

    @Test
    void forward_wrongLength_isRefused() {
        Layer layer = connected();
        int size = input().size();
        for (int length : new int[] {0, size - 1, size + 1, 2 * size - 1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.forward(new double[length]))
                    .withMessageEndingWith(": expected " + size + " input values (" + input() + ") per image, got "
                            + length + ". Pass whole images, back to back.");
        }
    }

    @Test
    void forward_afterRefusal_backpropStillBelongsToLastGoodForward() {
        Layer layer = connected();
        layer.forward(images(2));
        double[] expected = layer.backprop(lossGradient(2)).clone();
        assertThatIllegalArgumentException().isThrownBy(() -> layer.forward(new double[0]));
        assertSameBits(layer.backprop(lossGradient(2)), expected);
    }

    @Test
    void backprop_wrongLength_isRefused() {
        Layer layer = connected();
        layer.forward(images(2));
        int size = 2 * output().size();
        for (int length : new int[] {0, size / 2, size - 1, size + 1}) {
            String words = ": expected " + size + " loss gradients (2 images of " + output() + "), got " + length
                    + ". Pass the gradient of the last forward's output.";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.backprop(new double[length]))
                    .withMessageEndingWith(words);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> layer.backpropParameters(new double[length]))
                    .withMessageEndingWith(words);
        }
        assertThat(gradients(layer)).containsOnly(new double[gradients(layer).length]);
    }

    @Test
    void forwardAndBackprop_null_areRefused() {
        Layer layer = connected();
        assertThatNullPointerException().isThrownBy(() -> layer.forward(null)).withMessage("images");
        layer.forward(images(1));
        assertThatNullPointerException().isThrownBy(() -> layer.backprop(null)).withMessage("lossGradient");
    }

    @Test
    void forwardAndBackprop_arrays_areNotModified() {
        Layer layer = connected();
        double[] images = images(2);
        double[] lossGradient = lossGradient(2);
        layer.forward(images);
        layer.backprop(lossGradient);
        layer.backpropParameters(lossGradient);
        assertSameBits(images, images(2));
        assertSameBits(lossGradient, lossGradient(2));
    }

    @Test
    void backprop_lossGradientChangedAfterwards_isNotKept() {
        Layer layer = connected();
        layer.forward(images(1));
        double[] lossGradient = lossGradient(1);
        double[] expected = layer.backprop(lossGradient).clone();
        Arrays.fill(lossGradient, 99);
        assertSameBits(layer.backprop(lossGradient(1)), expected);
    }

    @Test
    void forward_nan_isNotHidden() {
        Layer layer = connected();
        for (double nan : new double[] {Double.NaN, Double.longBitsToDouble(0xfff8000000000000L)}) {
            double[] images = images(1);
            // a cell in the middle: no layer leaves that one out
            images[input().size() / 2] = nan;
            assertThat(Arrays.stream(layer.forward(images)).anyMatch(Double::isNaN))
                    .isTrue();
            assertThat(Arrays.stream(layer.backprop(lossGradient(1))).allMatch(g -> g == 0))
                    .isFalse();
        }
    }

    @Test
    void backprop_nan_isNotHidden() {
        Layer layer = connected();
        layer.forward(images(1));
        double[] lossGradient = lossGradient(1);
        Arrays.fill(lossGradient, Double.NaN);
        assertThat(Arrays.stream(layer.backprop(lossGradient)).anyMatch(Double::isNaN))
                .isTrue();
        assertThat(Arrays.stream(gradients(layer)).allMatch(Double::isNaN)).isTrue();
    }

    @Test
    void forward_afterNan_forgetsIt() {
        Layer layer = connected();
        double[] images = images(2);
        Arrays.fill(images, Double.NaN);
        layer.forward(images);
        layer.backprop(lossGradient(2));
        layer.parameters().forEach(Parameter::clearGradient);
        Layer fresh = connected();
        assertSameBits(layer.forward(images(2)), fresh.forward(images(2)));
        assertSameBits(layer.backprop(lossGradient(2)), fresh.backprop(lossGradient(2)));
        assertSameBits(gradients(layer), gradients(fresh));
    }

    // ---- batches

    @Test
    void forwardAndBackprop_batch_givesBitsOfSingleImages() {
        Layer batch = connected();
        Layer single = connected();
        double[] images = images(5);
        double[] lossGradient = lossGradient(5);
        double[] outputs = batch.forward(images).clone();
        double[] inputGradients = batch.backprop(lossGradient).clone();
        for (int i = 0; i < 5; i++) {
            assertSameBits(single.forward(image(images, i, input().size())), image(outputs, i, output().size()));
            assertSameBits(
                    single.backprop(image(lossGradient, i, output().size())), image(inputGradients, i, input().size()));
        }
        assertSameBits(gradients(single), gradients(batch));
    }

    @Test
    void forward_batchSizesInTurn_giveBitsOfFreshLayer() {
        Layer layer = connected();
        for (int n : new int[] {3, 1, 4, 2, 5, 6, 3, 1, 7, 5}) {
            Layer fresh = connected();
            layer.parameters().forEach(Parameter::clearGradient);
            assertSameBits(layer.forward(images(n)), fresh.forward(images(n)));
            assertSameBits(layer.backprop(lossGradient(n)), fresh.backprop(lossGradient(n)));
            assertSameBits(gradients(layer), gradients(fresh));
        }
    }

    // ---- gradients

    @Test
    void backprop_twice_addsParameterGradients() {
        assumeThat(numParameters()).isPositive();
        Layer layer = connected();
        layer.forward(images(2));
        double[] inputGradient = layer.backprop(lossGradient(2)).clone();
        double[] once = gradients(layer);
        assertThat(once).isNotEqualTo(new double[once.length]);
        assertSameBits(layer.backprop(lossGradient(2)), inputGradient);
        assertClose(gradients(layer), Arrays.stream(once).map(g -> 2 * g).toArray(), 1e-14);
    }

    @Test
    void backpropParameters_givesBitsOfBackprop() {
        assumeThat(numParameters()).isPositive();
        Layer layer = connected();
        Layer other = connected();
        layer.forward(images(3));
        other.forward(images(3));
        layer.backprop(lossGradient(3));
        other.backpropParameters(lossGradient(3));
        assertSameBits(gradients(other), gradients(layer));
    }

    @Test
    void forwardAndBackprop_anySeed_passGradientCheck() {
        GradientCheck.Result result =
                GradientCheck.of(newLayer(), input()).images(3).seed(5).run();
        assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
    }

    @Test
    void parameters_always_areTheSameObjects() {
        Layer layer = connected();
        List<Parameter> before = layer.parameters();
        assertThat(before).hasSize(numParameters());
        layer.forward(images(1));
        // parameters are equal only to themselves
        assertThat(layer.parameters()).isEqualTo(before);
    }

    // ---- replicas

    @Test
    void replica_connectedLayer_sharesValuesAndGivesEqualBits() {
        Layer layer = connected();
        Layer replica = layer.replica();
        assertThat(replica).isNotSameAs(layer).hasSameClassAs(layer).hasToString(layer.toString());
        double[] outputs = layer.forward(images(2)).clone();
        double[] inputGradient = layer.backprop(lossGradient(2)).clone();
        double[] gradients = gradients(layer);
        assertThat(gradients(replica)).containsOnly(new double[gradients.length]);

        assertSameBits(replica.forward(images(2)), outputs);
        assertSameBits(replica.backprop(lossGradient(2)), inputGradient);
        assertSameBits(gradients(replica), gradients);
        assertSameBits(gradients(layer), gradients);
        for (int i = 0; i < layer.parameters().size(); i++) {
            Parameter own = layer.parameters().get(i);
            Parameter others = replica.parameters().get(i);
            assertThat(others.values()).isSameAs(own.values());
            assertThat(others.gradient()).isNotSameAs(own.gradient());
            assertThat(others.name()).isEqualTo(own.name());
            assertThat(others.shape()).isEqualTo(own.shape());
            assertThat(others.momentum()).isEqualTo(own.momentum());
        }
    }

    @Test
    void replica_afterUpdate_seesIt() {
        assumeThat(numParameters()).isPositive();
        Layer layer = connected();
        Layer replica = layer.replica();
        replica.forward(images(1));
        layer.parameters().forEach(parameter -> Arrays.setAll(parameter.values(), i -> 0.01 * (i % 7) - 0.02));
        double[] expected = layer.forward(images(1)).clone();
        assertSameBits(replica.forward(images(1)), expected);
    }

    @Test
    void replica_ofReplica_works() {
        Layer layer = connected();
        double[] expected = layer.forward(images(1)).clone();
        assertSameBits(layer.replica().replica().forward(images(1)), expected);
    }

    @Test
    void replica_inUse_leavesOriginalAlone() {
        Layer layer = connected();
        Layer replica = layer.replica();
        double[] outputs = layer.forward(images(2));
        double[] kept = outputs.clone();
        replica.forward(images(3));
        replica.backprop(lossGradient(3));
        assertSameBits(outputs, kept);
        Layer alone = connected();
        alone.forward(images(2));
        assertSameBits(layer.backprop(lossGradient(2)), alone.backprop(lossGradient(2)));
    }

    // ---- memory

    @Test
    void forwardAndBackprop_afterFirstCall_allocateNothing() {
        Layer layer = connected();
        double[] three = images(3);
        double[] one = images(1);
        double[] threeGradients = lossGradient(3);
        double[] oneGradients = lossGradient(1);
        Runnable calls = () -> {
            layer.forward(three);
            layer.backprop(threeGradients);
            layer.backpropParameters(threeGradients);
            layer.forward(one);
            layer.backprop(oneGradients);
        };
        assertThat(CompiledKernels.allocated(calls)).as("bytes allocated").isZero();
    }

    @Test
    void forward_sameBatchSize_answersSameArray() {
        Layer layer = connected();
        double[] outputs = layer.forward(images(2));
        double[] inputGradient = layer.backprop(lossGradient(2));
        layer.forward(images(1));
        assertThat(layer.forward(images(2))).isSameAs(outputs);
        assertThat(layer.backprop(lossGradient(2))).isSameAs(inputGradient);
    }

    /** Buffers of two sizes stay; a third makes room before it takes any. */
    @Test
    void forward_thirdBatchSize_letsGoOfTheFirst() {
        Layer layer = connected();
        double[] first = layer.forward(images(2));
        double[] second = layer.forward(images(3));
        assertThat(layer.forward(images(2))).isSameAs(first);
        layer.forward(images(1));
        assertThat(layer.forward(images(2))).isSameAs(first);
        assertThat(layer.forward(images(3))).isNotSameAs(second);
    }
}
