package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * The loops of a depthwise convolution: one plane of an image, one filter of 3 x 3, one plane of outputs. This is the definition. Zeros
 * around a plane take part in sums as its cells do.
 */
public class DepthwiseKernels {
    static final int TAPS = DepthwisePlane.TAPS;
    static final int PARTS = 8;
    /** Numbers of a tap that stay in the first-level cache beside those of the others. */
    private static final int CACHED = 400;

    /** Each output is a chain of {@code Math.fma} from {@code start} over the weights in ascending order. */
    public void outputs(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] weights,
            int w,
            double start,
            double[] outputs,
            int to) {
        double[] image = plane.padded(cells, from);
        int cols = plane.outputWidth;
        if (plane.stride == 1) {
            chains(plane, image, 0, plane.paddedWidth(), 1, weights, w, start, outputs, to, plane.outputHeight, cols);
            return;
        }
        for (int row = 0; row < plane.outputHeight; row++) {
            int out = to + row * cols;
            Arrays.fill(outputs, out, out + cols, start);
            for (int tap = 0; tap < TAPS; tap++) {
                int at = (row * plane.stride + tap) * plane.paddedWidth();
                add(image, at, plane.stride, 1, weights, w + tap * TAPS, outputs, out, cols);
            }
        }
    }

    /** Each input's gradient is such a chain from 0, over all weights of those rows of the filter that meet the input. */
    public void inputGradient(
            DepthwisePlane plane,
            double[] lossGradient,
            int from,
            double[] weights,
            int w,
            double[] inputGradient,
            int to) {
        double[] gradient = plane.spread(lossGradient, from);
        int cols = plane.width;
        if (plane.stride == 1) {
            int width = plane.spreadWidth();
            int at = (plane.top + TAPS - 1) * width + plane.left + TAPS - 1;
            chains(plane, gradient, at, width, -1, weights, w, 0.0, inputGradient, to, plane.height, cols);
            return;
        }
        for (int row = 0; row < plane.height; row++) {
            int out = to + row * cols;
            Arrays.fill(inputGradient, out, out + cols, 0.0);
            for (int tap = (row + plane.top) % plane.stride; tap < TAPS; tap += plane.stride) {
                int at = (row + plane.top - tap + TAPS - 1) * plane.spreadWidth() + plane.left + TAPS - 1;
                add(gradient, at, 1, -1, weights, w + tap * TAPS, inputGradient, out, cols);
            }
        }
    }

    /** With stride 1, nine copies of some rows from other places on: over separate arrays with one common index, HotSpot vectorises the loop. */
    private static void chains(
            DepthwisePlane plane,
            double[] cells,
            int from,
            int width,
            int direction,
            double[] weights,
            int w,
            double start,
            double[] outputs,
            int to,
            int rows,
            int cols) {
        int atOnce = Math.max(1, CACHED / width);
        double[][] taps = plane.chains(atOnce * width);
        double[] sums = taps[TAPS * TAPS];
        for (int row = 0; row < rows; row += atOnce) {
            int count = Math.min(atOnce, rows - row);
            int length = (count - 1) * width + cols;
            for (int k = 0; k < TAPS * TAPS; k++) {
                int at = from + row * width + direction * (k / TAPS * width + k % TAPS);
                System.arraycopy(cells, at, taps[k], 0, length);
            }
            Arrays.fill(sums, 0, length, start);
            for (int k = 0; k < TAPS * TAPS; k += TAPS) {
                add(taps[k], taps[k + 1], taps[k + 2], weights, w + k, sums, length);
            }
            for (int i = 0; i < count; i++) {
                System.arraycopy(sums, i * width, outputs, to + (row + i) * cols, cols);
            }
        }
    }

    private static void add(double[] a, double[] b, double[] c, double[] weights, int w, double[] sums, int length) {
        double w0 = weights[w];
        double w1 = weights[w + 1];
        double w2 = weights[w + 2];
        for (int i = 0; i < length; i++) {
            sums[i] = Math.fma(w2, c[i], Math.fma(w1, b[i], Math.fma(w0, a[i], sums[i])));
        }
    }

    /** The three taps of a filter's row. */
    private static void add(
            double[] cells, int from, int step, int tapStep, double[] weights, int w, double[] sums, int to, int cols) {
        double w0 = weights[w];
        double w1 = weights[w + 1];
        double w2 = weights[w + 2];
        for (int col = 0; col < cols; col++) {
            int p = from + col * step;
            sums[to + col] = Math.fma(
                    w2,
                    cells[p + 2 * tapStep],
                    Math.fma(w1, cells[p + tapStep], Math.fma(w0, cells[p], sums[to + col])));
        }
    }

    /**
     * Adds to the gradients of the filter and, unless null, of its bias. A weight's gradient is summed up column by column, each from top to
     * bottom by {@code Math.fma}; sums of columns go to part {@code column mod 8} from left to right, and the parts are added as in {@link
     * Kernels#dot}. So is that of the bias.
     */
    public void sums(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] lossGradient,
            int gradientFrom,
            double[] weightGradient,
            int w,
            double[] biasGradient,
            int bias) {
        double[] image = plane.padded(cells, from);
        Arrays.fill(plane.parts, 0.0);
        for (int col = 0; col < plane.outputWidth; col++) {
            addColumn(plane, image, col * plane.stride, lossGradient, gradientFrom + col, col % PARTS);
        }
        plane.addUp();
        addSums(plane, weightGradient, w, biasGradient, bias);
    }

    private static void addColumn(
            DepthwisePlane plane, double[] cells, int from, double[] gradient, int gradientFrom, int part) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        double s8 = 0;
        double s9 = 0;
        int width = plane.paddedWidth();
        int p = from;
        int q = gradientFrom;
        for (int n = plane.outputHeight; n > 0; n--) {
            double g = gradient[q];
            s0 = Math.fma(g, cells[p], s0);
            s1 = Math.fma(g, cells[p + 1], s1);
            s2 = Math.fma(g, cells[p + 2], s2);
            s3 = Math.fma(g, cells[p + width], s3);
            s4 = Math.fma(g, cells[p + width + 1], s4);
            s5 = Math.fma(g, cells[p + width + 2], s5);
            s6 = Math.fma(g, cells[p + 2 * width], s6);
            s7 = Math.fma(g, cells[p + 2 * width + 1], s7);
            s8 = Math.fma(g, cells[p + 2 * width + 2], s8);
            s9 += g;
            p += plane.stride * width;
            q += plane.outputWidth;
        }
        double[] parts = plane.parts;
        parts[part] += s0;
        parts[part + PARTS] += s1;
        parts[part + 2 * PARTS] += s2;
        parts[part + 3 * PARTS] += s3;
        parts[part + 4 * PARTS] += s4;
        parts[part + 5 * PARTS] += s5;
        parts[part + 6 * PARTS] += s6;
        parts[part + 7 * PARTS] += s7;
        parts[part + 8 * PARTS] += s8;
        parts[part + 9 * PARTS] += s9;
    }

    static void addSums(DepthwisePlane plane, double[] weightGradient, int w, double[] biasGradient, int bias) {
        for (int k = 0; k < TAPS * TAPS; k++) {
            weightGradient[w + k] += plane.sums[k];
        }
        if (biasGradient != null) {
            biasGradient[bias] += plane.sums[TAPS * TAPS];
        }
    }
}
