package dev.purecnn.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Small jobs for kernels, one for each method that they are made of: heights of tiles, and columns that are left over by the
 * widest one of each height, whatever the number of lanes.
 */
final class WarmupJobs {
    private static final int TERMS = 64;
    private static final int ROUNDS = 50;

    private final List<Consumer<Kernels>> jobs = new ArrayList<>();

    private final double[] a = new double[8 * TERMS];
    private final double[] b = new double[8 * TERMS];
    private final double[] c = new double[8 * TERMS];

    WarmupJobs() {
        for (int height : new int[] {8, 4, 2, 1}) {
            for (int columns : new int[] {24, 20}) {
                addMultiply(height, columns);
            }
            for (int depth : new int[] {6, 3, 1}) {
                addDot(height, depth);
            }
        }
        jobs.add(kernels -> {
            kernels.add(a, 0, b, 1, c, 2, TERMS);
            kernels.subtract(a, 0, b, 1, c, 2, TERMS);
        });
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

    /** Does all of them often enough for the virtual machine to compile plain kernels. */
    void run(Kernels kernels) {
        for (Consumer<Kernels> job : jobs) {
            time(job, kernels);
        }
    }

    /** Whether some kernels take at most so many times as long as others, at each of the jobs. */
    boolean areAsFast(Kernels kernels, Kernels others, double times) {
        boolean fast = true;
        for (Consumer<Kernels> job : jobs) {
            fast &= time(job, kernels) <= times * time(job, others);
        }
        return fast;
    }

    private static long time(Consumer<Kernels> job, Kernels kernels) {
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            job.accept(kernels);
        }
        return System.nanoTime() - start;
    }
}
