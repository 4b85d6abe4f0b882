package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Adam;
import dev.purecnn.training.Optimizer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepBoundTest {

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.sgd(),
                Optimizer.sgd().weightDecay(0.1),
                Optimizer.sgd().momentum(0.9),
                Optimizer.sgd().momentum(0.99).nesterov().weightDecay(0.01),
                Optimizer.adam(),
                Optimizer.adam().beta1(0).beta2(0).weightDecay(0.5),
                Optimizer.adam().beta2(0.5).epsilon(1e-30),
                Optimizer.adamW().weightDecay(3));
    }

    private static StepBound measured(Optimizer optimizer, Parameter parameter, double value) {
        StepBound bound = new StepBound(optimizer, new Parameter[] {parameter}, 0);
        bound.measured(value);
        return bound;
    }

    /** Gradients of all sizes, growing by leaps, until the bound says no: no value has overflowed before that. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void allows_gradientsOfAllSizes_onlyWhatStaysFinite(Optimizer optimizer) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Parameter parameter = new Parameter("weights", Shape.vector(3), 0.5);
            Optimizer.Update update = optimizer.forParameter(parameter);
            StepBound bound = measured(optimizer, parameter, 0);
            int steps = 0;
            while (true) {
                double size = StrictMath.pow(10, steps * random.nextDouble() - 2);
                double norm = 0;
                for (int i = 0; i < 3; i++) {
                    parameter.gradient()[i] = size * random.nextGaussian();
                    norm += parameter.gradient()[i] * parameter.gradient()[i];
                }
                double rate = StrictMath.pow(10, 4 * random.nextDouble() - 3);
                if (!bound.allows(Math.sqrt(norm), rate)) {
                    break;
                }
                update.step(++steps, 1, rate, 0, 3);
                assertThat(parameter.values())
                        .as("seed %d, step %d", seed, steps)
                        .satisfies(values -> {
                            for (double value : values) {
                                assertThat(Math.abs(value)).isLessThan(1e100);
                            }
                        });
            }
            assertThat(steps).as("seed %d", seed).isGreaterThan(5);
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void allows_usualTraining_tenThousandSteps(Optimizer optimizer) {
        if (optimizer instanceof Adam adam && adam.weightDecay() > 0) {
            return; // the bound of a decay that goes through Adam's memory soon grows too high: such steps are watched
        }
        StepBound bound = measured(optimizer, new Parameter("weights", Shape.vector(3), 0.9), 1);
        boolean all = true;
        for (int step = 0; step < 10_000; step++) {
            all &= bound.allows(10, 0.001);
        }
        assertThat(all).isTrue();
    }

    @Test
    void allows_unknownMemoryOrRule_nothing() {
        Parameter parameter = new Parameter("weights", Shape.vector(3));
        Optimizer own = any -> (step, scale, rate, from, to) -> {};
        assertThat(measured(own, parameter, 0).allows(1e-3, 1e-3)).isFalse();
        StepBound resumed = new StepBound(Optimizer.adam(), new Parameter[] {parameter}, Double.POSITIVE_INFINITY);
        resumed.measured(1);
        assertThat(resumed.allows(1e-3, 1e-3)).isFalse();
        StepBound tiny = measured(Optimizer.adam().epsilon(1e-300), parameter, 1);
        assertThat(tiny.allows(1e10, 0)).isFalse(); // 0 * infinity
    }

    @Test
    void knowsValues_changedByOthers_notUntilMeasured() {
        StepBound bound = measured(Optimizer.sgd(), new Parameter("weights", Shape.vector(3)), 1);
        assertThat(bound.knowsValues()).isTrue();
        assertThat(bound.allows(1, 1)).isTrue();
        bound.forgetValues();
        assertThat(bound.knowsValues()).isFalse();
        bound.measured(Double.POSITIVE_INFINITY);
        assertThat(bound.allows(1, 1)).isFalse();
    }
}
