package dev.purecnn.internal.kernel;

/** The loops exactly as {@link Kernels} defines them. */
final class NaiveKernels {
    private NaiveKernels() {}

    /** {@code C[m][q]}: a chain of fma over ascending k, starting from the present value. */
    static void multiplyAdd(
            int rows, int columns, int[] offsets, double[] a, double[] b, int bFrom, double[] c, int cFrom) {
        for (int m = 0; m < rows; m++) {
            for (int q = 0; q < columns; q++) {
                double chain = c[cFrom + m * columns + q];
                for (int k = 0; k < offsets.length; k++) {
                    chain = Math.fma(a[m * offsets.length + k], b[bFrom + offsets[k] + q], chain);
                }
                c[cFrom + m * columns + q] = chain;
            }
        }
    }

    /** {@code D[m][k]}: the q-th product goes to part q mod 8. */
    static void dot(
            int rows,
            int columns,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d) {
        for (int m = 0; m < rows; m++) {
            for (int k = 0; k < offsets.length; k++) {
                double[] s = new double[8];
                for (int q = 0; q < columns; q++) {
                    s[q % 8] = Math.fma(a[aFrom + m * aStride + q], b[bFrom + offsets[k] + q], s[q % 8]);
                }
                d[m * offsets.length + k] += ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
            }
        }
    }

    static void maxPool2x2(int planes, int height, int width, double[] input, double[] output) {
        for (int i = 0; i < planes * (height / 2) * (width / 2); i++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int cell = 0; cell < 4; cell++) {
                max = Math.max(max, input[cell(i, cell, height, width)]);
            }
            output[i] = max;
        }
    }

    static void maxPool2x2Gradient(
            int planes, int height, int width, double[] input, double[] lossGradient, double[] inputGradient) {
        double[] output = new double[lossGradient.length];
        maxPool2x2(planes, height, width, input, output);
        for (int i = 0; i < output.length; i++) {
            boolean given = false;
            for (int cell = 0; cell < 4; cell++) {
                int at = cell(i, cell, height, width);
                // == takes 0 and -0 for the same; a window with NaN in it has the value NaN
                boolean wins = !given && (input[at] == output[i] || Double.isNaN(input[at]));
                inputGradient[at] = wins ? lossGradient[i] : 0;
                given |= wins;
            }
        }
    }

    /** The index of a cell, 0 to 3, of an output's window. */
    private static int cell(int output, int cell, int height, int width) {
        int row = output / (width / 2) % (height / 2);
        int plane = output / (width / 2) / (height / 2);
        return (plane * height + 2 * row + cell / 2) * width + 2 * (output % (width / 2)) + cell % 2;
    }

    /** A cell of a plane, or the zero around it. */
    private static double cell(double[] cells, int from, int height, int width, int row, int col) {
        boolean inside = row >= 0 && row < height && col >= 0 && col < width;
        return inside ? cells[from + row * width + col] : 0.0;
    }

    static void depthwiseOutputs(
            DepthwisePlane p, double[] cells, int from, double[] weights, int w, double start, double[] out, int to) {
        for (int i = 0; i < p.outputHeight * p.outputWidth; i++) {
            double chain = start;
            for (int k = 0; k < 9; k++) {
                int row = i / p.outputWidth * p.stride + k / 3 - p.top;
                int col = i % p.outputWidth * p.stride + k % 3 - p.left;
                chain = Math.fma(weights[w + k], cell(cells, from, p.height, p.width, row, col), chain);
            }
            out[to + i] = chain;
        }
    }

    static void depthwiseInputGradient(
            DepthwisePlane p, double[] gradient, int from, double[] weights, int w, double[] out, int to) {
        for (int i = 0; i < p.height * p.width; i++) {
            double chain = 0;
            for (int k = 0; k < 9; k++) {
                int row = i / p.width + p.top - k / 3;
                int col = i % p.width + p.left - k % 3;
                if (row % p.stride == 0) {
                    double g = col % p.stride == 0
                            ? cell(gradient, from, p.outputHeight, p.outputWidth, row / p.stride, col / p.stride)
                            : 0.0;
                    chain = Math.fma(weights[w + k], g, chain);
                }
            }
            out[to + i] = chain;
        }
    }

    /** Of the filter's nine weights, then of its bias. */
    static double[] depthwiseSums(DepthwisePlane p, double[] cells, int from, double[] gradient, int gFrom) {
        double[] sums = new double[10];
        for (int k = 0; k < 10; k++) {
            double[] s = new double[8];
            for (int col = 0; col < p.outputWidth; col++) {
                double sum = 0;
                for (int row = 0; row < p.outputHeight; row++) {
                    int y = row * p.stride + k / 3 - p.top;
                    int x = col * p.stride + k % 3 - p.left;
                    double factor = k == 9 ? 1 : cell(cells, from, p.height, p.width, y, x);
                    sum = Math.fma(gradient[gFrom + row * p.outputWidth + col], factor, sum);
                }
                s[col % 8] += sum;
            }
            sums[k] = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
        }
        return sums;
    }
}
