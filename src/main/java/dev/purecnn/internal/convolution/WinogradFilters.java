package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.kernel.WinogradKernels.NUMBERS;
import static dev.purecnn.internal.kernel.WinogradKernels.ROW;

import dev.purecnn.internal.kernel.WinogradKernels;
import java.util.Arrays;

/**
 * The numbers of all filters, kept until the weights change. Anybody may write into the weights at any time, so a copy tells: comparing takes
 * a hundredth of the time of transforming.
 */
final class WinogradFilters {
    private final WinogradLayout layout;
    private final double[] kept;
    /** Null before they are first asked for. */
    private double[] forward;

    private double[] backward;
    private boolean forwardFits;
    private boolean backwardFits;

    WinogradFilters(WinogradLayout layout) {
        this.layout = layout;
        kept = new double[layout.shape.groups() * layout.shape.groupWeights()];
    }

    /** Takes the weights of the next calls. */
    void use(double[] weights) {
        if (!Arrays.equals(kept, weights)) {
            System.arraycopy(weights, 0, kept, 0, kept.length);
            forwardFits = false;
            backwardFits = false;
        }
    }

    /** Rows of 32 filters: {@code [group][number][row of 32][channel][filter]}, a step from number to number. */
    double[] forward() {
        if (!forwardFits) {
            int length = NUMBERS * layout.forwardStep;
            forward = forward == null ? new double[layout.shape.groups() * length] : forward;
            for (int group = 0; group < layout.shape.groups(); group++) {
                for (int channel = 0; channel < layout.channels; channel++) {
                    for (int filter = 0; filter < layout.filters; filter++) {
                        int to = (filter / ROW * layout.channels + channel) * ROW + filter % ROW;
                        transform(group, filter, channel, forward, group * length + to, layout.forwardStep);
                    }
                }
            }
            forwardFits = true;
        }
        return forward;
    }

    /** Rows of 32 channels: {@code [group][number][row of 32][filter][channel]}. */
    double[] backward() {
        if (!backwardFits) {
            int length = NUMBERS * layout.backwardStep;
            backward = backward == null ? new double[layout.shape.groups() * length] : backward;
            for (int group = 0; group < layout.shape.groups(); group++) {
                for (int filter = 0; filter < layout.filters; filter++) {
                    for (int channel = 0; channel < layout.channels; channel++) {
                        int to = (channel / ROW * layout.filters + filter) * ROW + channel % ROW;
                        transform(group, filter, channel, backward, group * length + to, layout.backwardStep);
                    }
                }
            }
            backwardFits = true;
        }
        return backward;
    }

    double weight(int index) {
        return kept[index];
    }

    private void transform(int group, int filter, int channel, double[] numbers, int to, int step) {
        int plane = (group * layout.filters + filter) * layout.channels + channel;
        WinogradKernels.filter(kept, plane * layout.shape.taps(), numbers, to, step);
    }
}
