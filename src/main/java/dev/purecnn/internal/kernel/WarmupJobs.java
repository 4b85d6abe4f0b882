package dev.purecnn.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Small jobs for kernels, one for each method that they are made of: heights of tiles, and columns that are left over by the
 * widest one of each height, for any number of lanes. Each is a lambda of its own: one method that did all would be compiled before the
 * kernels, and take them in, so that other callers would find none compiled.
 */
final class WarmupJobs {
    private static final int TERMS = 64;
    private static final int ROUNDS = 50;
    private static final long LONGEST_NANOS = 5_000_000;

    private final List<Consumer<Kernels>> jobs = new ArrayList<>();

    private final double[] a = new double[32 * TERMS];
    private final double[] b = new double[32 * TERMS];
    private final double[] c = new double[32 * TERMS];
    private final double[] numbers = new double[WinogradKernels.NUMBERS * WinogradKernels.STEP];
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
        addMultiplyRows();
        for (int rows : new int[] {16, 32}) {
            addDot(rows, 34); // rows as lanes
        }
        for (int width : new int[] {32, 16, 8}) {
            int rows = width == 32 ? 7 : 9; // tiles of 4, 2 and 1 rows, or of 6, 2 and 1
            addWinogradProduct(width, rows);
            addShallowConvolution(width, rows);
        }
        addWinogradTransforms();
        addLanes();
        addDepthwise(new DepthwisePlane(9, 20, 9, 20, 1, 1, 1));
        addDepthwise(new DepthwisePlane(17, 40, 9, 20, 2, 1, 1));
        jobs.add(kernels -> kernels.maxPool2x2(2, 8, 24, a, c));
        jobs.add(kernels -> kernels.moveIntoAndSquare(a, b, 0, a.length, c, 0));
        jobs.add(kernels -> kernels.planes().sum(a, 0, a.length));
        jobs.add(kernels -> kernels.planes().squares(a, 1, 0, a.length));
        jobs.add(kernels -> kernels.planes().addSums(a, b, 1, 2, 0, a.length, c, products, 0));
    }

    /** Products whose rows are cut into tiles of all heights, and whose width into vectors of as many. */
    private void addWinogradProduct(int width, int rows) {
        jobs.add(kernels -> kernels.products().multiply(numbers, 0, numbers, 0, 32, products, 0, rows, width, scratch));
        jobs.add(kernels ->
                kernels.products().multiplyAdd(numbers, 0, numbers, 0, 32, products, 0, rows, width, scratch));
        jobs.add(kernels ->
                kernels.products().multiplyTransposed(numbers, 0, numbers, 0, 32, products, 0, 8, width, scratch));
    }

    private void addWinogradTransforms() {
        int tiles = 7;
        int step = tiles * WinogradKernels.ROW;
        jobs.add(kernels -> kernels.winograd().filters(a, 0, TERMS, tiles, numbers, 0, step, scratch));
        jobs.add(kernels -> kernels.winograd().windows(cells, 0, step + 16, numbers, 0, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().outputs(numbers, 0, a, 0, cells, 0, step, tiles, c, 0, scratch));
        jobs.add(kernels -> kernels.winograd().outputGradients(cells, 0, step, numbers, 0, step, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().windowGradients(numbers, 0, step, cells, 0, step + 16, tiles, scratch));
        jobs.add(kernels -> kernels.winograd().filterGradients(numbers, 0, step, c, scratch));
    }

    /** New products as well as old ones, packed again or not, as networks use them: code that knows only one of these would be thrown away. */
    private void addMultiply(int rows, int columns) {
        int[] offsets = Product.rows(TERMS, 1);
        Product first = new Product(rows, columns, offsets, (m, k) -> m + k);
        jobs.add(kernels -> {
            Product product = first.with(columns, offsets);
            product.pack(a);
            kernels.multiply(product, a, b, 0, c, 0);
            kernels.multiply(product, a, b, 0, c, 0);
            kernels.multiplyAdd(product, b, 0, c, 0);
        });
    }

    private void addMultiplyRows() {
        Product product = new Product(8, 2 * 28, Product.rows(TERMS, 1), (m, k) -> m + k);
        product.pack(a);
        jobs.add(kernels -> kernels.multiplyRows(product, 28, a, b, 0, 30, c, 0));
    }

    private void addDot(int rows, int depth) {
        int[] offsets = Product.rows(depth, 1);
        jobs.add(kernels -> kernels.dot(rows, TERMS - 3, offsets, a, 0, TERMS, b, 0, c, 0));
    }

    private void addShallowConvolution(int filters, int cols) {
        int[] offsets = Product.rows(9, 1);
        jobs.add(kernels ->
                kernels.lanes().convolve(a, 0, offsets, numbers, 0, b, 0, 0, cells, 0, 9 * 8, cols, filters, scratch));
        jobs.add(kernels -> kernels.lanes()
                .convolvePooled(a, 0, 20, offsets, numbers, 0, b, 0, 0, cells, 0, 18 * 8, 3, filters, scratch));
    }

    private void addLanes() {
        jobs.add(kernels -> kernels.lanes().threeTaps(a, 0, cells, 0, TERMS, c, 0));
        jobs.add(kernels -> kernels.lanes().oneTap(a, 0, cells, 0, TERMS, c, 0));
        int row = 14 * WinogradKernels.LANES;
        for (double slope : new double[] {0, 0.5}) {
            jobs.add(kernels -> kernels.lanes().activate(cells, 0, 4 * row, slope));
        }
        jobs.add(kernels -> kernels.lanes().normalize(cells, 0, 4 * row, numbers, 0));
        jobs.add(kernels -> kernels.lanes().pool(cells, 0, row, numbers, 0, row / 2, 2, 7, 0));
        jobs.add(kernels -> kernels.lanes().activateGradient(cells, 0, numbers, 0, 4 * row, 0));
        jobs.add(kernels -> kernels.lanes().winners(cells, 0, row, numbers, 0, row / 2, winners, 0, row / 2, 2, 7));
        jobs.add(kernels -> kernels.lanes().unpool(numbers, 0, row / 2, winners, 0, row / 2, cells, 0, row, 2, 7, 0));
    }

    private void addDepthwise(DepthwisePlane plane) {
        int from = DepthwisePlane.MARGIN;
        jobs.add(kernels -> kernels.depthwise().outputs(plane, a, from, b, 0, 0.0, c, from));
        jobs.add(kernels -> kernels.depthwise().inputGradient(plane, a, from, b, 0, c, from));
        jobs.add(kernels -> kernels.depthwise().sums(plane, a, from, b, from, c, 0, c, 9));
    }

    /** Whether some kernels take at most that many times as long as others, at each of the jobs. */
    boolean areAsFast(Kernels kernels, Kernels others, double times) {
        boolean fast = true;
        for (Consumer<Kernels> job : jobs) {
            fast &= time(job, kernels) <= times * time(job, others);
        }
        return fast;
    }

    /** Nanoseconds of the fastest call, since a busy machine makes others slow; of few if they are slow, as those in the interpreter are. */
    private static long time(Consumer<Kernels> job, Kernels kernels) {
        long start = System.nanoTime();
        long now = start;
        long fastest = Long.MAX_VALUE;
        for (int call = 0; call < ROUNDS && now - start < LONGEST_NANOS; call++) {
            long before = now;
            job.accept(kernels);
            now = System.nanoTime();
            fastest = Math.min(fastest, now - before);
        }
        return fastest;
    }
}
