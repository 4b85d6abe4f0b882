package dev.purecnn;

import dev.purecnn.training.EpochResult;
import dev.purecnn.training.Progress;
import dev.purecnn.training.TrainingListener;
import java.util.function.Consumer;

/** Listeners that do one thing at one event. */
public final class Listeners {
    private Listeners() {}

    public static TrainingListener onStep(Consumer<Progress> action) {
        return new TrainingListener() {
            @Override
            public void stepEnded(Progress progress) {
                action.accept(progress);
            }
        };
    }

    public static TrainingListener onEpoch(Consumer<EpochResult> action) {
        return new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {
                action.accept(result);
            }
        };
    }

    /** Runs an action once, after a number of steps, over all trainings that it listens to. */
    public static TrainingListener afterSteps(int steps, Runnable action) {
        int[] left = {steps};
        return onStep(progress -> {
            if (--left[0] == 0) {
                action.run();
            }
        });
    }

    /** Throws once, after a number of steps. */
    public static TrainingListener stopAfter(int steps) {
        return afterSteps(steps, () -> {
            throw new IllegalStateException("stopped by the test");
        });
    }

    /** Interrupts the training thread once, after a number of steps. */
    public static TrainingListener interruptAfter(int steps) {
        return afterSteps(steps, () -> Thread.currentThread().interrupt());
    }
}
