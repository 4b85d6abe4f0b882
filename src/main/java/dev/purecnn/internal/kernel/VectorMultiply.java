package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * {@link Kernels#multiply} with vectors: lanes run over q, so each element of C is the same chain of additions for any width. C is made tile by tile, and columns of C block by block.
 */
final class VectorMultiply {
    private static final int LANES = VectorTiles.LANES;
    private static final boolean FEW_REGISTERS = LANES == 4; // AVX2
    private static final int WIDEST = 4 * LANES;
    private static final int ALL_WIDTHS = 12 * LANES; // a multiple of every tile's
    private static final int CACHED_CELLS = 32 * 1024; // a quarter of a megabyte of doubles

    private VectorMultiply() {}

    static void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
        double[] starts = product.starts(WIDEST);
        for (int m = 0; m < product.rows; m++) {
            Arrays.fill(starts, m * WIDEST, (m + 1) * WIDEST, start[m]);
        }
        run(product, b, bFrom, starts, 0, WIDEST, 0, c, cFrom);
    }

    static void multiplyAdd(Product product, double[] b, int bFrom, double[] c, int cFrom) {
        run(product, b, bFrom, c, cFrom, product.columns, 1, c, cFrom);
    }

    /** {@code C[m][q]} starts from {@code init[iFrom + m * iStride + q * iStep]}. */
    private static void run(
            Product product,
            double[] b,
            int bFrom,
            double[] init,
            int iFrom,
            int iStride,
            int iStep,
            double[] c,
            int cFrom) {
        int block = blockColumns(product);
        for (int from = 0; from < product.columns; from += block) {
            int to = Math.min(product.columns, from + block);
            for (int m = 0, height; m < product.rows; m += height) {
                height = Product.tileHeight(product.rows - m);
                int i = iFrom + m * iStride;
                int cRow = cFrom + m * product.columns;
                int wide = wideColumns(height);
                int q = from;
                for (; q + wide <= to; q += wide) {
                    wide(height, product, m, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
                }
                for (; q + LANES <= to; q += LANES) {
                    narrow(height, product, m, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
                }
                for (; q < to; q++) {
                    scalar(height, product, m, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
                }
            }
        }
    }

    /** As many columns as let all rows of B stay in the second-level cache while the rows of A pass by; whole tiles. */
    private static int blockColumns(Product product) {
        return Math.max(1, CACHED_CELLS / Math.max(1, product.offsets.length) / ALL_WIDTHS) * ALL_WIDTHS;
    }

    /** The columns of the widest tile of that height. */
    private static int wideColumns(int height) {
        if (!FEW_REGISTERS || height == 1) {
            return 3 * LANES;
        }
        return height == 2 ? 4 * LANES : 2 * LANES;
    }

    private static void wide(
            int height,
            Product product,
            int m,
            double[] b,
            int from,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at) {
        int a = m * product.offsets.length;
        double[] packed = product.packed;
        int[] offsets = product.offsets;
        int stride = product.columns;
        if (height == 8 && FEW_REGISTERS) {
            int lower = at + 4 * stride;
            VectorSmallTiles.half8x2(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
            VectorSmallTiles.half8x2(packed, a + 4, offsets, b, from, init, i + 4 * iStride, iStride, c, lower, stride);
        } else if (height == 4 && FEW_REGISTERS) {
            VectorSmallTiles.tile4x2(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 2 && FEW_REGISTERS) {
            VectorSmallTiles.tile2x4(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 8) {
            VectorTiles.tile8x3(product, a, b, from, init, i, iStride, c, at);
        } else if (height == 4) {
            VectorTiles.tile4x3(product, a, b, from, init, i, iStride, c, at);
        } else if (height == 2) {
            VectorTiles.tile2x3(product, a, b, from, init, i, iStride, c, at);
        } else {
            VectorTiles.tile1x3(product, a, b, from, init, i, iStride, c, at);
        }
    }

    private static void narrow(
            int height,
            Product product,
            int m,
            double[] b,
            int from,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at) {
        int a = m * product.offsets.length;
        switch (height) {
            case 8 -> VectorTiles.tile8x1(product, a, b, from, init, i, iStride, c, at);
            case 4 -> VectorTiles.tile4x1(product, a, b, from, init, i, iStride, c, at);
            case 2 -> VectorTiles.tile2x1(product, a, b, from, init, i, iStride, c, at);
            default -> VectorTiles.tile1x1(product, a, b, from, init, i, iStride, c, at);
        }
    }

    /** One column of a tile. */
    private static void scalar(
            int height,
            Product product,
            int m,
            double[] b,
            int from,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at) {
        int[] offsets = product.offsets;
        for (int row = 0; row < height; row++) {
            double sum = init[i + row * iStride];
            int p = m * offsets.length + row;
            for (int offset : offsets) {
                sum = Math.fma(product.packed[p], b[from + offset], sum);
                p += height;
            }
            c[at + row * product.columns] = sum;
        }
    }
}
