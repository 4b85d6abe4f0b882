package dev.purecnn.internal.kernel;

/**
 * The sizes of the planes of a depthwise convolution with filters of 3 x 3, and what its loops keep between calls. One thread at a time uses
 * it.
 */
public final class DepthwisePlane {
    /** Taps of a filter along an axis. */
    static final int TAPS = 3;

    /** The loops read, and write before others overwrite it, up to that many numbers before and after a plane. */
    public static final int MARGIN = 32;

    /** Where tables have the column number 0; from 0 on, they have columns that are all outside. */
    static final int ORIGIN = 16;

    final int height;
    final int width;
    final int outputHeight;
    final int outputWidth;
    final int stride;
    /** Rows of zeros above the image. */
    final int top;
    /** Columns of zeros left of it. */
    final int left;
    /** For each tap, and then for the output itself: at which output columns it is outside of the plane. */
    final boolean[][] outside;
    /** For each tap: at which input columns it meets no output. */
    final boolean[][] unmet;

    /** Of the plain loops. */
    private double[] image = {};

    private double[] gradient = {};
    private double[][] chains = {};

    /** Of the vector loops: an image with zeros around, each row as its even columns and then its odd ones. */
    private double[] split = {};

    /** Chains that a strip leaves unfinished, and what nothing is done with. */
    final double[] unfinished = new double[ORIGIN];

    final double[] unused = new double[ORIGIN];
    final double[] zeros = new double[ORIGIN];

    /** Two rows of loss gradients: where they are. */
    final double[][] before = new double[TAPS - 1][];

    final int[] beforeFrom = new int[TAPS - 1];

    /** The sums of eight columns. */
    final double[] columns = new double[(TAPS * TAPS + 1) * 8];

    /** Eight parts of each sum. */
    final double[] parts = new double[columns.length];

    /** The sums themselves. */
    final double[] sums = new double[TAPS * TAPS + 1];

    /** Sizes of images and outputs, the stride of 1 or 2, and the padding before. */
    public DepthwisePlane(int height, int width, int outputHeight, int outputWidth, int stride, int top, int left) {
        this.height = height;
        this.width = width;
        this.outputHeight = outputHeight;
        this.outputWidth = outputWidth;
        this.stride = stride;
        this.top = top;
        this.left = left;
        outside = new boolean[TAPS + 1][ORIGIN + outputWidth + ORIGIN];
        unmet = new boolean[TAPS][ORIGIN + width + ORIGIN];
        for (int tap = 0; tap < TAPS; tap++) {
            for (int i = 0; i < outside[tap].length; i++) {
                int col = i - ORIGIN;
                int cell = col * stride + tap - left;
                outside[TAPS][i] = col < 0 || col >= outputWidth;
                outside[tap][i] = outside[TAPS][i] || cell < 0 || cell >= width;
            }
            for (int i = 0; i < unmet[tap].length; i++) {
                int counted = i - ORIGIN + left - tap;
                unmet[tap][i] = counted < 0 || counted % stride > 0 || counted / stride >= outputWidth;
            }
        }
    }

    /** The length of a row of an image with zeros around. */
    int paddedWidth() {
        return Math.max(left + width, (outputWidth - 1) * stride + TAPS);
    }

    /** An image with zeros around, as far as its outputs need it. */
    double[] padded(double[] cells, int from) {
        int rows = Math.max(top + height, (outputHeight - 1) * stride + TAPS);
        int row = paddedWidth();
        image = image.length == 0 ? new double[rows * row] : image;
        for (int i = 0; i < height; i++) {
            System.arraycopy(cells, from + i * width, image, (top + i) * row + left, width);
        }
        return image;
    }

    /** The length of a row of {@link #spread}. */
    int spreadWidth() {
        return Math.max((outputWidth - 1) * stride + 1, left + width) + TAPS - 1;
    }

    /** Loss gradients at the places of their windows' first cells, with zeros between, after two rows and columns of zeros. */
    double[] spread(double[] lossGradient, int from) {
        int rows = Math.max((outputHeight - 1) * stride + 1, top + height) + TAPS - 1;
        int row = spreadWidth();
        gradient = gradient.length == 0 ? new double[rows * row] : gradient;
        for (int i = 0; i < outputHeight; i++) {
            int to = (i * stride + TAPS - 1) * row + TAPS - 1;
            if (stride == 1) {
                System.arraycopy(lossGradient, from + i * outputWidth, gradient, to, outputWidth);
            }
            for (int col = 0; col < outputWidth && stride > 1; col++) {
                gradient[to + col * stride] = lossGradient[from + i * outputWidth + col];
            }
        }
        return gradient;
    }

    /** For each tap of a filter, and for sums, that many numbers. */
    double[][] chains(int length) {
        if (chains.length == 0 || chains[0].length < length) {
            chains = new double[TAPS * TAPS + 1][length];
        }
        return chains;
    }

    /** From the even columns of a row of {@link #split} to the odd ones: with room for zeros after the last. */
    int splitWidth() {
        return (paddedWidth() + 1) / 2 + ORIGIN;
    }

    double[] split() {
        int rows = Math.max(top + height, (outputHeight - 1) * stride + TAPS);
        split = split.length == 0 ? new double[rows * 2 * splitWidth()] : split;
        return split;
    }

    /** Adds up the parts of each sum; returns whether none is NaN or infinite. */
    boolean addUp() {
        boolean finite = true;
        for (int k = 0; k < sums.length; k++) {
            double sum = 0.0 + Kernels.sum(parts, k * 8, 1); // 0 if all parts are -0: plain ones begin with 0
            sums[k] = sum;
            finite &= sum - sum == 0;
        }
        return finite;
    }
}
