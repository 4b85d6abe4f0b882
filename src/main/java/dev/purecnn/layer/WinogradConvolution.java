package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * A 3 x 3 convolution of stride 1 with 16 multiplications where the definition has 36: {@link Winograd}'s F(2, 3) over rows and
 * columns.
 *
 * <p>The output is cut into tiles of 2 x 2 cells, each of which sees a window of 4 x 4 inputs. Windows and filters are transformed
 * to 16 numbers each; for each number, a {@link Product} over the channels gives that number of all tiles; and these are
 * transformed to outputs. Gradients go the same way in reverse.
 *
 * <p>A plane of numbers has one for each tile, side by side. The windows of neighbouring tiles begin two cells apart: so images
 * are cut into {@link Phases}, where they are neighbours. After a row's last tile comes one that is none, whose window is cut in
 * two by the end of the row; what is computed there is never looked at, and its loss gradient is 0.
 */
final class WinogradConvolution implements ConvolutionMethod {
    private static final int SIDE = Winograd.NUMBERS;
    private static final int NUMBERS = SIDE * SIDE;
    /** That of row 1 and column 1: all four outputs of a tile have it as a term. */
    private static final int IN_ALL_OUTPUTS = SIDE + 1;

    private static final int[] AT_START = {0};
    private static final int FEWEST_CHANNELS = 32; // with fewer, the transforms cost more than they save
    private static final int MOST_CHANNELS = 4096; // so that all sizes are ints
    private static final int MOST_TILES = 1024; // with more, the planes leave the cache

    private final int channels;
    private final int filters;
    private final int imageSize;
    private final int outputSize;
    private final int inputSize;
    private final int rowLength;
    private final int tiles;
    /** Of the planes between the transforms of rows and of columns. */
    private final int halfLength;

    private final Phases inputPhases;
    private final Phases outputPhases;
    private final Product[] forward = new Product[NUMBERS];
    private final Product[] backward = new Product[NUMBERS];
    private final Product forFilters;

    private final double[] filterNumbers;
    private final double[] filterGradients;
    private final double[] windows;
    private final double[] turned;
    private final double[] products;
    private final double[] half;
    private final double[] outputPlanes;
    private final double[] gradientPlanes;
    private final double[] inputPlanes;
    private final double[] zeros;
    private final double[] ones;

    WinogradConvolution(ConvolutionPlan plan) {
        channels = plan.input.channels();
        filters = plan.output.channels();
        imageSize = plan.input.size();
        outputSize = plan.output.size();
        rowLength = plan.output.width() / 2 + 1;
        tiles = tiles(plan.output);
        halfLength = tiles + rowLength;
        inputPhases = inputPhases(plan);
        inputSize = inputSize(plan);
        outputPhases = new Phases(plan.output.height(), plan.output.width(), 0, rowLength, tiles);

        int[] channelPlanes = Product.rows(channels, tiles);
        int[] filterPlanes = Product.rows(filters, tiles);
        for (int number = 0; number < NUMBERS; number++) {
            int from = number * filters * channels;
            forward[number] = new Product(filters, tiles, channelPlanes, (f, c) -> from + f * channels + c);
            backward[number] = new Product(channels, tiles, filterPlanes, (c, f) -> from + f * channels + c);
        }
        forFilters = new Product(filters, channels, Product.rows(tiles, channels), (f, tile) -> f * tiles + tile);

        filterNumbers = new double[NUMBERS * filters * channels];
        filterGradients = new double[NUMBERS * filters * channels];
        windows = new double[NUMBERS * channels * tiles];
        turned = new double[inputSize];
        products = new double[NUMBERS * filters * tiles];
        half = new double[Math.max(2 * SIDE * halfLength, 2 * (tiles + 1) * channels)];
        outputPlanes = new double[4 * filters * tiles];
        gradientPlanes = new double[4 * filters * tiles];
        inputPlanes = new double[inputSize];
        zeros = new double[Math.max(channels, filters)];
        ones = new double[tiles];
        Arrays.fill(ones, 1.0);
    }

