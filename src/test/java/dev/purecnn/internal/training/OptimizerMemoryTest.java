package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerMemoryTest {

    @Test
    void memory_eachOptimizer_isWhatItRemembers() {
        Parameter plain = new Parameter("weights", Shape.vector(3));
        Parameter momentum = new Parameter("weights", Shape.vector(3), 0.5);
        assertThat(Optimizer.sgd().forParameter(plain).memory()).isEmpty();
        assertThat(Optimizer.sgd().forParameter(momentum).memory()).containsOnlyKeys("velocity");
        assertThat(Optimizer.sgd().momentum(0).forParameter(momentum).memory()).isEmpty();
        assertThat(Optimizer.sgd().momentum(0.9).nesterov().forParameter(plain).memory())
                .containsOnlyKeys("velocity");
        assertThat(Optimizer.adam().forParameter(plain).memory()).containsOnlyKeys("mean", "square");
        assertThat(Optimizer.adamW().forParameter(plain).memory()).containsOnlyKeys("mean", "square");
    }

    /** As a step leaves it, by the formulas of the class comment. */
    @Test
    void memory_afterAStep_hasItsNumbers() {
        Parameter parameter = new Parameter("weights", Shape.vector(2));
        Optimizer.Update update = Optimizer.adam().beta1(0.75).beta2(0.5).forParameter(parameter);
        parameter.gradient()[0] = 8;
        parameter.gradient()[1] = -4;
        update.step(1, 0.5, 0.1, 0, 2);
        assertThat(update.memory().get("mean")).containsExactly(1, -0.5);
        assertThat(update.memory().get("square")).containsExactly(8, 2);
    }

    @Test
    void isOf_equalNumbers_isTrueHoweverTheyAreWritten() {
        String longer = "Adam[beta1=0.90, beta2=0.9990, epsilon=1.0E-8, weightDecay=0.0]";
        OptimizerMemory memory = new OptimizerMemory(longer, 3, List.of());
        assertThat(memory.isOf(Optimizer.adam())).isTrue();
        assertThat(memory.isOf(Optimizer.adam().beta2(Math.nextUp(0.999)))).isFalse();
        assertThat(memory.isOf(Optimizer.adamW())).isFalse();
    }

    @Test
    void use_afterRemember_goesOnOnceWithAnEqualOptimizer() {
        Parameter parameter = new Parameter("weights", Shape.vector(2), 0.5);
        ParameterRanges ranges = new ParameterRanges(List.of(parameter));
        double[] velocity = {2, -1};
        OptimizerMemory memory =
                new OptimizerMemory(Optimizer.sgd().toString(), 7, List.of(Map.of("velocity", velocity)));
        ranges.remember(memory);
        assertThat(ranges.memory()).isSameAs(memory);
        ranges.use(Optimizer.sgd());
        assertThat(ranges.memory().steps()).isEqualTo(7);
        assertThat(ranges.memory().arrays().get(0).get("velocity"))
                .containsExactly(2, -1)
                .isNotSameAs(velocity);
        ranges.use(Optimizer.adam());
        ranges.use(Optimizer.sgd());
        assertThat(ranges.memory().steps()).isZero();
        assertThat(ranges.memory().arrays().get(0).get("velocity")).containsExactly(0, 0);
    }

    @Test
    void use_otherOptimizerFirst_beginsAnew() {
        Parameter parameter = new Parameter("weights", Shape.vector(2), 0.5);
        ParameterRanges ranges = new ParameterRanges(List.of(parameter));
        ranges.remember(new OptimizerMemory(
                Optimizer.sgd().toString(), 7, List.of(Map.of("velocity", new double[] {2, -1}))));
        ranges.use(Optimizer.adam());
        assertThat(ranges.memory().steps()).isZero();
        ranges.use(Optimizer.sgd());
        assertThat(ranges.memory().arrays().get(0).get("velocity")).containsExactly(0, 0);
    }

    @Test
    void largest_ofAllArrays_isASize() {
        assertThat(memory(List.of(Map.of("velocity", new double[] {2, -7}), Map.of("velocity", new double[] {5})))
                        .largest())
                .isEqualTo(7);
        assertThat(memory(List.of(Map.of("square", new double[] {2, 0.5}))).largest())
                .isEqualTo(2);
        assertThat(memory(List.of()).largest()).isZero();
    }

    /** What no training comes to, but a file may hold. */
    @Test
    void largest_impossibleNumbers_isNotFinite() {
        assertThat(memory(List.of(Map.of("square", new double[] {2, -7}))).largest())
                .isInfinite();
        assertThat(memory(List.of(Map.of("velocity", new double[] {Double.NaN, 2})))
                        .largest())
                .isNaN();
    }

    private static OptimizerMemory memory(List<Map<String, double[]>> arrays) {
        return new OptimizerMemory("any", 7, arrays);
    }

    @Test
    void steps_below0_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OptimizerMemory("Sgd", -1, List.of()))
                .withMessage("OptimizerMemory: expected at least 0 steps, got -1. Use the numbers of a training.");
    }
}
