package dev.purecnn.internal.training;

import dev.purecnn.training.EpochResult;
import dev.purecnn.training.Progress;
import dev.purecnn.training.TrainingListener;
import java.util.List;

/** Passes on what a training tells to several listeners, and lets them use the network at an epoch's end. */
final class PausingListener implements TrainingListener {
    private final Change change;
    private final TrainingListener[] listeners;

    PausingListener(Change change, TrainingListener first, List<TrainingListener> others) {
        this.change = change;
        listeners = new TrainingListener[1 + others.size()];
        listeners[0] = first;
        for (int i = 1; i < listeners.length; i++) {
            listeners[i] = others.get(i - 1);
        }
    }

    /** Without a pause: that would let others in after each step. */
    @Override
    public void stepEnded(Progress progress) {
        for (TrainingListener listener : listeners) {
            listener.stepEnded(progress);
        }
    }

    @Override
    public void trainingCutShort(Throwable reason) {
        for (TrainingListener listener : listeners) {
            listener.trainingCutShort(reason);
        }
    }

    @Override
    public void epochEnded(EpochResult result) {
        change.end();
        for (TrainingListener listener : listeners) {
            listener.epochEnded(result);
        }
        change.begin();
    }
}
