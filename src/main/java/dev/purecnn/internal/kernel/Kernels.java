package dev.purecnn.internal.kernel;

/**
 * The loops that a network's time goes into. Each is defined down to the order of its additions, so that every
 * implementation gives the same bits.
 */
public abstract class Kernels {
    Kernels() {}

    /**
     * The kernels to use now. They may change from plain to vector while a program runs; no one can tell by the results.
     *
     * @return the kernels; ask again for each pass, never keep them
     * @throws IllegalStateException if the system property {@code purecnn.kernels} forces kernels that are not there
     */
    public static Kernels active() {
        return KernelChooser.active();
    }

    /**
     * What these kernels are called.
     *
     * @return {@code plain} or {@code vector}
     */
    public abstract String name();

    /**
     * {@code C[m][q] = start[m] + sum over k of A[m][k] * B[offset[k] + q]}. Each element of C is a chain of {@code
     * Math.fma} from {@code start[m]} over ascending k.
     *
     * @param product the shape, which has A already
     * @param start what each row of C starts from
     * @param b the array that holds B
     * @param bFrom added to every offset
     * @param c the array that holds C; overwritten
     * @param cFrom where C starts
     */
    public abstract void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom);

    /**
     * As {@link #multiply}, with columns of C in rows of some length: B's offsets count from further on for each.
     *
     * @param product the shape, which has A already; its columns are whole rows
     * @param length of a row
     * @param start what each row of C starts from
     * @param b the array that holds B
     * @param bFrom added to every offset for the first row
     * @param bStep added to it from one row to the next
     * @param c the array that holds C; overwritten
     * @param cFrom where C starts
     */
    public abstract void multiplyRows(
            Product product, int length, double[] start, double[] b, int bFrom, int bStep, double[] c, int cFrom);

    /** Whether {@link #multiplyRows} takes less time than a product whose columns are copied afterwards. */
    public boolean gainsByRows(Product product, int length) {
        return false;
    }

    /**
     * As {@link #multiply}, with each chain starting from what stands in C.
     *
     * @param product the shape, which has A already
     * @param b the array that holds B
     * @param bFrom added to every offset
     * @param c the array that holds C; added to
     * @param cFrom where C starts
     */
    public abstract void multiplyAdd(Product product, double[] b, int bFrom, double[] c, int cFrom);

    /**
     * {@code D[m][k] += sum over q of A[m][q] * B[offset[k] + q]}. The sum is kept in eight parts, all starting from 0:
     * the q-th product goes to part {@code q mod 8} by {@code Math.fma} in ascending order; then {@code ((s0 + s1) + (s2
     * + s3)) + ((s4 + s5) + (s6 + s7))} is added to D.
     *
     * @param rows rows of A and D
     * @param columns terms of each sum
     * @param offsets where each row of B starts; as many as D has columns
     * @param a the array that holds A
     * @param aFrom where A's first row starts
     * @param aStride from the start of one row of A to the next
     * @param b the array that holds B
     * @param bFrom added to every offset
     * @param d the array that holds D, row by row without gaps; added to
     * @param dFrom where D starts
     */
    public abstract void dot(
            int rows,
            int columns,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d,
            int dFrom);

    /** The eight parts of a sum as {@link #dot} adds them, {@code step} apart. */
    static double sum(double[] parts, int from, int step) {
        return ((parts[from] + parts[from + step]) + (parts[from + 2 * step] + parts[from + 3 * step]))
                + ((parts[from + 4 * step] + parts[from + 5 * step])
                        + (parts[from + 6 * step] + parts[from + 7 * step]));
    }

    /**
     * {@code output = max(input, 0)}; NaN stays NaN.
     *
     * @param input what to cut off
     * @param output as long as the input, or the same
     * @param from where to start
     * @param to where to end
     */
    public abstract void relu(double[] input, double[] output, int from, int to);

    /**
     * {@code inputGradient = output > 0 ? lossGradient : 0}. It is NaN where the output or the loss gradient is, and where the
     * output is 0 and the loss gradient infinite, so that they are noticed.
     *
     * @param output what {@link #relu} gave
     * @param lossGradient as long as the output
     * @param inputGradient as long as the output; overwritten
     * @param from where to start
     * @param to where to end
     */
    public abstract void reluGradient(double[] output, double[] lossGradient, double[] inputGradient, int from, int to);

    /**
     * The largest value of each 2 x 2 window, for windows side by side; NaN counts as largest. An odd last row or column
     * is dropped.
     *
     * @param planes number of planes
     * @param height rows of an input plane
     * @param width columns of an input plane
     * @param input the planes
     * @param output planes of {@code (height / 2) x (width / 2)}
     */
    public abstract void maxPool2x2(int planes, int height, int width, double[] input, double[] output);

    /**
     * Hands each window's loss gradient to the first cell that has the window's value, and 0 to the others.
     *
     * @param planes number of planes
     * @param height rows of an input plane
     * @param width columns of an input plane
     * @param input what {@link #maxPool2x2} was given
     * @param output what it answered
     * @param lossGradient as long as the output
     * @param inputGradient as long as the input; cells of the 2 x 2 windows are overwritten, others left as they are
     */
    public abstract void maxPool2x2Gradient(
            int planes,
            int height,
            int width,
            double[] input,
            double[] output,
            double[] lossGradient,
            double[] inputGradient);

    /**
     * One step of gradient descent: {@code values -= learningRate * (gradient * scale)}, {@code gradient = 0}.
     *
     * @param values what to improve
     * @param gradient the summed gradient; cleared
     * @param scale what makes a mean of the sum
     * @param learningRate the step's length
     * @param from where to start
     * @param to where to end
     */
    public abstract void descend(
            double[] values, double[] gradient, double scale, double learningRate, int from, int to);

    /**
     * The same with momentum: {@code velocity = momentum * velocity + gradient * scale}, {@code values -= learningRate *
     * velocity}, {@code gradient = 0}.
     *
     * @param values what to improve
     * @param gradient the summed gradient; cleared
     * @param velocity what is left of the steps before; updated
     * @param momentum how much of it is kept
     * @param scale what makes a mean of the sum
     * @param learningRate the step's length
     * @param from where to start
     * @param to where to end
     */
    public abstract void descend(
            double[] values,
            double[] gradient,
            double[] velocity,
            double momentum,
            double scale,
            double learningRate,
            int from,
            int to);

    /**
     * {@code sum += addend}, {@code addend = 0}.
     *
     * @param sum added to
     * @param addend what to add; cleared
     * @param from where to start
     * @param to where to end
     */
    public abstract void moveInto(double[] sum, double[] addend, int from, int to);

    /**
     * As {@link #moveInto}, then adds the sum of the new values' squares, in parts and in the order of {@link #dot}, to {@code
     * squares[number]}.
     *
     * @param sum added to
     * @param addend what to add; cleared
     * @param from where to start
     * @param to where to end
     * @param squares what the squares are added to
     * @param number which of them
     */
    public abstract void moveIntoAndSquare(
            double[] sum, double[] addend, int from, int to, double[] squares, int number);

    /**
     * The passes of normalizations.
     *
     * @return those of the same kind
     */
    public abstract PlaneKernels planes();

    /**
     * The loops of Winograd's convolution.
     *
     * @return those of the same kind
     */
    public abstract WinogradKernels winograd();

    /**
     * Products of what Winograd's convolution transforms.
     *
     * @return those of the same kind
     */
    public abstract TileProducts products();

    /**
     * The loops over channels side by side.
     *
     * @return those of the same kind
     */
    public abstract LaneKernels lanes();

    /**
     * The loops of depthwise convolutions.
     *
     * @return those of the same kind
     */
    public abstract DepthwiseKernels depthwise();
}
