package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.convolution.WinogradConvolution.IN_ALL_OUTPUTS;
import static dev.purecnn.internal.convolution.WinogradConvolution.NUMBERS;
import static dev.purecnn.internal.convolution.WinogradConvolution.SIDE;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/** The way back through a {@link WinogradConvolution}, in whose buffers it works. */
final class WinogradGradients {
    private static final int[] AT_START = {0};

    private final WinogradConvolution convolution;
    private final ConvolutionShape shape;
    private final int channels;
    private final int filters;
    private final int tiles;
    private final int halfLength;
    private final double[] windows;
    private final double[] products;
    private final double[] half;

    private final Product[] backward = new Product[NUMBERS];
    private final Product forFilters;
    private final double[] filterGradients;
    private final double[] inputsByPlace;
    private final double[] inputPlanes;
    private final double[] gradientPlanes;
    private final double[] ones;

    WinogradGradients(WinogradConvolution convolution) {
        this.convolution = convolution;
        shape = convolution.shape;
        channels = convolution.channels;
        filters = convolution.filters;
        tiles = convolution.tiles;
        halfLength = convolution.halfLength;
        windows = convolution.windows;
        products = convolution.products;
        half = convolution.half;

        int[] filterPlanes = Product.rows(filters, tiles);
        for (int number = 0; number < NUMBERS; number++) {
            int from = number * filters * channels;
            backward[number] = new Product(channels, tiles, filterPlanes, (c, f) -> from + f * channels + c);
        }
        forFilters = new Product(filters, channels, Product.rows(tiles, channels), (f, tile) -> f * tiles + tile);
        filterGradients = new double[NUMBERS * filters * channels];
        inputsByPlace = new double[4 * channels * convolution.inputPhases.planeLength()];
        inputPlanes = new double[inputsByPlace.length];
        gradientPlanes = new double[4 * filters * tiles];
        ones = new double[tiles];
        Arrays.fill(ones, 1.0);
    }

    /** As {@link Convolution#backprop}. */
    void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient) {
        for (int group = 0; group < shape.groups(); group++) {
            if (inputGradient != null) {
                convolution.transformFilters(weights, group);
                for (Product product : backward) {
                    product.pack(convolution.filterNumbers);
                }
            }
            Arrays.fill(filterGradients, 0.0);
            for (int part = group; part < n * shape.groups(); part += shape.groups()) {
                transformGradients(lossGradient, part);
                if (weightGradient != null) {
                    addFilterGradients(images, part);
                }
                if (biasGradient != null) {
                    addBiasGradient(biasGradient, group);
                }
                if (inputGradient != null) {
                    findInputGradient(inputGradient, part);
                }
            }
            if (weightGradient != null) {
                addWeightGradient(weightGradient, group);
            }
        }
    }

    /** The loss gradient of one group of an image to that of the products. */
    private void transformGradients(double[] lossGradient, int part) {
        convolution.outputPhases.split(lossGradient, part * filters * shape.outputPlane(), gradientPlanes, filters);
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

    /** Each number of a filter met the windows' number, for all tiles: a product over tiles, whose lanes run over channels. */
    private void addFilterGradients(double[] images, int part) {
        convolution.inputPhases.splitByPlace(images, part * channels * shape.inputPlane(), inputsByPlace, channels);
        convolution.transformWindows(inputsByPlace, 0, channels, 0);
        for (int number = 0; number < NUMBERS; number++) {
            forFilters.pack(products, number * filters * tiles);
            int from = number * channels * tiles;
            Kernels.active().multiplyAdd(forFilters, windows, from, filterGradients, number * filters * channels);
        }
    }

    private void addBiasGradient(double[] biasGradient, int group) {
        int sums = IN_ALL_OUTPUTS * filters * tiles;
        Kernels.active().dot(filters, tiles, AT_START, products, sums, tiles, ones, 0, biasGradient, group * filters);
    }

    private void findInputGradient(double[] inputGradient, int part) {
        for (int number = 0; number < NUMBERS; number++) {
            int from = number * filters * tiles;
            int to = number * channels * tiles;
            Kernels.active().multiply(backward[number], convolution.zeros, products, from, windows, to);
        }
        int phase = convolution.inputPhases.planeLength();
        int rowLength = convolution.rowLength;
        for (int channel = 0; channel < channels; channel++) {
            for (int j = 0; j < SIDE; j++) {
                int from = (j * channels + channel) * tiles;
                int even = j * halfLength;
                int odd = (SIDE + j) * halfLength;
                Winograd.inputGradients(windows, from, SIDE * channels * tiles, half, even, odd, rowLength, tiles);
            }
            for (int row = 0; row < 2; row++) {
                int even = (4 * channel + 2 * row) * phase;
                Winograd.inputGradients(
                        half, row * SIDE * halfLength, halfLength, inputPlanes, even, even + phase, 1, halfLength);
            }
        }
        convolution.inputPhases.join(inputPlanes, inputGradient, part * channels * shape.inputPlane(), channels);
    }

    private void addWeightGradient(double[] weightGradient, int group) {
        int step = filters * channels;
        int first = group * shape.groupWeights();
        for (int plane = 0; plane < step; plane++) {
            for (int j = 0; j < SIDE; j++) {
                Winograd.weightGradients(filterGradients, j * step + plane, SIDE * step, half, j, SIDE);
            }
            for (int row = 0; row < 3; row++) {
                Winograd.weightGradients(half, row * SIDE, 1, half, 3 * SIDE + row * 3, 1);
            }
            for (int tap = 0; tap < 9; tap++) {
                weightGradient[first + plane * 9 + tap] += half[3 * SIDE + tap];
            }
        }
    }
}
