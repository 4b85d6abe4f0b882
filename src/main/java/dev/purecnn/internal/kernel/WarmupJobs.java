package dev.purecnn.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Small jobs for kernels, one for each method that they are made of: heights of tiles, and columns that are left over by the
 * widest one of each height, for any number of lanes.
 */
final class WarmupJobs {
    private static final int TERMS = 64;
    private static final int ROUNDS = 50;
    private static final long LONGEST_NANOS = 5_000_000;

    private final List<Consumer<Kernels>> jobs = new ArrayList<>();

    private final double[] a = new double[16 * TERMS];
    private final double[] b = new double[16 * TERMS];
    private final double[] c = new double[16 * TERMS];
    private final double[] numbers = new double[WinogradKernels.NUMBERS * 7 * WinogradKernels.ROW];
    private final double[] products = new double[9 * WinogradKernels.ROW];
    private final double[] cells = new double[6 * (7 * WinogradKernels.ROW + 16)];
    private final double[] winners = new double[14 * WinogradKernels.LANES];
    private final Scratch scratch = new Scratch();

    WarmupJobs() {
        for (int height : new int[] {8, 4, 2, 1}) {
            for (int columns : new int[] {24, 20}) {
                addMultiply(height, columns);
            }
            for (int depth : new int[] {6, 3, 1}) {
                addDot(height, depth);
            }
        }
        addDot(16, 41); // rows as lanes, in tiles of all heights: 12, 6, 4 and 1
        for (int width : new int[] {32, 16, 8}) {
            int rows = width == 32 ? 7 : 9; // tiles of 4, 2 and 1 rows, or of 6, 2 and 1
            addWinogradProduct(width, rows);
            addShallowConvolution(width, rows);
        }
        addWinogradTransforms();
        addLanes();
        jobs.add(kernels -> kernels.maxPool2x2(2, 8, 24, a, c));
    }

    /** Products whose rows are cut into tiles of all heights, and whose width into vectors of as many. */
    private void addWinogradProduct(int width, int rows) {
        jobs.add(kernels -> kernels.winograd()
                .multiply(numbers, 0, numbers, 0, 32, numbers, 0, 0, products, 0, rows, width, scratch));
        jobs.add(kernels ->
                kernels.winograd().multiplyTransposed(numbers, 0, numbers, 0, 32, products, 0, 8, width, scratch));
    }

    private void addWinogradTransforms() {
        int tiles = 7;
        int step = tiles * WinogradKernels.ROW;
        jobs.add(kernels -> kernels.winograd().windows(cells, 0, step + 16, numbers, 0, step, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().outputs(numbers, 0, step, a, 0, cells, 0, step, tiles, c, 0, scratch));
        jobs.add(kernels -> kernels.winograd().outputGradients(cells, 0, step, numbers, 0, step, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().windowGradients(numbers, 0, step, cells, 0, step + 16, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().filterGradients(numbers, 0, step, c, scratch));
    }

    private void addMultiply(int rows, int columns) {
        Product product = new Product(rows, columns, Product.rows(TERMS, 1), (m, k) -> m + k);
        jobs.add(kernels -> {
            kernels.multiply(product, a, b, 0, c, 0);
            kernels.multiplyAdd(product, b, 0, c, 0);
        });
    }

    private void addDot(int rows, int depth) {
        int[] offsets = Product.rows(depth, 1);
        jobs.add(kernels -> kernels.dot(rows, TERMS, offsets, a, 0, TERMS, b, 0, c, 0));
    }

    private void addShallowConvolution(int filters, int cols) {
        int[] offsets = Product.rows(9, 1);
        jobs.add(kernels ->
                kernels.lanes().convolve(a, 0, offsets, numbers, 0, b, 0, cells, 0, 9 * 8, cols, filters, scratch));
    }

    private void addLanes() {
        jobs.add(kernels -> kernels.lanes().threeTaps(a, 0, cells, 0, TERMS, c, 0));
        jobs.add(kernels -> kernels.lanes().oneTap(a, 0, cells, 0, TERMS, c, 0));
        int row = 14 * WinogradKernels.LANES;
        for (double slope : new double[] {0, 0.5}) {
            jobs.add(kernels -> kernels.lanes().activate(cells, 0, 4 * row, slope));
        }
        jobs.add(kernels -> kernels.lanes().activateGradient(cells, 0, numbers, 0, 4 * row, 0));
        jobs.add(kernels -> kernels.lanes().pool(cells, 0, row, numbers, 0, row / 2, 2, 7));
        jobs.add(kernels -> kernels.lanes().winners(cells, 0, row, numbers, 0, row / 2, winners, 0, row / 2, 2, 7));
        jobs.add(kernels -> kernels.lanes().unpool(numbers, 0, row / 2, winners, 0, row / 2, cells, 0, row, 2, 7, 0));
    }

    /** Does all of them often enough for the virtual machine to compile plain kernels. */
    void run(Kernels kernels) {
        for (Consumer<Kernels> job : jobs) {
            time(job, kernels);
        }
    }

    /** Whether some kernels take at most that many times as long as others, at each of the jobs. */
    boolean areAsFast(Kernels kernels, Kernels others, double times) {
        boolean fast = true;
        for (Consumer<Kernels> job : jobs) {
            fast &= time(job, kernels) <= times * time(job, others);
        }
        return fast;
    }

    /** Nanoseconds per call, of some calls; of few if they are slow, as those in the interpreter are. */
    private static double time(Consumer<Kernels> job, Kernels kernels) {
        long start = System.nanoTime();
        long nanos = 0;
        int calls = 0;
        while (calls < ROUNDS && nanos < LONGEST_NANOS) {
            job.accept(kernels);
            calls++;
            nanos = System.nanoTime() - start;
        }
        return (double) nanos / calls;
    }
}
