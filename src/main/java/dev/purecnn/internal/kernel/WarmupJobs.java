package dev.purecnn.internal.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Small jobs for kernels, one for each method that they are made of: heights of tiles, and columns that are left over by the
 * widest one of each height, for any number of lanes.
 */
final class WarmupJobs {
    private static final int TERMS = 64;
    private static final int ROUNDS = 50;
    private static final long LONGEST_NANOS = 5_000_000;
    private static final int TILES = 7;
    private static final int STEP = TILES * WinogradKernels.ROW;
    private static final int CELL_ROW = 2 * TILES * WinogradKernels.LANES;

    private final List<Job> jobs = new ArrayList<>();

    private final double[] a = new double[16 * TERMS];
    private final double[] b = new double[16 * TERMS];
    private final double[] c = new double[16 * TERMS];
    private final double[] numbers = new double[WinogradKernels.NUMBERS * STEP];
    private final double[] products = new double[9 * WinogradKernels.ROW];
    private final double[] cells = new double[6 * (STEP + 16)];
    private final double[] winners = new double[CELL_ROW];
    private final int[] offsets = Product.rows(TERMS, 1);
    private final int[] taps = Product.rows(9, 1);
    private final Scratch scratch = new Scratch();

    /** Those up to POOL are for predictions, too. */
    private enum Kind {
        MULTIPLY,
        DOT,
        WINOGRAD_MULTIPLY,
        CONVOLVE,
        FILTERS,
        WINDOWS,
        OUTPUTS,
        RELU,
        LEAKY_RELU,
        POOL_LANES,
        POOL_AND_RECTIFY,
        POOL,
        WINOGRAD_MULTIPLY_TRANSPOSED,
        OUTPUT_GRADIENTS,
        WINDOW_GRADIENTS,
        FILTER_GRADIENTS,
        THREE_TAPS,
        ONE_TAP,
        ACTIVATE_GRADIENT,
        WINNERS,
        UNPOOL,
        MOVE_AND_SQUARE
    }

    /** Rows and width as far as the kind has some; the product for {@link Kind#MULTIPLY} and the offsets for {@link Kind#DOT} alone. */
    private record Job(Kind kind, int rows, int width, Product product, int[] offsets) {
        Job(Kind kind, int rows, int width) {
            this(kind, rows, width, null, null);
        }
    }

    /** Where a product takes its factors from. The class of a lambda would be made while others wait for a first prediction. */
    private static final class Sums implements Product.Source {
        @Override
        public int index(int m, int k) {
            return m + k;
        }
    }

    WarmupJobs() {
        for (int height : new int[] {8, 4, 2, 1}) {
            for (int columns : new int[] {24, 20}) {
                jobs.add(new Job(Kind.MULTIPLY, height, columns, product(height, columns), null));
            }
        }
        for (int height : new int[] {8, 4, 2, 1}) {
            for (int depth : new int[] {6, 3, 1}) {
                jobs.add(new Job(Kind.DOT, height, 0, null, Product.rows(depth, 1)));
            }
        }
        int allTiles = 41; // where rows are lanes: 12, 6, 4 and 1
        jobs.add(new Job(Kind.DOT, 16, 0, null, Product.rows(allTiles, 1)));
        for (Kind kind : Kind.values()) {
            switch (kind) {
                case MULTIPLY, DOT -> {}
                case WINOGRAD_MULTIPLY, CONVOLVE, WINOGRAD_MULTIPLY_TRANSPOSED -> addWidths(kind);
                default -> jobs.add(new Job(kind, 0, 0));
            }
        }
    }

    private void addWidths(Kind kind) {
        jobs.add(new Job(kind, 7, 32)); // tiles of 4, 2 and 1 rows
        jobs.add(new Job(kind, 9, 16)); // of 6, 2 and 1
        jobs.add(new Job(kind, 9, 8));
    }

    private Product product(int rows, int columns) {
        return new Product(rows, columns, offsets, new Sums());
    }

