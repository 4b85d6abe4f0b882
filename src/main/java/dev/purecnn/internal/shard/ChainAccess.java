package dev.purecnn.internal.shard;

import java.util.List;

/**
 * What the training loop asks of a chain and users never do. The package of the layers exports no method for it; instead its
 * chain provides an implementation when it is loaded.
 *
 * @param <C> the chain, which this package does not know
 */
public abstract class ChainAccess<C> {
    private static volatile ChainAccess<?> provided;

    public static void provide(ChainAccess<?> access) {
        provided = access;
    }

    /** The access to chains; there is one as soon as there is a chain. */
    @SuppressWarnings("unchecked") // there is only one type of chain
    public static <C> ChainAccess<C> get() {
        return (ChainAccess<C>) provided;
    }

    /**
     * Lets a replica work in the buffers of another, as far as the layers are of this library, so that shards which one thread
     * works on in turn share its cache. What was kept for the borrower's backprop is gone. Only one of those that work in the
     * same buffers may be at work at a time.
     */
    public abstract void lendBuffers(C lender, C borrower);

    /** How many values, at least, a chain holds for each image that it predicts. */
    public abstract long valuesPerImage(C chain);

    /** The shards of a batch, the first of them in the first replica, and so on. Replicas that meet must not share buffers. */
    public abstract BatchPass pass(List<C> replicas);
}
