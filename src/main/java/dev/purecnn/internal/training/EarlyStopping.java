package dev.purecnn.internal.training;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.NotFinite;
import dev.purecnn.layer.Parameter;
import dev.purecnn.training.NotFiniteException;
import java.util.Arrays;
import java.util.List;

/** Watches the loss on the validation images, and keeps the parameters of the epoch where it was lowest. */
final class EarlyStopping {
    private final List<Parameter> parameters;
    private final int patience;
    private TrainingState.Best best;

    /** {@code patience} is 0 for no early stopping. */
    EarlyStopping(List<Parameter> parameters, int patience, TrainingState.Best best) {
        this.parameters = parameters;
        this.patience = patience;
        this.best = best;
        int[] lengths = best.values().stream().mapToInt(values -> values.length).toArray();
        int[] expected = parameters.stream()
                .mapToInt(parameter -> parameter.values().length)
                .toArray();
        if (lengths.length > 0 && !Arrays.equals(lengths, expected)) {
            throw new IllegalArgumentException("TrainingState: expected the best values of " + expected.length
                    + " parameters, of the network's lengths, got " + lengths.length
                    + " arrays of others. Go on with the network that they are of.");
        }
    }

    boolean isOn() {
        return patience > 0;
    }

    TrainingState.Best best() {
        return best;
    }

    /**
     * Refuses a loss of NaN, which cannot be compared.
     *
     * @param epoch for the exception, as {@code step}
     */
    void check(Evaluation validation, int epoch, long step) {
        if (isOn() && Double.isNaN(validation.loss())) {
            NotFinite found = new NotFinite(NotFiniteException.VALIDATION_LOSS, -1, -1, validation.loss());
            throw new NotFiniteException(found, epoch, step);
        }
    }

    /** An epoch has ended with this result on the validation images. */
    void epochEnded(Evaluation validation) {
        if (!isOn()) {
            return;
        }
        if (validation.loss() < best.loss()) {
            List<double[]> values = parameters.stream()
                    .map(parameter -> parameter.values().clone())
                    .toList();
            best = new TrainingState.Best(validation.loss(), 0, values);
        } else {
            best = new TrainingState.Best(best.loss(), best.epochsSince() + 1, best.values());
        }
    }

    /** Whether there were too many epochs since the best one. */
    boolean isOver() {
        return isOn() && best.epochsSince() >= patience;
    }

    /** Puts the best values back; false if they are there already, or there are none. */
    boolean restore() {
        if (!isOn() || best.epochsSince() == 0 || best.values().isEmpty()) {
            return false;
        }
        for (int i = 0; i < parameters.size(); i++) {
            double[] values = best.values().get(i);
            System.arraycopy(values, 0, parameters.get(i).values(), 0, values.length);
        }
        return true;
    }
}