    /** Whether a convolution is of this kind, and of a size to gain by it. */
    static boolean suits(ConvolutionPlan plan) {
        return plan.isPlain(3)
                && plan.output.height() % 2 == 0
                && plan.output.width() % 2 == 0
                && isBetween(FEWEST_CHANNELS, plan.input.channels(), MOST_CHANNELS)
                && isBetween(FEWEST_CHANNELS, plan.output.channels(), MOST_CHANNELS)
                && tiles(plan.output) <= MOST_TILES;
    }

    private static boolean isBetween(int least, int number, int most) {
        return least <= number && number <= most;
    }

    /** How long the laid-out channels of one group of an image are. */
    static int inputSize(ConvolutionPlan plan) {
        return Math.multiplyExact(4 * plan.input.channels(), inputPhases(plan).planeLength());
    }

    /** Tiles of a plane, rounded up to an odd number of cache lines, lest planes compete for the same places in the cache. */
    private static int tiles(Shape output) {
        return (output.height() / 2 * (output.width() / 2 + 1) + 7) / 16 * 16 + 8;
    }

    private static Phases inputPhases(ConvolutionPlan plan) {
        int rowLength = plan.output.width() / 2 + 1;
        int planeLength = tiles(plan.output) + rowLength + 1;
        return new Phases(plan.input.height(), plan.input.width(), plan.padding(), rowLength, planeLength);
    }

    @Override
    public double[] newInputs(int parts) {
        return new double[Math.multiplyExact(parts, inputSize)];
    }

    @Override
    public void useForward(double[] weights, int from) {
        transformFilters(weights, from);
        for (Product product : forward) {
            product.pack(filterNumbers);
        }
    }

    @Override
    public void useBackward(double[] weights, int from) {
        transformFilters(weights, from);
        for (Product product : backward) {
            product.pack(filterNumbers);
        }
    }

    @Override
    public void forward(double[] images, int part, double[] laidOut, double[] biases, double[] outputs) {
        int from = part * inputSize;
        inputPhases.split(images, part * imageSize, laidOut, from, channels);
        transformWindows(laidOut, from);
        for (int number = 0; number < NUMBERS; number++) {
            double[] starts = number == IN_ALL_OUTPUTS ? biases : zeros;
            Kernels.active()
                    .multiply(
                            forward[number],
                            starts,
                            windows,
                            number * channels * tiles,
                            products,
                            number * filters * tiles);
        }
        transformToOutputs();
        outputPhases.join(outputPlanes, 0, outputs, part * outputSize, filters);
    }

    @Override
    public void begin() {
        Arrays.fill(filterGradients, 0.0);
    }

    @Override
    public void addGradients(
            double[] lossGradient, int part, double[] laidOut, double[] weightGradient, double[] biasGradient) {
        outputPhases.split(lossGradient, part * outputSize, gradientPlanes, 0, filters);
        transformGradients();
        transformTurnedWindows(laidOut, part * inputSize);
        for (int number = 0; number < NUMBERS; number++) {
            forFilters.pack(products, number * filters * tiles);
            Kernels.active()
                    .multiplyAdd(
                            forFilters,
                            windows,
                            number * channels * tiles,
                            filterGradients,
                            number * filters * channels);
        }
        int sums = IN_ALL_OUTPUTS * filters * tiles;
        Kernels.active().dot(filters, tiles, AT_START, products, sums, tiles, ones, 0, biasGradient);
    }

    @Override
    public void findInputGradient(int part, double[] inputGradient) {
        for (int number = 0; number < NUMBERS; number++) {
            Kernels.active()
                    .multiply(
                            backward[number],
                            zeros,
                            products,
                            number * filters * tiles,
                            windows,
                            number * channels * tiles);
        }
        transformToInputGradient();
        inputPhases.join(inputPlanes, 0, inputGradient, part * imageSize, channels);
    }

    @Override
    public void end(double[] weightGradient) {
        int step = filters * channels;
        for (int plane = 0; plane < step; plane++) {
            for (int j = 0; j < SIDE; j++) {
                Winograd.weightGradients(filterGradients, j * step + plane, SIDE * step, half, j, SIDE);
            }
            for (int row = 0; row < 3; row++) {
                Winograd.weightGradients(half, row * SIDE, 1, half, 3 * SIDE + row * 3, 1);
            }
            for (int tap = 0; tap < 9; tap++) {
                weightGradient[plane * 9 + tap] += half[3 * SIDE + tap];
            }
        }
    }

