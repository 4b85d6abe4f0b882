package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PlaneKernels} with vectors of four lanes or more. The first four lanes hold the four parts of a sum; what lanes beyond them add up
 * comes again, four terms later, and is not looked at. Vectors of half the width would do less, but see {@link VectorKernels}.
 */
final class VectorPlanes extends PlaneKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final int PARTS = 4;
    private static final int SHORTEST = WIDTH < PARTS ? Integer.MAX_VALUE : 4 * WIDTH;

    private final ThreadLocal<double[]> room = ThreadLocal.withInitial(() -> new double[WIDTH]);

    /** How many of the terms vectors add up: a multiple of four, so that none of them reaches beyond the end. */
    private static int whole(int length) {
        return (length - (WIDTH - PARTS)) / PARTS * PARTS;
    }

    private static double total(double[] s) {
        return (s[0] + s[1]) + (s[2] + s[3]);
    }

    @Override
    public double sum(double[] values, int from, int length) {
        if (length < SHORTEST) {
            return super.sum(values, from, length);
        }
        double[] parts = room.get();
        int whole = whole(length);
        addUp(values, from, whole, parts);
        for (int q = whole; q < length; q++) {
            parts[part(q, length)] += values[from + q];
        }
        return total(parts);
    }

    private static int part(int q, int length) {
        return q < length / PARTS * PARTS ? q % PARTS : 0;
    }

    private static void addUp(double[] values, int from, int terms, double[] parts) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            sum = sum.add(DoubleVector.fromArray(SPECIES, values, from + q));
        }
        sum.intoArray(parts, 0);
    }

    @Override
    public double squares(double[] values, double mean, int from, int length) {
        if (length < SHORTEST) {
            return super.squares(values, mean, from, length);
        }
        double[] parts = room.get();
        int whole = whole(length);
        addUpSquares(values, mean, from, whole, parts);
        for (int q = whole; q < length; q++) {
            double distance = values[from + q] - mean;
            parts[part(q, length)] += distance * distance;
        }
        return total(parts);
    }

    private static void addUpSquares(double[] values, double mean, int from, int terms, double[] parts) {
        DoubleVector means = DoubleVector.broadcast(SPECIES, mean);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            DoubleVector distance =
                    DoubleVector.fromArray(SPECIES, values, from + q).sub(means);
            sum = sum.add(distance.mul(distance));
        }
        sum.intoArray(parts, 0);
    }

    @Override
    public double products(double[] values, double[] others, double mean, double inverse, int from, int length) {
        if (length < SHORTEST) {
            return super.products(values, others, mean, inverse, from, length);
        }
        double[] parts = room.get();
        int whole = whole(length);
        addUpProducts(values, others, mean, inverse, from, whole, parts);
        for (int q = whole; q < length; q++) {
            parts[part(q, length)] += values[from + q] * ((others[from + q] - mean) * inverse);
        }
        return total(parts);
    }

    private static void addUpProducts(
            double[] values, double[] others, double mean, double inverse, int from, int terms, double[] parts) {
        DoubleVector means = DoubleVector.broadcast(SPECIES, mean);
        DoubleVector inverses = DoubleVector.broadcast(SPECIES, inverse);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            DoubleVector normalized =
                    DoubleVector.fromArray(SPECIES, others, from + q).sub(means).mul(inverses);
            sum = sum.add(DoubleVector.fromArray(SPECIES, values, from + q).mul(normalized));
        }
        sum.intoArray(parts, 0);
    }
}
