package dev.purecnn.internal.training;

/**
 * What an import asks of a network's builder and users never do. The package of the builder exports no method for it; instead the builder
 * provides an implementation when it is loaded.
 *
 * @param <B> the builder, which this package does not know
 */
public abstract class BuilderAccess<B> {
    private static volatile BuilderAccess<?> provided;

    public static void provide(BuilderAccess<?> access) {
        provided = access;
    }

    /** The access to builders; there is one as soon as there is a builder. */
    @SuppressWarnings("unchecked") // there is only one type of builder
    public static <B> BuilderAccess<B> get() {
        return (BuilderAccess<B>) provided;
    }

    /** Leaves all weights 0, since others come in their place: drawing 60 million takes seconds. Seeds of dropouts are drawn from the builder's. */
    public abstract void leaveWeights(B builder);
}
