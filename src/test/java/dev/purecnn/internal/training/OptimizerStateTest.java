package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OptimizerStateTest {

    @Test
    void state_eachOptimizer_isWhatItRemembers() {
        Parameter plain = new Parameter("weights", Shape.vector(3));
        Parameter momentum = new Parameter("weights", Shape.vector(3), 0.5);
        assertThat(Optimizer.sgd().forParameter(plain).state()).isEmpty();
        assertThat(Optimizer.sgd().forParameter(momentum).state()).containsOnlyKeys("velocity");
        assertThat(Optimizer.sgd().momentum(0).forParameter(momentum).state()).isEmpty();
        assertThat(Optimizer.sgd().momentum(0.9).nesterov().forParameter(plain).state())
                .containsOnlyKeys("velocity");
        assertThat(Optimizer.adam().forParameter(plain).state()).containsOnlyKeys("mean", "square");
        assertThat(Optimizer.adamW().forParameter(plain).state()).containsOnlyKeys("mean", "square");
    }

    /** As a step leaves it, by the formulas of the class comment. */
    @Test
    void state_afterAStep_hasItsNumbers() {
        Parameter parameter = new Parameter("weights", Shape.vector(2));
        Optimizer.Update update = Optimizer.adam().beta1(0.75).beta2(0.5).forParameter(parameter);
        parameter.gradient()[0] = 8;
        parameter.gradient()[1] = -4;
        update.step(1, 0.5, 0.1, 0, 2);
        assertThat(update.state().get("mean")).containsExactly(1, -0.5);
        assertThat(update.state().get("square")).containsExactly(8, 2);
    }

    @Test
    void isOf_equalNumbers_isTrueHoweverTheyAreWritten() {
        String longer = "Adam[beta1=0.90, beta2=0.9990, epsilon=1.0E-8, weightDecay=0.0]";
        OptimizerState memory = new OptimizerState(longer, 3, List.of());
        assertThat(memory.isOf(Optimizer.adam())).isTrue();
        assertThat(memory.isOf(Optimizer.adam().beta2(Math.nextUp(0.999)))).isFalse();
        assertThat(memory.isOf(Optimizer.adamW())).isFalse();
    }

    @Test
    void use_afterRestore_goesOnOnceWithAnEqualOptimizer() {
        Parameter parameter = new Parameter("weights", Shape.vector(2), 0.5);
        Updates updates = new Updates(new ParameterRanges(List.of(parameter)));
        double[] velocity = {2, -1};
        OptimizerState memory =
                new OptimizerState(Optimizer.sgd().toString(), 7, List.of(Map.of("velocity", velocity)));
        updates.restore(memory);
        assertThat(updates.state()).isSameAs(memory);
        updates.use(Optimizer.sgd());
        assertThat(updates.state().steps()).isEqualTo(7);
        assertThat(updates.state().arrays().get(0).get("velocity"))
                .containsExactly(2, -1)
                .isNotSameAs(velocity);
        updates.use(Optimizer.adam());
        updates.use(Optimizer.sgd());
        assertThat(updates.state().steps()).isZero();
        assertThat(updates.state().arrays().get(0).get("velocity")).containsExactly(0, 0);
    }

    @Test
    void use_otherOptimizerFirst_beginsAnew() {
        Parameter parameter = new Parameter("weights", Shape.vector(2), 0.5);
        Updates updates = new Updates(new ParameterRanges(List.of(parameter)));
        updates.restore(new OptimizerState(
                Optimizer.sgd().toString(), 7, List.of(Map.of("velocity", new double[] {2, -1}))));
        updates.use(Optimizer.adam());
        assertThat(updates.state().steps()).isZero();
        updates.use(Optimizer.sgd());
        assertThat(updates.state().arrays().get(0).get("velocity")).containsExactly(0, 0);
    }

    @Test
    void steps_below0_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OptimizerState("Sgd", -1, List.of()))
                .withMessage("OptimizerState: expected at least 0 steps, got -1. Use the numbers of a training.");
    }
}
