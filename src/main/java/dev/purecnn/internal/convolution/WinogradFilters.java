package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.kernel.WinogradKernels.LANES;
import static dev.purecnn.internal.kernel.WinogradKernels.NUMBERS;
import static dev.purecnn.internal.kernel.WinogradKernels.ROW;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Scratch;
import dev.purecnn.internal.kernel.WinogradKernels;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The numbers of all filters, four times as many as weights: kept until the weights change, and shared by all replicas of a layer, which have
 * the same array of weights. Anybody may write into the weights between two passes, so a copy tells: comparing takes a hundredth of the time
 * of transforming, and no lock. During a pass weights do not change, so the thread that finds a change may write over the numbers, while no
 * other one transforms any.
 */
final class WinogradFilters {
    /** By the array of weights. Holds nothing that no convolution uses. */
    private static final Map<double[], WeakReference<WinogradFilters>> SHARED = new WeakHashMap<>();

    private final WinogradLayout layout;
    private final double[] kept;
    private final Numbers forward;
    private final Numbers backward;
    /** How many threads transform; -1 while one takes new weights over. */
    private final AtomicInteger transforming = new AtomicInteger();

    private WinogradFilters(WinogradLayout layout) {
        this.layout = layout;
        kept = new double[layout.shape.groups() * layout.shape.groupWeights()];
        int taps = layout.shape.taps();
        forward = new Numbers(layout.channels, layout.filters, layout.forwardStep, taps, layout.channels * taps);
        backward = new Numbers(layout.filters, layout.channels, layout.backwardStep, layout.channels * taps, taps);
    }

    /** What a thread takes to transform. */
    static Scratch scratch() {
        Scratch scratch = new Scratch();
        scratch.use(new double[WinogradKernels.FILTERS_HALF], 0);
        return scratch;
    }

    /** Those of an array of weights, for a first call with it. */
    static WinogradFilters of(double[] weights, WinogradLayout layout) {
        synchronized (SHARED) {
            WeakReference<WinogradFilters> reference = SHARED.get(weights);
            WinogradFilters filters = reference == null ? null : reference.get();
            if (filters == null || !filters.serve(layout)) {
                filters = new WinogradFilters(layout);
                SHARED.put(weights, new WeakReference<>(filters));
            }
            return filters;
        }
    }

    private boolean serve(WinogradLayout other) {
        return layout.shape.groups() == other.shape.groups()
                && layout.channels == other.channels
                && layout.filters == other.filters;
    }

    /** Takes the weights of the next calls. */
    void use(double[] weights) {
        if (!Arrays.equals(kept, weights)) {
            takeOver(weights);
        }
    }

    /** Another thread, which may compare meanwhile, sees that nothing fits before it sees new weights. */
    private void takeOver(double[] weights) {
        while (!transforming.compareAndSet(0, -1)) {
            Thread.onSpinWait();
        }
        if (!Arrays.equals(kept, weights)) {
            forward.outdate();
            backward.outdate();
            VarHandle.fullFence();
            System.arraycopy(weights, 0, kept, 0, kept.length);
        }
        transforming.set(0);
    }

    private void beginTransforming() {
        int threads = transforming.get();
        while (threads < 0 || !transforming.compareAndSet(threads, threads + 1)) {
            Thread.onSpinWait();
            threads = transforming.get();
        }
    }

    /** Rows of 32 filters: {@code [group][number][row of 32][channel][filter]}, a step from number to number. */
    double[] forward(Scratch scratch) {
        return forward.get(scratch);
    }

    /** Rows of 32 channels: {@code [group][number][row of 32][filter][channel]}. */
    double[] backward(Scratch scratch) {
        return backward.get(scratch);
    }

    double weight(int index) {
        return kept[index];
    }

    /**
     * The numbers for one direction, transformed row by row. Threads that need them at once share the rows instead of waiting for each other; what
     * one of them is late with, the others do as well, with the same bits.
     */
    private final class Numbers {
        private final int rows;
        private final int lanes;
        private final int step;
        /** From the first weight of a row to that of the next, and from lane to lane. */
        private final int rowWeights;

        private final int laneWeights;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicIntegerArray done;
        private volatile boolean fit;
        /** Null before they are first asked for. */
        private double[] numbers;

        Numbers(int rows, int lanes, int step, int rowWeights, int laneWeights) {
            this.rows = rows;
            this.lanes = lanes;
            this.step = step;
            this.rowWeights = rowWeights;
            this.laneWeights = laneWeights;
            done = new AtomicIntegerArray(layout.shape.groups() * rows);
        }

        void outdate() {
            fit = false;
            next.set(0);
            for (int row = 0; row < done.length(); row++) {
                done.set(row, 0);
            }
        }

        double[] get(Scratch scratch) {
            VarHandle.acquireFence(); // after the comparison
            if (!fit) {
                beginTransforming();
                try {
                    transform(scratch);
                } finally {
                    transforming.decrementAndGet();
                }
            }
            return numbers;
        }

        private void transform(Scratch scratch) {
            make();
            for (int row = next.getAndIncrement(); row < done.length(); row = next.getAndIncrement()) {
                transform(row, scratch);
            }
            for (int row = 0; row < done.length(); row++) {
                if (done.get(row) == 0) {
                    transform(row, scratch);
                }
            }
            fit = true;
        }

        private synchronized void make() {
            if (numbers == null) {
                numbers = new double[layout.shape.groups() * NUMBERS * step];
            }
        }

        private void transform(int row, Scratch scratch) {
            WinogradKernels kernels = Kernels.active().winograd();
            int group = row / rows;
            for (int lane = 0; lane < lanes; lane += LANES) {
                int from = group * layout.shape.groupWeights() + row % rows * rowWeights + lane * laneWeights;
                int to = group * NUMBERS * step + (lane / ROW * rows + row % rows) * ROW + lane % ROW;
                int count = Math.min(LANES, lanes - lane);
                kernels.filters(kept, from, laneWeights, count, numbers, to, step, scratch);
            }
            done.set(row, 1);
        }
    }
}
