package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * {@link Kernels#multiply} with vectors: lanes run over q, so each element of C is the same chain of additions for any width. C is made
 * tile by tile, and columns of C block by block.
 */
final class VectorMultiply {
    private static final int LANES = VectorTiles.LANES;
    private static final boolean FEW_REGISTERS = LANES == 4; // AVX2
    private static final int WIDEST = 4 * LANES;
    private static final int ALL_WIDTHS = 12 * LANES; // a multiple of every tile's
    private static final int CACHED_CELLS = 32 * 1024; // a quarter of a megabyte of doubles

    private VectorMultiply() {}

    static void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
        for (int first = 0; first < product.rows; first += product.a.height) {
            product.a.pack(first);
            int block = blockColumns(product);
            for (int from = 0; from < product.columns; from += block) {
                multiply(product, first, from, Math.min(product.columns, from + block), start, b, bFrom, c, cFrom);
            }
        }
    }

    /** As {@link Kernels#multiply} if there are start values, else as {@link Kernels#multiplyAdd}: the packed rows and a block of columns. */
    private static void multiply(
            Product product,
            int first,
            int from,
            int to,
            double[] start,
            double[] b,
            int bFrom,
            double[] c,
            int cFrom) {
        int stride = product.columns;
        int end = Math.min(product.rows, first + product.a.height);
        for (int m = first, height; m < end; m += height) {
            height = Product.tileHeight(product.rows - m);
            int a = (m - first) * product.offsets.length;
            int cRow = cFrom + m * stride;
            double[] init = start == null ? c : starts(product, start, m, height);
            int i = start == null ? cRow : 0;
            int iStride = start == null ? stride : WIDEST;
            int iStep = start == null ? 1 : 0;
            columns(height, product, a, from, to, b, bFrom, init, i, iStride, iStep, c, cRow);
        }
    }

    /** As {@link Kernels#multiplyRows}. */
    static void multiplyRows(
            Product product, int length, double[] start, double[] b, int bFrom, int bStep, double[] c, int cFrom) {
        for (int m = 0, height; m < product.rows; m += height) {
            if (m % product.a.height == 0) {
                product.a.pack(m);
            }
            height = Product.tileHeight(product.rows - m);
            int a = m % product.a.height * product.offsets.length;
            int cRow = cFrom + m * product.columns;
            double[] init = starts(product, start, m, height);
            int bRow = bFrom;
            for (int q = 0; q < product.columns; q += length) {
                columns(height, product, a, q, q + length, b, bRow - q, init, 0, WIDEST, 0, c, cRow);
                bRow += bStep;
            }
        }
    }

    /** Some columns of a tile's rows. */
    private static void columns(
            int height,
            Product product,
            int a,
            int from,
            int to,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            int iStep,
            double[] c,
            int cRow) {
        int wide = wideColumns(height);
        int q = from;
        for (; q + wide <= to; q += wide) {
            wide(height, product, a, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
        }
        for (; q + LANES <= to; q += LANES) {
            narrow(height, product, a, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
        }
        if (q < to && iStep == 0 && to - from >= LANES) { // some columns again, to the same bits
            narrow(height, product, a, b, bFrom + to - LANES, init, 0, iStride, c, cRow + to - LANES);
            q = to;
        }
        for (; q < to; q++) {
            scalar(height, product, a, b, bFrom + q, init, i + q * iStep, iStride, c, cRow + q);
        }
    }

    private static double[] starts(Product product, double[] start, int m, int height) {
        double[] starts = product.starts(WIDEST);
        for (int row = 0; row < height; row++) {
            Arrays.fill(starts, row * WIDEST, (row + 1) * WIDEST, start[m + row]);
        }
        return starts;
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
            int a,
            double[] b,
            int from,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at) {
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
            VectorTiles.tile4x3(product, 8, a, b, from, init, i, iStride, c, at);
            VectorTiles.tile4x3(product, 8, a + 4, b, from, init, i + 4 * iStride, iStride, c, at + 4 * stride);
        } else if (height == 4) {
            VectorTiles.tile4x3(product, 4, a, b, from, init, i, iStride, c, at);
        } else if (height == 2) {
            VectorTiles.tile2x3(product, a, b, from, init, i, iStride, c, at);
        } else {
            VectorTiles.tile1x3(product, a, b, from, init, i, iStride, c, at);
        }
    }

    private static void narrow(
            int height,
            Product product,
            int a,
            double[] b,
            int from,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at) {
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
            int a,
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
            int p = a + row;
            for (int offset : offsets) {
                sum = Math.fma(product.packed[p], b[from + offset], sum);
                p += height;
            }
            c[at + row * product.columns] = sum;
        }
    }
}
