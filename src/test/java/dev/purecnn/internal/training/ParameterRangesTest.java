package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Map;
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
        assertThat(ranges.count()).isEqualTo(4);
        for (int i = 0; i < ranges.count(); i++) {
            ranges.square(i);
        }
        double norm = ranges.norm();
        assertThat(norm).isCloseTo(Math.sqrt(sum), within(1e-12 * norm));
        for (int i = ranges.count() - 1; i >= 0; i--) { // as threads might
            ranges.square(i);
        }
        assertThat(Double.doubleToRawLongBits(ranges.norm())).isEqualTo(Double.doubleToRawLongBits(norm));
    }

    @Test
    void observed_clippedStep_hasNoPartInClippingOrOptimizer() {
        Parameter trained = new Parameter("weights", Shape.vector(2));
        Parameter observed = Parameter.runningMean("mean", Shape.vector(1), 0.75);
        trained.gradient()[0] = 6;
        trained.gradient()[1] = -8;
        observed.gradient()[0] = 24;
        ParameterRanges ranges = new ParameterRanges(List.of(trained, observed));
        ranges.square(0);
        ranges.square(1);
        assertThat(ranges.norm()).isEqualTo(10);
        ranges.use(Optimizer.sgd().weightDecay(0.5));
        ranges.nextStep(10, 2);
        ranges.update(0, 0.5, 0.25, 2);
        ranges.update(1, 0.5, 0.25, 2); // weights: 2 * 0.5 * 0.25 * gradient; mean: (1 - 0.75) * 0.5 * observed
        assertThat(trained.values()).containsExactly(-1.5, 2);
        assertThat(observed.values()).containsExactly(3);
    }

    private static ParameterRanges remembering(Optimizer optimizer, double[] velocity) {
        ParameterRanges ranges = new ParameterRanges(List.of(new Parameter("weights", Shape.vector(2), 0.5)));
        ranges.remember(new OptimizerMemory(optimizer.toString(), 7, List.of(Map.of("velocity", velocity))));
        ranges.use(optimizer);
        return ranges;
    }

    @Test
    void nextStep_afterCheckpoint_isWatchedOnlyIfItMightOverflow() {
        ParameterRanges usual = remembering(Optimizer.sgd(), new double[] {2, -3});
        usual.nextStep(1, 0.1);
        assertThat(usual.isWatched()).isFalse();
        ParameterRanges wild = remembering(Optimizer.sgd(), new double[] {2, 1e200});
        wild.nextStep(1, 0.1);
        assertThat(wild.isWatched()).isTrue();
    }

    @Test
    void nextStep_afterOneTakenBack_isNotWatched() {
        ParameterRanges ranges = remembering(Optimizer.sgd(), new double[] {2, -3});
        ranges.nextStep(1e200, 0.1);
        assertThat(ranges.isWatched()).isTrue();
        ranges.update(0, 1, 1, 0.1);
        ranges.undo();
        assertThat(ranges.memory().arrays().get(0).get("velocity")).containsExactly(2, -3);
        ranges.nextStep(1, 0.1);
        assertThat(ranges.isWatched()).isFalse();
    }
}
