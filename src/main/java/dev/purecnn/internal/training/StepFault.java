package dev.purecnn.internal.training;

import dev.purecnn.layer.NotFinite;
import dev.purecnn.training.NotFiniteException;
import java.util.function.IntUnaryOperator;

/** A step that was not done; to become a {@link NotFiniteException} where epoch and dataset are known. */
final class StepFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient NotFinite found;

    StepFault(NotFinite found) {
        super(found.toString());
        this.found = found;
    }

    /** {@code source} answers which number an image of the batch has for the user. */
    NotFiniteException at(int epoch, long step, IntUnaryOperator source) {
        int image = found.image() < 0 ? -1 : source.applyAsInt(found.image());
        return new NotFiniteException(new NotFinite(found.where(), found.layer(), image, found.value()), epoch, step);
    }
}
