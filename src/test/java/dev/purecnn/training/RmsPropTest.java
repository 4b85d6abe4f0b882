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

class RmsPropTest {

    /**
     * Five steps of torch.optim.RMSprop, PyTorch 1.13 in float64: values [0.5, -1, 2], rate 0.1, the gradient at step t is [0.3 t,
     * -0.2, 0.1 / t].
     */
    static Stream<Arguments> ofPyTorch() {
        return Stream.of(
                Arguments.of(
                        Optimizer.rmsProp(),
                        new double[] {-3.6088302888810233, 2.244604446878304, -0.11751462249825625}),
                Arguments.of(
                        Optimizer.rmsProp().momentum(0.9),
                        new double[] {-10.921075398295345, 8.5142795714538, -4.991387334059635}),
                Arguments.of(
                        Optimizer.rmsProp()
                                .alpha(0.9)
                                .epsilon(1e-4)
                                .momentum(0.5)
                                .weightDecay(0.01),
                        new double[] {-1.677738816228631, 0.7688625269127176, 0.6956813333864604}));
    }

    @ParameterizedTest
    @MethodSource("ofPyTorch")
    void step_fiveTimes_asInPyTorch(RmsProp rule, double[] expected) {
        Parameter parameter = new Parameter("weights", Shape.vector(3));
        System.arraycopy(new double[] {0.5, -1, 2}, 0, parameter.values(), 0, 3);
        Optimizer.Update update = rule.forParameter(parameter);
        for (int t = 1; t <= 5; t++) {
            double[] mean = {0.3 * t, -0.2, 0.1 / t};
            for (int i = 0; i < 3; i++) {
                parameter.gradient()[i] = 4 * mean[i];
            }
            update.step(t, 0.25, 0.1, 0, 1);
            update.step(t, 0.25, 0.1, 1, 3);
            assertThat(parameter.gradient()).containsOnly(0);
        }
        assertThat(parameter.values()).containsExactly(expected, within(1e-12));
    }

    @Test
    void numbers_outOfRange_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.rmsProp().alpha(1))
                .withMessage("RmsProp: expected alpha in [0, 1), got 1.0. Use 0 for none, or a value such as 0.99.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.rmsProp().epsilon(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.rmsProp().momentum(-0.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.rmsProp().weightDecay(Double.NaN));
    }
}