    /** Products have rows that are cut into tiles of all heights, and a width that is cut into vectors of as many. */
    private void run(Job job, Kernels kernels) {
        int rows = job.rows;
        int width = job.width;
        WinogradKernels winograd = kernels.winograd();
        LaneKernels lanes = kernels.lanes();
        switch (job.kind) {
            case MULTIPLY -> { // a new product, packed again, and the same once more: code for one of these only would
                // be thrown away
                Product product = job.product.with(width, offsets);
                product.pack(a);
                kernels.multiply(product, a, b, 0, c, 0);
                kernels.multiply(product, a, b, 0, c, 0);
                kernels.multiplyAdd(product, b, 0, c, 0);
            }
            case DOT -> kernels.dot(rows, TERMS - 3, job.offsets, a, 0, TERMS, b, 0, c, 0);
            case WINOGRAD_MULTIPLY ->
                winograd.multiply(numbers, 0, numbers, 0, 32, numbers, 0, 0, products, 0, rows, width, scratch);
            case WINOGRAD_MULTIPLY_TRANSPOSED ->
                winograd.multiplyTransposed(numbers, 0, numbers, 0, 32, products, 0, 8, width, scratch);
            case FILTERS -> winograd.filters(a, 0, TERMS, 7, numbers, 0, STEP, scratch);
            case WINDOWS -> winograd.windows(cells, 0, STEP + 16, numbers, 0, STEP, TILES, scratch);
            case OUTPUTS -> winograd.outputs(numbers, 0, STEP, a, 0, cells, 0, STEP, TILES, c, 0, scratch);
            case OUTPUT_GRADIENTS -> winograd.outputGradients(cells, 0, STEP, numbers, 0, STEP, TILES, scratch);
            case WINDOW_GRADIENTS -> winograd.windowGradients(numbers, 0, STEP, cells, 0, STEP + 16, TILES, scratch);
            case FILTER_GRADIENTS -> winograd.filterGradients(numbers, 0, STEP, c, scratch);
            case CONVOLVE -> lanes.convolve(a, 0, taps, numbers, 0, b, 0, cells, 0, 9 * 8, rows, width, scratch);
            case THREE_TAPS -> lanes.threeTaps(a, 0, cells, 0, TERMS, c, 0);
            case ONE_TAP -> lanes.oneTap(a, 0, cells, 0, TERMS, c, 0);
            case RELU -> lanes.activate(cells, 0, 4 * CELL_ROW, 0);
            case LEAKY_RELU -> lanes.activate(cells, 0, 4 * CELL_ROW, 0.5);
            case ACTIVATE_GRADIENT -> lanes.activateGradient(cells, 0, numbers, 0, 4 * CELL_ROW, 0);
            case POOL_LANES -> pool(lanes, LaneKernels.NONE);
            case POOL_AND_RECTIFY -> pool(lanes, 0);
            case WINNERS ->
                lanes.winners(cells, 0, CELL_ROW, numbers, 0, CELL_ROW / 2, winners, 0, CELL_ROW / 2, 2, TILES);
            case UNPOOL ->
                lanes.unpool(numbers, 0, CELL_ROW / 2, winners, 0, CELL_ROW / 2, cells, 0, CELL_ROW, 2, TILES, 0);
            case POOL -> kernels.maxPool2x2(2, 8, 24, a, c);
            case MOVE_AND_SQUARE -> kernels.moveIntoAndSquare(a, b, 0, a.length, c, 0);
        }
    }

    private void pool(LaneKernels lanes, double slope) {
        lanes.pool(cells, 0, CELL_ROW, numbers, 0, CELL_ROW / 2, 2, TILES, slope);
    }

    /** Does one of each kind that predictions need, often enough for the virtual machine to compile plain kernels. */
    void runThoseOfPredictions(Kernels kernels) {
        Kind last = null;
        for (Job job : jobs) {
            if (job.kind != last && job.kind.compareTo(Kind.POOL) <= 0) {
                time(job, kernels);
            }
            last = job.kind;
        }
    }

    /** Whether some kernels take at most that many times as long as others, at each of the jobs. */
    boolean areAsFast(Kernels kernels, Kernels others, double times) {
        boolean fast = true;
        for (Job job : jobs) {
            fast &= time(job, kernels) <= times * time(job, others);
        }
        return fast;
    }

    /** Nanoseconds per call, of some calls; of few if they are slow, as those in the interpreter are. */
    private double time(Job job, Kernels kernels) {
        long start = System.nanoTime();
        long nanos = 0;
        int calls = 0;
        while (calls < ROUNDS && nanos < LONGEST_NANOS) {
            run(job, kernels);
            calls++;
            nanos = System.nanoTime() - start;
        }
        return (double) nanos / calls;
    }
}
