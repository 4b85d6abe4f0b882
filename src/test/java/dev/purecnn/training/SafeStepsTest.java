package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an optimizer says of how large numbers can be after a step. */
class SafeStepsTest {

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.sgd(),
                Optimizer.sgd().weightDecay(0.1),
                Optimizer.sgd().momentum(0.99).nesterov().weightDecay(0.01),
                Optimizer.adam(),
                Optimizer.adam().beta1(0).beta2(0).weightDecay(0.5),
                Optimizer.adam().beta2(0.5).epsilon(1e-30),
                Optimizer.adamW().weightDecay(3),
                Optimizer.rmsProp(),
                Optimizer.rmsProp().alpha(0.5).momentum(0.9).epsilon(1e-20).weightDecay(0.1));
    }

    private static double largest(Parameter parameter, Optimizer.Update update, double norm) {
        double largest = norm;
        for (double value : parameter.values()) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (double[] array : update.state().values()) {
            for (double value : array) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    /** Gradients and rates that grow by leaps, until the bound says nothing more: up to then it has held. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void largestAfter_gradientsOfAllSizes_isABound(Optimizer optimizer) {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            Parameter parameter = new Parameter("weights", Shape.vector(3), 0.5);
            Optimizer.Update update = optimizer.forParameter(parameter);
            int steps = 0;
            while (true) {
                double size = StrictMath.pow(10, 3 * steps * random.nextDouble() - 2);
                double norm = 0;
                for (int i = 0; i < 3; i++) {
                    parameter.gradient()[i] = size * random.nextGaussian();
                    norm = Math.max(norm, Math.abs(parameter.gradient()[i]));
                }
                double rate = StrictMath.pow(10, steps * random.nextDouble() - 3);
                double bound = optimizer.largestAfter(largest(parameter, update, norm), rate);
                if (!(bound < 1e300)) {
                    break;
                }
                update.step(++steps, 1, rate, 0, 3);
                double after = largest(parameter, update, 0);
                assertThat(after).as("seed %d, step %d", seed, steps).isLessThanOrEqualTo(bound);
            }
            assertThat(steps).as("seed %d", seed).isGreaterThan(5);
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void largestAfter_usualNumbers_isFarFromOverflow(Optimizer optimizer) {
        assertThat(optimizer.largestAfter(1e6, 0.1)).isLessThan(1e100);
        assertThat(optimizer.largestAfter(Double.POSITIVE_INFINITY, 0.1)).isInfinite();
        assertThat(optimizer.largestAfter(Double.NaN, 0.1)).isNaN();
    }

    @Test
    void largestAfter_ownRule_isUnknown() {
        Optimizer own = parameter -> (step, scale, rate, from, to) -> {};
        assertThat(own.largestAfter(1e-3, 1e-3)).isInfinite();
        assertThat(Optimizer.adam().epsilon(1e-300).largestAfter(1e10, 0)).isInfinite();
    }
}
