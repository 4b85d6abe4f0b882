package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {

    static Stream<Arguments> tables() {
        Sgd momentum = Optimizer.sgd().momentum(0.9);
        Adam other = Optimizer.adam().beta1(0.75).beta2(0.875).epsilon(0.0625);
        return Stream.of(
                Arguments.of(Optimizer.sgd(), OptimizerTables.PLAIN),
                Arguments.of(Optimizer.sgd().nesterov(), OptimizerTables.PLAIN),
                Arguments.of(momentum, OptimizerTables.MOMENTUM),
                Arguments.of(momentum.nesterov(), OptimizerTables.NESTEROV),
                Arguments.of(momentum.weightDecay(0.0625), OptimizerTables.DECAYED_MOMENTUM),
                Arguments.of(momentum.weightDecay(0.0625).nesterov(), OptimizerTables.DECAYED_NESTEROV),
                Arguments.of(Optimizer.adam(), OptimizerTables.ADAM),
                Arguments.of(Optimizer.adamW().weightDecay(0), OptimizerTables.ADAM),
                Arguments.of(Optimizer.adam().weightDecay(0.0625), OptimizerTables.DECAYED_ADAM),
                Arguments.of(Optimizer.adamW().weightDecay(0.0625), OptimizerTables.ADAM_W),
                Arguments.of(other, OptimizerTables.OTHER_ADAM),
                Arguments.of(
                        Optimizer.adamW()
                                .beta1(0.75)
                                .beta2(0.875)
                                .epsilon(0.0625)
                                .weightDecay(0),
                        OptimizerTables.OTHER_ADAM));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void step_tenTimes_equalsTable(Optimizer optimizer, double[][] table) {
        Parameter parameter = startOf(0.0);
        Optimizer.Update update = optimizer.forParameter(parameter);
        for (int step = 1; step <= table.length; step++) {
            stepInRanges(parameter, update, step);
            assertThat(parameter.gradient()).containsOnly(0.0);
            for (int i = 0; i < 3; i++) {
                assertThat(parameter.values()[i])
                        .as("value %d after step %d", i, step)
                        .isCloseTo(table[step - 1][i], within(1e-12));
            }
        }
    }

    @Test
    void sgd_parameterWithMomentum_takesItsOwn() {
        Parameter parameter = startOf(0.9);
        Optimizer.Update update = Optimizer.sgd().forParameter(parameter);
        for (int step = 1; step <= 10; step++) {
            stepInRanges(parameter, update, step);
        }
        assertThat(parameter.values()).containsExactly(OptimizerTables.MOMENTUM[9], within(1e-12));
    }

    @Test
    void sgd_momentumNamed_goesBeforeTheParametersOwn() {
        Parameter parameter = startOf(0.5);
        Optimizer.Update update = Optimizer.sgd().momentum(0).forParameter(parameter);
        for (int step = 1; step <= 10; step++) {
            stepInRanges(parameter, update, step);
        }
        assertThat(parameter.values()).containsExactly(OptimizerTables.PLAIN[9], within(1e-12));
    }

    private static Parameter startOf(double momentum) {
        Parameter parameter = new Parameter("weights", Shape.vector(3), momentum);
        System.arraycopy(OptimizerTables.START, 0, parameter.values(), 0, 3);
        return parameter;
    }

    /** One step in two ranges, from the summed gradient of a batch of four. */
    private static void stepInRanges(Parameter parameter, Optimizer.Update update, int step) {
        for (int i = 0; i < 3; i++) {
            parameter.gradient()[i] = 4 * OptimizerTables.gradient(step, i);
        }
        update.step(step, 0.25, OptimizerTables.rate(step), 1, 3);
        assertThat(parameter.gradient()[0]).isEqualTo(4 * OptimizerTables.gradient(step, 0)); // not its turn yet
        update.step(step, 0.25, OptimizerTables.rate(step), 0, 1);
    }

    @Test
    void optimizers_sameNumbers_areEqual() {
        assertThat(Optimizer.sgd().momentum(0.9)).isEqualTo(Optimizer.sgd().momentum(0.9));
        assertThat(Optimizer.sgd().momentum(0.9)).isNotEqualTo(Optimizer.sgd().momentum(0.8));
        assertThat(Optimizer.adam().beta1(0.5)).isEqualTo(Optimizer.adam().beta1(0.5));
        assertThat(Optimizer.adam()).isNotEqualTo(Optimizer.adamW());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void shares_outOfRange_areRefused(double share) {
        String end = " in [0, 1), got " + share + ". Use 0 for none, or a value such as ";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.sgd().momentum(share))
                .withMessage("Sgd: expected momentum" + end + "0.9.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adam().beta1(share))
                .withMessage("Adam: expected beta1" + end + "0.9.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adamW().beta2(share))
                .withMessage("Adam: expected beta2" + end + "0.999.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void weightDecay_outOfRange_isRefused(double decay) {
        String end = ": expected a weightDecay of at least 0 and finite, got " + decay
                + ". Use 0 for none, or a value such as 0.0005.";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.sgd().weightDecay(decay))
                .withMessage("Sgd" + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adam().weightDecay(decay))
                .withMessage("Adam" + end);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adamW().weightDecay(decay))
                .withMessage("AdamW" + end);
    }

    @Test
    void epsilon_zero_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.adam().epsilon(0))
                .withMessage("Adam: expected a positive, finite epsilon, got 0.0. Use 1e-8.");
    }

    @Test
    void adamW_adamWithDecay_isRefused() {
        Adam decayed = Optimizer.adam().weightDecay(0.1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AdamW(decayed, 0.1))
                .withMessageContaining("expected an Adam without weight decay, got Adam[")
                .withMessageEndingWith("Name the decay here alone, or use Adam itself.");
    }

    @Test
    void weightsOnly_decay_sparesBiasesScalesAndShifts() {
        for (Optimizer rule : new Optimizer[] {
            Optimizer.sgd().weightDecay(0.5).weightsOnly(),
            Optimizer.adam().weightDecay(0.5).weightsOnly(),
            Optimizer.adamW().weightDecay(0.5).weightsOnly(),
            Optimizer.rmsProp().weightDecay(0.5).weightsOnly()
        }) {
            Parameter weights = new Parameter("weights", Shape.vector(1));
            Parameter biases = new Parameter("biases", Shape.vector(1)).withoutDecay();
            for (Parameter parameter : new Parameter[] {weights, biases}) {
                parameter.values()[0] = 1;
                rule.forParameter(parameter).step(1, 1, 0.1, 0, 1); // without a gradient, only a decay moves it
            }
            assertThat(weights.values()[0]).as("%s", rule).isLessThan(1);
            assertThat(biases.values()).as("%s", rule).containsExactly(1);
            assertThat(rule.largestAfter(10, 0.1)).isLessThan(1e100);
        }
        assertThat(Optimizer.adamW().weightsOnly()).isEqualTo(Optimizer.adamW().weightsOnly());
    }
}
