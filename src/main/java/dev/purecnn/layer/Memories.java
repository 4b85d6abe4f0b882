package dev.purecnn.layer;

import java.util.function.IntFunction;

/**
 * What a layer needs to remember of {@code n} images, made once for each {@code n}. The last four sizes are kept, so that
 * an odd last batch costs nothing from the second epoch on.
 */
final class Memories<M> {
    private final IntFunction<M> maker;
    private final int[] sizes = new int[4];
    private final Object[] memories = new Object[sizes.length];
    private int next;

    Memories(IntFunction<M> maker) {
        this.maker = maker;
    }

    @SuppressWarnings("unchecked") // only the maker's products go in
    M of(int n) {
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == n) {
                return (M) memories[i];
            }
        }
        M made = maker.apply(n);
        memories[next] = made;
        sizes[next] = n;
        next = (next + 1) % sizes.length;
        return made;
    }
}