    // ---- transforms, of rows first and then of columns; number i * SIDE + j is that of row i and column j

    private void transformFilters(double[] weights, int from) {
        int step = filters * channels;
        for (int plane = 0; plane < step; plane++) {
            for (int col = 0; col < 3; col++) {
                Winograd.weights(weights, from + plane * 9 + col, 3, half, col, 3);
            }
            for (int i = 0; i < SIDE; i++) {
                Winograd.weights(half, i * 3, 1, filterNumbers, i * SIDE * step + plane, step);
            }
        }
    }

    /** Windows of one channel; those of the next lie {@code tiles} numbers further. */
    private void transformWindows(double[] laidOut, int from) {
        for (int channel = 0; channel < channels; channel++) {
            int plane = from + 4 * channel * inputPhases.planeLength();
            transformWindows(laidOut, plane, 1, channel * tiles);
        }
    }

    /** Windows of all channels that are laid out tile after tile, those of a tile side by side. */
    private void transformTurnedWindows(double[] laidOut, int from) {
        int planeLength = inputPhases.planeLength();
        for (int plane = 0; plane < 4 * channels; plane++) {
            int to = plane % 4 * planeLength * channels + plane / 4;
            for (int place = 0; place < planeLength; place++) {
                turned[to + place * channels] = laidOut[from + plane * planeLength + place];
            }
        }
        transformWindows(turned, 0, channels, 0);
    }

    private void transformWindows(double[] planes, int from, int width, int to) {
        int phase = inputPhases.planeLength() * width;
        int length = (tiles + 1) * width;
        for (int i = 0; i < SIDE; i++) {
            Winograd.input(i, planes, from, from + 2 * phase, rowLength * width, half, 0, length);
            Winograd.input(i, planes, from + phase, from + 3 * phase, rowLength * width, half, length, length);
            for (int j = 0; j < SIDE; j++) {
                int number = i * SIDE + j;
                Winograd.input(j, half, 0, length, width, windows, number * channels * tiles + to, tiles * width);
            }
        }
    }

    private void transformToInputGradient() {
        int phase = inputPhases.planeLength();
        for (int channel = 0; channel < channels; channel++) {
            for (int j = 0; j < SIDE; j++) {
                Winograd.inputGradients(
                        windows,
                        (j * channels + channel) * tiles,
                        SIDE * channels * tiles,
                        half,
                        j * halfLength,
                        (SIDE + j) * halfLength,
                        rowLength,
                        tiles);
            }
            for (int row = 0; row < 2; row++) {
                int even = (4 * channel + 2 * row) * phase;
                Winograd.inputGradients(
                        half, row * SIDE * halfLength, halfLength, inputPlanes, even, even + phase, 1, halfLength);
            }
        }
    }

    private void transformToOutputs() {
        for (int filter = 0; filter < filters; filter++) {
            for (int j = 0; j < SIDE; j++) {
                int from = (j * filters + filter) * tiles;
                int step = SIDE * filters * tiles;
                Winograd.outputs(products, from, step, half, j * halfLength, (SIDE + j) * halfLength, tiles);
            }
            for (int row = 0; row < 2; row++) {
                int to = (4 * filter + 2 * row) * tiles;
                Winograd.outputs(half, row * SIDE * halfLength, halfLength, outputPlanes, to, to + tiles, tiles);
            }
        }
    }

    private void transformGradients() {
        for (int filter = 0; filter < filters; filter++) {
            for (int col = 0; col < 2; col++) {
                int even = (4 * filter + col) * tiles;
                Winograd.outputGradients(
                        gradientPlanes, even, even + 2 * tiles, half, col * halfLength, 2 * halfLength, tiles);
            }
            for (int i = 0; i < SIDE; i++) {
                int row = 2 * i * halfLength;
                int to = (i * SIDE * filters + filter) * tiles;
                Winograd.outputGradients(half, row, row + halfLength, products, to, filters * tiles, tiles);
            }
        }
    }
}
