package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParameterRangesTest {

    @Test
    void norm_ofAllRanges_isEuclidean() {
        Parameter few = new Parameter("biases", Shape.vector(3));
        Parameter many = new Parameter("weights", Shape.vector(10_001));
        Random random = new Random(5);
        double sum = 0;
        for (Parameter parameter : List.of(few, many)) {
            for (int i = 0; i < parameter.gradient().length; i++) {
                double slope = random.nextGaussian();
                parameter.gradient()[i] = slope;
                sum += slope * slope;
            }
        }
        ParameterRanges ranges = new ParameterRanges(List.of(few, many));
        ranges.addReplica(List.of(few, many));
        assertThat(ranges.count()).isEqualTo(4);
        for (int i = 0; i < ranges.count(); i++) {
            ranges.addAndSquareGradients(i, 1);
        }
        double norm = ranges.gradientNorm();
        assertThat(norm).isCloseTo(Math.sqrt(sum), within(1e-12 * norm));
        for (int i = ranges.count() - 1; i >= 0; i--) { // as threads might
            ranges.addAndSquareGradients(i, 1);
        }
        assertThat(Double.doubleToRawLongBits(ranges.gradientNorm())).isEqualTo(Double.doubleToRawLongBits(norm));
    }

    @Test
    void observed_clippedStep_hasNoPartInClippingOrOptimizer() {
        Parameter trained = new Parameter("weights", Shape.vector(2));
        Parameter observed = Parameter.runningMean("mean", Shape.vector(1), 0.75);
        trained.gradient()[0] = 6;
        trained.gradient()[1] = -8;
        observed.gradient()[0] = 24;
        ParameterRanges ranges = new ParameterRanges(List.of(trained, observed));
        ranges.addReplica(List.of(trained, observed));
        ranges.addAndSquareGradients(0, 1);
        ranges.addAndSquareGradients(1, 1);
        assertThat(ranges.gradientNorm()).isEqualTo(10);
        Updates updates = new Updates(ranges);
        updates.use(Optimizer.sgd().weightDecay(0.5));
        updates.begin(0.5, 0.25, 10, 2);
        updates.update(0);
        updates.update(1); // weights: 2 * 0.5 * 0.25 * gradient; mean: (1 - 0.75) * 0.5 * observed
        assertThat(trained.values()).containsExactly(-1.5, 2);
        assertThat(observed.values()).containsExactly(3);
    }
}
