package dev.purecnn.internal.kernel;

/** Has the virtual machine compile the plain kernels that a first prediction is about to need. No lambdas: making their classes takes longer. */
final class PlainWarmup {
    private static final int ROUNDS = 50;
    private static final int TERMS = 64;
    private static final int TILES = 7;
    private static final int TILE_ROW = TILES * WinogradKernels.ROW;
    private static final int CELL_ROW = 2 * TILES * WinogradKernels.LANES;

    private final double[] a = new double[16 * TERMS];
    private final double[] b = new double[16 * TERMS];
    private final double[] c = new double[16 * TERMS];
    private final double[] numbers = new double[WinogradKernels.NUMBERS * WinogradKernels.STEP];
    private final double[] products = new double[TILES * WinogradKernels.ROW];
    private final double[] cells = new double[6 * (TILE_ROW + 16)];
    private final int[] offsets = Product.rows(9, 1);
    private final Scratch scratch = new Scratch();

    void run(PlainKernels kernels) {
        WinogradKernels winograd = kernels.winograd();
        LaneKernels lanes = kernels.lanes();
        for (int round = 0; round < ROUNDS; round++) {
            lanes.convolve(a, 0, offsets, numbers, 0, b, 0, 0, cells, 0, CELL_ROW, TILES, 32, scratch);
            lanes.convolvePooled(a, 0, 20, offsets, numbers, 0, b, 0, 0, cells, 0, CELL_ROW, TILES / 2, 32, scratch);
            lanes.activate(cells, 0, 4 * CELL_ROW, 0);
            lanes.pool(cells, 0, CELL_ROW, numbers, 0, CELL_ROW / 2, 2, TILES, 0);
            winograd.filters(a, 0, TERMS, TILES, numbers, 0, TILE_ROW, scratch);
            winograd.windows(cells, 0, TILE_ROW + 16, numbers, 0, TILES, scratch);
            kernels.products().multiply(numbers, 0, numbers, 0, 32, products, 0, TILES, 32, scratch);
            winograd.outputs(numbers, 0, a, 0, cells, 0, TILE_ROW, TILES, c, 0, scratch);
            kernels.dot(8, TERMS, offsets, a, 0, TERMS, b, 0, c, 0);
            kernels.maxPool2x2(2, 8, 24, a, c);
        }
    }
}
