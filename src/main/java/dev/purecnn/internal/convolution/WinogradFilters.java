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

/**
 * The numbers of all filters, four times as many as weights: kept until the weights change, and shared by all replicas of a layer, which have
 * the same array of weights. Anybody may write into the weights between two passes, so a copy tells: comparing takes a hundredth of the time
 * of transforming, and no lock. During a pass weights do not change, so the thread that finds a change may write over the numbers.
 */
final class WinogradFilters {
    /** By the array of weights. Holds nothing that no convolution uses. */
    private static final Map<double[], WeakReference<WinogradFilters>> SHARED = new WeakHashMap<>();

    private final WinogradLayout layout;
    private final double[] kept;
    private final Scratch scratch = new Scratch();
    /** Null before they are first asked for. */
    private double[] forward;

    private double[] backward;
    private volatile boolean forwardFits;
    private volatile boolean backwardFits;

    private WinogradFilters(WinogradLayout layout) {
        this.layout = layout;
        kept = new double[layout.shape.groups() * layout.shape.groupWeights()];
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
    private synchronized void takeOver(double[] weights) {
        if (!Arrays.equals(kept, weights)) {
            forwardFits = false;
            backwardFits = false;
            VarHandle.fullFence();
            System.arraycopy(weights, 0, kept, 0, kept.length);
        }
    }

    /** Rows of 32 filters: {@code [group][number][row of 32][channel][filter]}, a step from number to number. */
    double[] forward() {
        VarHandle.acquireFence(); // after the comparison
        if (!forwardFits) {
            transformForward();
        }
        return forward;
    }

    private synchronized void transformForward() {
        if (!forwardFits) {
            WinogradKernels kernels = Kernels.active().winograd();
            int length = NUMBERS * layout.forwardStep;
            forward = forward == null ? new double[layout.shape.groups() * length] : forward;
            for (int group = 0; group < layout.shape.groups(); group++) {
                for (int channel = 0; channel < layout.channels; channel++) {
                    for (int filter = 0; filter < layout.filters; filter += LANES) {
                        int to = group * length + (filter / ROW * layout.channels + channel) * ROW + filter % ROW;
                        int count = Math.min(LANES, layout.filters - filter);
                        int apart = layout.channels * layout.shape.taps();
                        int from = firstWeight(group, filter, channel);
                        kernels.filters(kept, from, apart, count, forward, to, layout.forwardStep, scratch);
                    }
                }
            }
            forwardFits = true;
        }
    }

    /** Rows of 32 channels: {@code [group][number][row of 32][filter][channel]}. */
    double[] backward() {
        VarHandle.acquireFence();
        if (!backwardFits) {
            transformBackward();
        }
        return backward;
    }

    private synchronized void transformBackward() {
        if (!backwardFits) {
            WinogradKernels kernels = Kernels.active().winograd();
            int length = NUMBERS * layout.backwardStep;
            backward = backward == null ? new double[layout.shape.groups() * length] : backward;
            for (int group = 0; group < layout.shape.groups(); group++) {
                for (int filter = 0; filter < layout.filters; filter++) {
                    for (int channel = 0; channel < layout.channels; channel += LANES) {
                        int to = group * length + (channel / ROW * layout.filters + filter) * ROW + channel % ROW;
                        int count = Math.min(LANES, layout.channels - channel);
                        int apart = layout.shape.taps();
                        int from = firstWeight(group, filter, channel);
                        kernels.filters(kept, from, apart, count, backward, to, layout.backwardStep, scratch);
                    }
                }
            }
            backwardFits = true;
        }
    }

    double weight(int index) {
        return kept[index];
    }

    private int firstWeight(int group, int filter, int channel) {
        return ((group * layout.filters + filter) * layout.channels + channel) * layout.shape.taps();
    }
}
