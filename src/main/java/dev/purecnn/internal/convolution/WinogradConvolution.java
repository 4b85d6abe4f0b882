package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;

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
final class WinogradConvolution implements Convolution {
    static final int SIDE = Winograd.NUMBERS;
    static final int NUMBERS = SIDE * SIDE;
    /** That of row 1 and column 1: all four outputs of a tile have it as a term. */
    static final int IN_ALL_OUTPUTS = SIDE + 1;

    private static final int FEWEST_CHANNELS = 32; // with fewer, the transforms cost more than they save
    private static final int MOST_CHANNELS = 4096; // so that all sizes are ints
    private static final int MOST_TILES = 1024; // with more, the planes leave the cache

    final ConvolutionShape shape;
    final int channels;
    final int filters;
    final int rowLength;
    final int tiles;
    /** Of the planes between the transforms of rows and of columns. */
    final int halfLength;

    final Phases inputPhases;
    final Phases outputPhases;
    final double[] filterNumbers;
    final double[] windows;
    final double[] products;
    final double[] half;
    final double[] zeros;

    private final Product[] forward = new Product[NUMBERS];
    private final double[] starts;
    private final double[] inputPlanes;
    private final double[] outputPlanes;
    /** Null before the first backprop. */
    private WinogradGradients gradients;

    WinogradConvolution(ConvolutionShape shape) {
        this.shape = shape;
        channels = shape.groupChannels();
        filters = shape.groupFilters();
        int height = shape.rows().output();
        int width = shape.cols().output();
        int padding = shape.rows().padding();
        rowLength = width / 2 + 1;
        tiles = tiles(shape);
        halfLength = tiles + rowLength;
        inputPhases = new Phases(shape.rows().input(), shape.cols().input(), padding, rowLength, halfLength + 1);
        outputPhases = new Phases(height, width, 0, rowLength, tiles);

        int[] channelPlanes = Product.rows(channels, tiles);
        for (int number = 0; number < NUMBERS; number++) {
            int from = number * filters * channels;
            forward[number] = new Product(filters, tiles, channelPlanes, (f, c) -> from + f * channels + c);
        }
        filterNumbers = new double[NUMBERS * filters * channels];
        windows = new double[NUMBERS * channels * tiles];
        products = new double[NUMBERS * filters * tiles];
        half = new double[Math.max(2 * SIDE * halfLength, 2 * (tiles + 1) * channels)];
        zeros = new double[Math.max(channels, filters)];
        starts = new double[filters];
        inputPlanes = new double[4 * channels * inputPhases.planeLength()];
        outputPlanes = new double[4 * filters * tiles];
    }

    /** Whether a convolution is of this kind, and of a size to gain by it. */
    static boolean suits(ConvolutionShape shape) {
        return shape.rows().isPlain(3)
                && shape.cols().isPlain(3)
                && shape.rows().padding() == shape.cols().padding()
                && shape.rows().output() % 2 == 0
                && shape.cols().output() % 2 == 0
                && isBetween(FEWEST_CHANNELS, shape.groupChannels(), MOST_CHANNELS)
                && isBetween(FEWEST_CHANNELS, shape.groupFilters(), MOST_CHANNELS)
                && tiles(shape) <= MOST_TILES;
    }

    private static boolean isBetween(int least, int number, int most) {
        return least <= number && number <= most;
    }

    /** Tiles of a plane, rounded up to an odd number of cache lines, so that planes do not compete for the same cache sets. */
    private static int tiles(ConvolutionShape shape) {
        return (shape.rows().output() / 2 * (shape.cols().output() / 2 + 1) + 7) / 16 * 16 + 8;
    }

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        for (int group = 0; group < shape.groups(); group++) {
            transformFilters(weights, group);
            for (Product product : forward) {
                product.pack(filterNumbers);
            }
            DirectConvolution.takeBiases(biases, group, starts);
            for (int part = group; part < n * shape.groups(); part += shape.groups()) {
                inputPhases.split(images, part * channels * shape.inputPlane(), inputPlanes, channels);
                for (int channel = 0; channel < channels; channel++) {
                    transformWindows(inputPlanes, 4 * channel * inputPhases.planeLength(), 1, channel * tiles);
                }
                multiply();
                transformToOutputs();
                outputPhases.join(outputPlanes, outputs, part * filters * shape.outputPlane(), filters);
            }
        }
    }

    private void multiply() {
        for (int number = 0; number < NUMBERS; number++) {
            double[] start = number == IN_ALL_OUTPUTS ? starts : zeros;
            int from = number * channels * tiles;
            Kernels.active().multiply(forward[number], start, windows, from, products, number * filters * tiles);
        }
    }

    @Override
    public void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient) {
        if (gradients == null) {
            gradients = new WinogradGradients(this);
        }
        gradients.backprop(images, n, lossGradient, weights, weightGradient, biasGradient, inputGradient);
    }

    // ---- transforms, of rows first and then of columns; number i * SIDE + j is that of row i and column j

    /** Takes one group's filters over. */
    void transformFilters(double[] weights, int group) {
        int step = filters * channels;
        int from = group * shape.groupWeights();
        for (int plane = 0; plane < step; plane++) {
            for (int col = 0; col < 3; col++) {
                Winograd.weights(weights, from + plane * 9 + col, 3, half, col, 3);
            }
            for (int i = 0; i < SIDE; i++) {
                Winograd.weights(half, i * 3, 1, filterNumbers, i * SIDE * step + plane, step);
            }
        }
    }

    /** Windows of {@code width} channels that lie side by side; their phases start at {@code from}. */
    void transformWindows(double[] planes, int from, int width, int to) {
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
}
