package dev.purecnn.internal.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The parameters of a chain, cut into ranges that threads add up and update independently. */
final class ParameterRanges {
    private static final int LENGTH = 4096; // 32 KB of doubles, the size of a first-level cache
    private static final int[] FIRST_ROW = {0};

    private final List<Parameter> parameters;
    private final List<Range> ranges = new ArrayList<>();
    private final long numValues;
    /** By range: the sum of the squares of the gradient. */
    private final double[] squares;
    /** {@code gradients[replica][parameter]}; those of the first replica are the sum in the end. */
    private double[][][] gradients = {};

    /** Values {@code from} to {@code to - 1} of a parameter. */
    record Range(int parameter, int from, int to) {}

    ParameterRanges(List<Parameter> parameters) {
        this.parameters = parameters;
        long count = 0;
        for (int i = 0; i < parameters.size(); i++) {
            int length = parameters.get(i).values().length;
            for (int from = 0; from < length; from += LENGTH) {
                ranges.add(new Range(i, from, Math.min(length, from + LENGTH)));
            }
            count += length;
        }
        numValues = count;
        squares = new double[ranges.size()];
    }

    long numValues() {
        return numValues;
    }

    int count() {
        return ranges.size();
    }

    Range get(int number) {
        return ranges.get(number);
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** The first replica is the chain itself. */
    void addReplica(List<Parameter> replica) {
        double[][][] more = Arrays.copyOf(gradients, gradients.length + 1);
        more[gradients.length] = replica.stream().map(Parameter::gradient).toArray(double[][]::new);
        gradients = more;
    }

    void removeReplicas() {
        gradients = new double[0][][];
    }

    /**
     * Adds the gradients pairwise into the first replica's: 0+1, 2+3, ...; then 0+2, 4+6, ...; and so on. Notes the sum of the
     * squares of the sum, a gradient or what was observed.
     */
    void addAndSquareGradients(int number, int replicas) {
        Range range = ranges.get(number);
        Kernels kernels = Kernels.active();
        squares[number] = 0.0;
        int step = 1;
        for (; 2 * step < replicas; step *= 2) {
            for (int i = 0; i + step < replicas; i += 2 * step) {
                kernels.moveInto(
                        gradients[i][range.parameter], gradients[i + step][range.parameter], range.from, range.to);
            }
        }
        double[] sum = gradients[0][range.parameter];
        if (step < replicas) {
            double[] last = gradients[step][range.parameter];
            kernels.moveIntoAndSquare(sum, last, range.from, range.to, squares, number);
        } else {
            addSquares(sum, number, squares);
        }
    }

    /** Adds the squares of a range of an array to the sum of that number. */
    void addSquares(double[] array, int number, double[] sums) {
        Range range = ranges.get(number);
        Kernels.active()
                .dot(1, range.to - range.from, FIRST_ROW, array, range.from, 0, array, range.from, sums, number);
    }

    /**
     * The length of the summed gradient, from the squares of all ranges, added in the order of the ranges. What is observed does
     * not count, but makes it NaN if it is not finite.
     */
    double gradientNorm() {
        double sum = 0;
        for (int number = 0; number < squares.length; number++) {
            Range range = ranges.get(number);
            double square = squares[number];
            if (parameters.get(range.parameter).isTrained()) {
                sum += square;
            } else if (!isFinite(square, parameters.get(range.parameter).gradient(), range)) {
                return Double.NaN;
            }
        }
        return Math.sqrt(sum);
    }

    /** Looks at single numbers only if their sum of squares is infinite, which it may also be for finite ones. */
    static boolean isFinite(double square, double[] array, Range range) {
        boolean finite = true;
        for (int i = range.from; !Double.isFinite(square) && i < range.to; i++) {
            finite &= Double.isFinite(array[i]);
        }
        return finite;
    }
}
