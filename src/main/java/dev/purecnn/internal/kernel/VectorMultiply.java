package dev.purecnn.internal.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#multiply} with vectors: lanes run over q, so each element of C is the same chain of additions whatever the
 * width.
 *
 * <p>C is made tile by tile. A tile's sums stay in registers while k runs through all of A and B; 8 rows of 3 vectors fill
 * the 32 registers of AVX-512 and NEON. AVX2 has 16: there a tile of 8 rows is done as two of 4. A tile starts from what
 * {@code init} holds: C itself, or rows of start values. Each tile method does one job without any choice, since C2 puts
 * the vectors of longer methods into objects.
 */
final class VectorMultiply {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int WIDE = 3 * LANES;
    private static final boolean HALVES = LANES == 4;
    private static final int CACHED_CELLS = 64 * 1024; // half a megabyte of doubles

    private VectorMultiply() {}

    static void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
        double[] starts = product.starts(WIDE);
        for (int m = 0; m < product.rows; m++) {
            Arrays.fill(starts, m * WIDE, (m + 1) * WIDE, start[m]);
        }
        run(product, b, bFrom, starts, 0, WIDE, 0, c, cFrom);
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
                int q = from;
                for (; q + WIDE <= to; q += WIDE) {
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
        return Math.max(1, CACHED_CELLS / Math.max(1, product.offsets.length) / WIDE) * WIDE;
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
        int[] offsets = product.offsets;
        double[] packed = product.packed;
        int a = m * offsets.length;
        int stride = product.columns;
        if (height == 8 && HALVES) {
            tile4x3(packed, a, 8, offsets, b, from, init, i, iStride, c, at, stride);
            tile4x3(packed, a + 4, 8, offsets, b, from, init, i + 4 * iStride, iStride, c, at + 4 * stride, stride);
        } else if (height == 8) {
            tile8x3(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 4) {
            tile4x3(packed, a, 4, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 2) {
            tile2x3(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else {
            tile1x3(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
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
        int[] offsets = product.offsets;
        double[] packed = product.packed;
        int a = m * offsets.length;
        int stride = product.columns;
        if (height == 8) {
            tile8x1(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 4) {
            tile4x1(packed, a, 4, offsets, b, from, init, i, iStride, c, at, stride);
        } else if (height == 2) {
            tile2x1(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
        } else {
            tile1x1(packed, a, offsets, b, from, init, i, iStride, c, at, stride);
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

    /** 8 rows of C, 3 vectors wide. */
    private static void tile8x3(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c21 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + LANES);
        DoubleVector c22 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + 2 * LANES);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c31 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + LANES);
        DoubleVector c32 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + 2 * LANES);
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, init, i + 4 * iStride);
        DoubleVector c41 = DoubleVector.fromArray(SPECIES, init, i + 4 * iStride + LANES);
        DoubleVector c42 = DoubleVector.fromArray(SPECIES, init, i + 4 * iStride + 2 * LANES);
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, init, i + 5 * iStride);
        DoubleVector c51 = DoubleVector.fromArray(SPECIES, init, i + 5 * iStride + LANES);
        DoubleVector c52 = DoubleVector.fromArray(SPECIES, init, i + 5 * iStride + 2 * LANES);
        DoubleVector c60 = DoubleVector.fromArray(SPECIES, init, i + 6 * iStride);
        DoubleVector c61 = DoubleVector.fromArray(SPECIES, init, i + 6 * iStride + LANES);
        DoubleVector c62 = DoubleVector.fromArray(SPECIES, init, i + 6 * iStride + 2 * LANES);
        DoubleVector c70 = DoubleVector.fromArray(SPECIES, init, i + 7 * iStride);
        DoubleVector c71 = DoubleVector.fromArray(SPECIES, init, i + 7 * iStride + LANES);
        DoubleVector c72 = DoubleVector.fromArray(SPECIES, init, i + 7 * iStride + 2 * LANES);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[p + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[p + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, packed[p + 4]);
            c40 = a4.fma(b0, c40);
            c41 = a4.fma(b1, c41);
            c42 = a4.fma(b2, c42);
            DoubleVector a5 = DoubleVector.broadcast(SPECIES, packed[p + 5]);
            c50 = a5.fma(b0, c50);
            c51 = a5.fma(b1, c51);
            c52 = a5.fma(b2, c52);
            DoubleVector a6 = DoubleVector.broadcast(SPECIES, packed[p + 6]);
            c60 = a6.fma(b0, c60);
            c61 = a6.fma(b1, c61);
            c62 = a6.fma(b2, c62);
            DoubleVector a7 = DoubleVector.broadcast(SPECIES, packed[p + 7]);
            c70 = a7.fma(b0, c70);
            c71 = a7.fma(b1, c71);
            c72 = a7.fma(b2, c72);
            p += 8;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
        c20.intoArray(c, at + 2 * stride);
        c21.intoArray(c, at + 2 * stride + LANES);
        c22.intoArray(c, at + 2 * stride + 2 * LANES);
        c30.intoArray(c, at + 3 * stride);
        c31.intoArray(c, at + 3 * stride + LANES);
        c32.intoArray(c, at + 3 * stride + 2 * LANES);
        c40.intoArray(c, at + 4 * stride);
        c41.intoArray(c, at + 4 * stride + LANES);
        c42.intoArray(c, at + 4 * stride + 2 * LANES);
        c50.intoArray(c, at + 5 * stride);
        c51.intoArray(c, at + 5 * stride + LANES);
        c52.intoArray(c, at + 5 * stride + 2 * LANES);
        c60.intoArray(c, at + 6 * stride);
        c61.intoArray(c, at + 6 * stride + LANES);
        c62.intoArray(c, at + 6 * stride + 2 * LANES);
        c70.intoArray(c, at + 7 * stride);
        c71.intoArray(c, at + 7 * stride + LANES);
        c72.intoArray(c, at + 7 * stride + 2 * LANES);
    }

    /** 8 rows of C, 1 vector wide. */
    private static void tile8x1(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, init, i + 4 * iStride);
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, init, i + 5 * iStride);
        DoubleVector c60 = DoubleVector.fromArray(SPECIES, init, i + 6 * iStride);
        DoubleVector c70 = DoubleVector.fromArray(SPECIES, init, i + 7 * iStride);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[p + 2]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[p + 3]);
            c30 = a3.fma(b0, c30);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, packed[p + 4]);
            c40 = a4.fma(b0, c40);
            DoubleVector a5 = DoubleVector.broadcast(SPECIES, packed[p + 5]);
            c50 = a5.fma(b0, c50);
            DoubleVector a6 = DoubleVector.broadcast(SPECIES, packed[p + 6]);
            c60 = a6.fma(b0, c60);
            DoubleVector a7 = DoubleVector.broadcast(SPECIES, packed[p + 7]);
            c70 = a7.fma(b0, c70);
            p += 8;
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
        c20.intoArray(c, at + 2 * stride);
        c30.intoArray(c, at + 3 * stride);
        c40.intoArray(c, at + 4 * stride);
        c50.intoArray(c, at + 5 * stride);
        c60.intoArray(c, at + 6 * stride);
        c70.intoArray(c, at + 7 * stride);
    }

    /** 4 rows of C, 3 vectors wide. */
    private static void tile4x3(
            double[] packed,
            int a,
            int step,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c21 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + LANES);
        DoubleVector c22 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + 2 * LANES);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c31 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + LANES);
        DoubleVector c32 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + 2 * LANES);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[p + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[p + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            p += step;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
        c20.intoArray(c, at + 2 * stride);
        c21.intoArray(c, at + 2 * stride + LANES);
        c22.intoArray(c, at + 2 * stride + 2 * LANES);
        c30.intoArray(c, at + 3 * stride);
        c31.intoArray(c, at + 3 * stride + LANES);
        c32.intoArray(c, at + 3 * stride + 2 * LANES);
    }

    /** 4 rows of C, 1 vector wide. */
    private static void tile4x1(
            double[] packed,
            int a,
            int step,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[p + 2]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[p + 3]);
            c30 = a3.fma(b0, c30);
            p += step;
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
        c20.intoArray(c, at + 2 * stride);
        c30.intoArray(c, at + 3 * stride);
    }

    /** 2 rows of C, 3 vectors wide. */
    private static void tile2x3(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            p += 2;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
    }

    /** 2 rows of C, 1 vector wide. */
    private static void tile2x1(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[p + 1]);
            c10 = a1.fma(b0, c10);
            p += 2;
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
    }

    /** 1 row of C, 3 vectors wide. */
    private static void tile1x3(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            p += 1;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
    }

    /** 1 row of C, 1 vector wide. */
    private static void tile1x1(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        int p = a;
        for (int offset : offsets) {
            int q = bFrom + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[p]);
            c00 = a0.fma(b0, c00);
            p += 1;
        }
        c00.intoArray(c, at);
    }
}
