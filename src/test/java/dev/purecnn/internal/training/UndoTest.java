package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.OtherJvm;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UndoTest {
    private static final int LENGTH = 1 << 20;

    /** Two arrays beside the values, one as long as they are and one of another length; the next step changes them all. */
    private static Optimizer remembering(double[] alike, double[] odd) {
        return parameter -> new Optimizer.Update() {
            @Override
            public void step(long step, double scale, double learningRate, int from, int to) {
                for (int i = from; i < to; i++) {
                    parameter.values()[i] += learningRate;
                    alike[i] += step;
                }
                odd[0] += to - from;
            }

            @Override
            public Map<String, double[]> state() {
                return Map.of("alike", alike, "odd", odd);
            }
        };
    }

    /** Does the first ranges of a step. */
    private static void begin(Updates updates, int numRanges) {
        updates.begin(1, 1, 1, 0.5);
        for (int i = 0; i < numRanges; i++) {
            updates.update(i);
        }
    }

    private static void step(Updates updates, int numRanges) {
        begin(updates, numRanges);
        assertThat(updates.end()).isTrue();
    }

    @Test
    void undo_anyPartOfAStep_takesBackWhatTheOptimizerRemembers() {
        for (int done = 0; done <= 3; done++) {
            Parameter parameter = new Parameter("weights", Shape.vector(10_000)); // three ranges
            double[] alike = new double[10_000];
            double[] odd = {3, 4};
            Updates updates = new Updates(new ParameterRanges(List.of(parameter)));
            updates.use(remembering(alike, odd));
            step(updates, 3);
            begin(updates, done);
            updates.undo();
            assertThat(parameter.values()).containsOnly(0.5);
            assertThat(alike).containsOnly(1);
            assertThat(odd).containsExactly(10_003, 4);
            assertThat(updates.state().steps()).isEqualTo(1);
            step(updates, 3);
            assertThat(parameter.values()).containsOnly(1);
            assertThat(alike).containsOnly(1 + 2);
            assertThat(odd).containsExactly(20_003, 4);
        }
    }

    /** A step without memory for the backup is not done; with it, the next one is. */
    @Test
    void nextStep_outOfMemory_leavesEverythingInOrder() throws IOException, InterruptedException {
        Process process = OtherJvm.of(UndoTest.class, List.of("-Xmx64m", "-XX:+UseSerialGC"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("out of memory, then 0.5 after 1 step, with 1 parameter's state");
    }

    /** What the other JVM does. */
    public static void main(String[] arguments) {
        Parameter parameter = new Parameter("weights", Shape.vector(LENGTH));
        Updates updates = new Updates(new ParameterRanges(List.of(parameter)));
        updates.use(remembering(new double[LENGTH], new double[1]));
        List<double[]> rest = new ArrayList<>();
        try {
            while (true) {
                rest.add(new double[LENGTH / 2]); // so that no more than half a backup fits
            }
        } catch (OutOfMemoryError e) {
            // as it should
        }
        try {
            step(updates, LENGTH / 4096);
            System.out.println("enough memory");
        } catch (OutOfMemoryError e) {
            System.out.print("out of memory, then ");
        }
        rest.clear();
        updates.undo();
        step(updates, LENGTH / 4096);
        double[] distinct = Arrays.stream(parameter.values()).distinct().toArray();
        OptimizerState state = updates.state();
        System.out.println(distinct[0] + " after " + state.steps() + " step, with "
                + state.arrays().size() + " parameter's state");
    }
}
