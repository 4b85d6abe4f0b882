package dev.purecnn.internal.kernel;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Kernels give the bits that {@link Kernels} defines. Each implementation's test extends it. */
abstract class KernelsContract {
    /** Everything up to twice the widest vector and one, then primes. */
    private static final int[] COLUMNS = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
        30, 31, 32, 33, 37, 41, 53, 67, 97, 127, 251
    };

    private static final int MOST_ROWS = 17;
    private static final int MOST_DEPTH = 9;
    private static final double UNTOUCHED = -12_345.678;

    /** The kernels that are tested. */
    abstract Kernels kernels();

    // ---- drawing and comparing

    static double[] draw(int length, Random random) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            // magnitudes far apart, so that another order of additions shows
            values[i] = random.nextGaussian() * Math.pow(2, random.nextInt(40) - 20);
        }
        return values;
    }

    /** Values of any kind that a double can have. */
    static double[] drawAny(int length, Random random) {
        double[] special = {
            0.0,
            -0.0,
            1,
            -1,
            Double.NaN,
            Double.longBitsToDouble(0xfff8000000000000L),
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            -Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE
        };
        double[] values = draw(length, random);
        for (int i = 0; i < length; i++) {
            if (random.nextBoolean()) {
                values[i] = special[random.nextInt(special.length)];
            }
        }
        return values;
    }

    /** One shape of a product with its arrays; rows of B overlap. */
    private static final class Case {
        private final int rows;
        private final int columns;
        private final int[] offsets;
        private final double[] a;
        private final double[] b;
        private final int bFrom;
        private final int cFrom;

        private Case(int rows, int depth, int columns, Random random) {
            this.rows = rows;
            this.columns = columns;
            offsets = random.ints(depth, 0, 20).toArray();
            a = draw(rows * depth, random);
            bFrom = random.nextInt(5);
            b = draw(bFrom + 20 + columns, random);
            cFrom = random.nextInt(4);
        }

        /** A is stored by columns, and from the end, so that a wrong order of packing shows. */
        private Product product() {
            int depth = offsets.length;
            Product product = new Product(rows, columns, offsets, (m, k) -> (depth - 1 - k) * rows + (rows - 1 - m));
            double[] stored = new double[a.length];
            for (int m = 0; m < rows; m++) {
                for (int k = 0; k < depth; k++) {
                    stored[(depth - 1 - k) * rows + (rows - 1 - m)] = a[m * depth + k];
                }
            }
            product.pack(stored);
            return product;
        }

        private double[] newC(Random random) {
            return draw(cFrom + rows * columns + 3, random);
        }

        @Override
        public String toString() {
            return rows + " rows, depth " + offsets.length + ", " + columns + " columns, b from " + bFrom + ", c from "
                    + cFrom;
        }
    }

    private interface CaseTest {
        void run(Case shape, Random random);
    }

    private static void eachShape(CaseTest test) {
        RandomSeed.repeat(2, random -> {
            for (int rows = 1; rows <= MOST_ROWS; rows++) {
                for (int depth = 1; depth <= MOST_DEPTH; depth++) {
                    for (int columns : COLUMNS) {
                        test.run(new Case(rows, depth, columns, random), random);
                    }
                }
            }
        });
    }

    // ---- the two loops

    @Test
    void multiply_anyShape_givesDefinedBits() {
        eachShape((shape, random) -> {
            double[] start = draw(shape.rows, random);
            double[] c = shape.newC(random);
            double[] expected = c.clone();
            for (int i = 0; i < shape.rows * shape.columns; i++) {
                expected[shape.cFrom + i] = start[i / shape.columns];
            }
            NaiveKernels.multiplyAdd(
                    shape.rows, shape.columns, shape.offsets, shape.a, shape.b, shape.bFrom, expected, shape.cFrom);
            Product product = shape.product();
            for (int twice = 0; twice < 2; twice++) { // what a product keeps from one call must not affect the next
                kernels().multiply(product, start, shape.b, shape.bFrom, c, shape.cFrom);
                assertSameBits(c, expected, shape.toString());
            }
        });
    }

    @Test
    void multiplyAdd_anyShape_givesDefinedBits() {
        eachShape((shape, random) -> {
            double[] c = shape.newC(random);
            double[] expected = c.clone();
            Product product = shape.product();
            for (int twice = 0; twice < 2; twice++) {
                NaiveKernels.multiplyAdd(
                        shape.rows, shape.columns, shape.offsets, shape.a, shape.b, shape.bFrom, expected, shape.cFrom);
                kernels().multiplyAdd(product, shape.b, shape.bFrom, c, shape.cFrom);
                assertSameBits(c, expected, shape.toString());
            }
        });
    }

    @Test
    void multiply_depthZero_givesStart() {
        double[] c = {9, 9, 9, 9, 9, 9};
        Product product = new Product(2, 3, new int[0], (m, k) -> 0);
        kernels().multiply(product, new double[] {5, 7}, new double[3], 0, c, 0);
        assertThat(c).containsExactly(5, 5, 5, 7, 7, 7);
    }

    @Test
    void multiply_manyRowsAndDeep_givesDefinedBits() {
        RandomSeed.repeat(
                20,
                random -> requireProducts(
                        new Case(1 + random.nextInt(70), 1 + random.nextInt(150), random.nextInt(200), random),
                        random));
    }

    /** Of the vector kernels: so deep that C is made in blocks of columns, the last of which ends anywhere. */
    @Test
    void multiply_severalBlocksOfColumns_givesDefinedBits() {
        RandomSeed.repeat(
                20,
                random -> requireProducts(
                        new Case(1 + random.nextInt(16), 400, 200 + random.nextInt(301), random), random));
    }

    private void requireProducts(Case shape, Random random) {
        double[] start = draw(shape.rows, random);
        double[] c = shape.newC(random);
        double[] expected = c.clone();
        for (int i = 0; i < shape.rows * shape.columns; i++) {
            expected[shape.cFrom + i] = start[i / shape.columns];
        }
        Product product = shape.product();
        NaiveKernels.multiplyAdd(
                shape.rows, shape.columns, shape.offsets, shape.a, shape.b, shape.bFrom, expected, shape.cFrom);
        kernels().multiply(product, start, shape.b, shape.bFrom, c, shape.cFrom);
        assertSameBits(c, expected, shape.toString());
        NaiveKernels.multiplyAdd(
                shape.rows, shape.columns, shape.offsets, shape.a, shape.b, shape.bFrom, expected, shape.cFrom);
        kernels().multiplyAdd(product, shape.b, shape.bFrom, c, shape.cFrom);
        assertSameBits(c, expected, shape.toString());
    }

    @Test
    void multiplyRows_anyShape_givesBitsOfEachRow() {
        RandomSeed.repeat(
                200, random -> requireRows(1 + random.nextInt(20), random.nextInt(76), 1 + random.nextInt(70), random));
        RandomSeed.repeat(1, random -> requireRows(24, 45_000, 27, random)); // packed part by part
    }

    private void requireRows(int rows, int depth, int length, Random random) {
        int count = 1 + random.nextInt(5);
        int bStep = length + random.nextInt(4);
        Case shape = new Case(rows, depth, count * bStep, random);
        double[] start = draw(rows, random);
        double[] c = draw(shape.cFrom + rows * count * length + 3, random);
        double[] expected = c.clone();
        for (int row = 0; row < count; row++) {
            double[] one = new double[rows * length];
            for (int i = 0; i < one.length; i++) {
                one[i] = start[i / length];
            }
            int bFrom = shape.bFrom + row * bStep;
            NaiveKernels.multiplyAdd(rows, length, shape.offsets, shape.a, shape.b, bFrom, one, 0);
            for (int m = 0; m < rows; m++) {
                System.arraycopy(one, m * length, expected, shape.cFrom + (m * count + row) * length, length);
            }
        }
        Product product = shape.product().with(count * length, shape.offsets);
        kernels().multiplyRows(product, length, start, shape.b, shape.bFrom, bStep, c, shape.cFrom);
        assertSameBits(c, expected, shape + ", " + count + " rows of " + length);
    }

    @Test
    void multiply_packedAgain_usesNewValues() {
        Product product = new Product(1, 2, new int[] {0}, (m, k) -> 0);
        double[] c = new double[2];
        product.pack(new double[] {3});
        kernels().multiply(product, new double[1], new double[] {5, 7}, 0, c, 0);
        product.pack(new double[] {11});
        kernels().multiply(product, new double[1], new double[] {5, 7}, 0, c, 0);
        assertThat(c).containsExactly(55, 77);
    }

    @Test
    void dot_anyShape_givesDefinedBits() {
        eachShape((shape, random) -> {
            int aFrom = random.nextInt(4);
            int aStride = random.nextInt(shape.columns + 5); // rows may overlap
            double[] a = draw(aFrom + (shape.rows - 1) * aStride + shape.columns, random);
            int dFrom = random.nextInt(4);
            int dSize = shape.rows * shape.offsets.length;
            double[] d = draw(dFrom + dSize + 3, random);
            double[] expected = d.clone();
            double[] sums = Arrays.copyOfRange(d, dFrom, dFrom + dSize);
            NaiveKernels.dot(shape.rows, shape.columns, shape.offsets, a, aFrom, aStride, shape.b, shape.bFrom, sums);
            System.arraycopy(sums, 0, expected, dFrom, dSize);
            kernels().dot(shape.rows, shape.columns, shape.offsets, a, aFrom, aStride, shape.b, shape.bFrom, d, dFrom);
            assertSameBits(d, expected, shape + ", a from " + aFrom + " by " + aStride);
        });
    }

    @Test
    void dot_manyRowsAndLong_givesDefinedBits() {
        RandomSeed.repeat(20, random -> {
            int depth = 1 + random.nextInt(random.nextInt(4) == 0 ? 300 : 60);
            Case shape = new Case(1 + random.nextInt(40), depth, random.nextInt(900), random);
            double[] a = draw(shape.rows * shape.columns, random);
            double[] d = draw(shape.rows * shape.offsets.length, random);
            double[] expected = d.clone();
            NaiveKernels.dot(
                    shape.rows, shape.columns, shape.offsets, a, 0, shape.columns, shape.b, shape.bFrom, expected);
            kernels().dot(shape.rows, shape.columns, shape.offsets, a, 0, shape.columns, shape.b, shape.bFrom, d, 0);
            assertSameBits(d, expected, shape.toString());
        });
    }

    @Test
    void multiplyAndDot_anyValues_giveDefinedBits() {
        RandomSeed.repeat(500, random -> {
            int columns = random.nextInt(40);
            int rows = 1 + random.nextInt(12);
            int[] offsets = random.ints(1 + random.nextInt(6), 0, 5).toArray();
            double[] a = drawAny(rows * Math.max(columns, offsets.length), random);
            double[] b = drawAny(columns + 5, random);
            double[] d = drawAny(rows * offsets.length, random);
            double[] expected = d.clone();
            NaiveKernels.dot(rows, columns, offsets, a, 0, columns, b, 0, expected);
            kernels().dot(rows, columns, offsets, a, 0, columns, b, 0, d, 0);
            assertSameBits(d, expected, "dot");

            double[] c = drawAny(rows * columns, random);
            double[] expectedC = c.clone();
            NaiveKernels.multiplyAdd(rows, columns, offsets, a, b, 0, expectedC, 0);
            Product product = new Product(rows, columns, offsets, (m, k) -> m * offsets.length + k);
            product.pack(a);
            kernels().multiplyAdd(product, b, 0, c, 0);
            assertSameBits(c, expectedC, "multiplyAdd");
        });
    }

    // ---- single elements

    @Test
    void relu_anyValues_givesDefinedBits() {
        RandomSeed.repeat(300, random -> {
            double[] input = drawAny(random.nextInt(70), random);
            double[] lossGradient = drawAny(input.length, random);
            double[] output = drawAny(input.length, random);
            double[] inputGradient = drawAny(input.length, random);
            double[] expected = Arrays.stream(input).map(x -> Math.max(x, 0.0)).toArray();
            double[] expectedGradient = new double[input.length];
            for (int i = 0; i < input.length; i++) {
                boolean hidden = expected[i] == 0 && Double.isFinite(lossGradient[i]);
                boolean passes = expected[i] > 0;
                expectedGradient[i] = hidden ? 0.0 : passes ? lossGradient[i] : Double.NaN;
            }
            kernels().relu(input, output, 0, input.length);
            kernels().reluGradient(output, lossGradient, inputGradient, 0, input.length);
            assertSameBits(output, expected, "relu");
            assertSameBits(inputGradient, expectedGradient, "reluGradient");
        });
    }

    @Test
    void maxPool2x2_anyValues_givesDefinedBits() {
        RandomSeed.repeat(500, random -> {
            int planes = 1 + random.nextInt(4);
            int height = 2 + random.nextInt(9);
            int width = 2 + random.nextInt(40);
            double[] input = drawAny(planes * height * width, random);
            int outputs = planes * (height / 2) * (width / 2);
            double[] lossGradient = drawAny(outputs, random);
            double[] output = drawAny(outputs, random);
            double[] inputGradient = new double[input.length];
            Arrays.fill(inputGradient, UNTOUCHED);
            double[] expected = new double[outputs];
            double[] expectedGradient = inputGradient.clone();
            NaiveKernels.maxPool2x2(planes, height, width, input, expected);
            NaiveKernels.maxPool2x2Gradient(planes, height, width, input, lossGradient, expectedGradient);
            kernels().maxPool2x2(planes, height, width, input, output);
            kernels().maxPool2x2Gradient(planes, height, width, input, output, lossGradient, inputGradient);
            assertSameBits(output, expected, "maxPool2x2");
            assertSameBits(inputGradient, expectedGradient, "maxPool2x2Gradient");
        });
    }

    // ---- steps, over a part of the arrays

    /** Arrays of one length, and the part of them that a step goes over. */
    private record Part(double[] values, double[] gradient, double[] velocity, int from, int to) {
        static Part draw(Random random) {
            return draw(random, 70);
        }

        static Part draw(Random random, int bound) {
            int length = random.nextInt(bound);
            int from = random.nextInt(length + 1);
            int to = from + random.nextInt(length + 1 - from);
            return new Part(
                    KernelsContract.draw(length, random),
                    KernelsContract.draw(length, random),
                    KernelsContract.draw(length, random),
                    from,
                    to);
        }

        double[] clearedGradient() {
            double[] cleared = gradient.clone();
            Arrays.fill(cleared, from, to, 0.0);
            return cleared;
        }
    }

    @Test
    void descend_anyPart_givesDefinedBits() {
        RandomSeed.repeat(200, random -> {
            Part part = Part.draw(random);
            double[] expected = part.values.clone();
            for (int i = part.from; i < part.to; i++) {
                expected[i] -= 0.007 * (part.gradient[i] * (1.0 / 3));
            }
            double[] cleared = part.clearedGradient();
            kernels().descend(part.values, part.gradient, 1.0 / 3, 0.007, part.from, part.to);
            assertSameBits(part.values, expected, "descend");
            assertSameBits(part.gradient, cleared, "its gradient");
        });
    }

    @Test
    void descend_momentum_givesDefinedBits() {
        RandomSeed.repeat(200, random -> {
            Part part = Part.draw(random);
            double[] expected = part.values.clone();
            double[] velocity = part.velocity.clone();
            for (int i = part.from; i < part.to; i++) {
                velocity[i] = 0.9 * velocity[i] + part.gradient[i] * (1.0 / 3);
                expected[i] -= 0.007 * velocity[i];
            }
            double[] cleared = part.clearedGradient();
            kernels().descend(part.values, part.gradient, part.velocity, 0.9, 1.0 / 3, 0.007, part.from, part.to);
            assertSameBits(part.values, expected, "descend");
            assertSameBits(part.velocity, velocity, "its velocity");
            assertSameBits(part.gradient, cleared, "its gradient");
        });
    }

    @Test
    void moveInto_anyPart_addsAndClears() {
        RandomSeed.repeat(200, random -> {
            Part part = Part.draw(random);
            double[] expected = part.values.clone();
            for (int i = part.from; i < part.to; i++) {
                expected[i] += part.gradient[i];
            }
            double[] cleared = part.clearedGradient();
            kernels().moveInto(part.values, part.gradient, part.from, part.to);
            assertSameBits(part.values, expected, "moveInto");
            assertSameBits(part.gradient, cleared, "its addend");
        });
    }

    @Test
    void moveIntoAndSquare_anyPart_isMoveIntoThenDot() {
        RandomSeed.repeat(200, random -> {
            Part part = Part.draw(random, 1500); // several blocks of a vector kernel
            int from = part.from;
            int to = part.to;
            double[] expected = part.values.clone();
            double[] cleared = part.gradient.clone();
            kernels().moveInto(expected, cleared, from, to);
            double[] squares = {5, 7};
            double[] expectedSquares = squares.clone();
            kernels().dot(1, to - from, new int[1], expected, from, 0, expected, from, expectedSquares, 1);
            kernels().moveIntoAndSquare(part.values, part.gradient, from, to, squares, 1);
            assertSameBits(part.values, expected, "moveIntoAndSquare");
            assertSameBits(part.gradient, cleared, "its addend");
            assertSameBits(squares, expectedSquares, "its squares");
        });
    }

    @Test
    void planes_anyRange_giveDefinedBits() {
        RandomSeed.repeat(300, random -> {
            PlaneComparison comparison = new PlaneComparison(kernels(), random);
            comparison.sums();
            comparison.elements();
        });
    }

    @Test
    void lanes_anySizes_giveDefinedBits() {
        RandomSeed.repeat(20, random -> {
            LaneComparison comparison = new LaneComparison(kernels(), random);
            comparison.products();
            comparison.transforms();
            comparison.lanes();
            comparison.shallowConvolutions();
        });
    }

    @Test
    void depthwise_anyPlane_givesDefinedBits() {
        RandomSeed.repeat(300, random -> new DepthwiseComparison(kernels().depthwise(), random).compare());
    }
}
