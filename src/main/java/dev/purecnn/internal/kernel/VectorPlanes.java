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

    /** The parts of two sums. */
    private final ThreadLocal<double[]> room = ThreadLocal.withInitial(() -> new double[2 * WIDTH]);

    /** How many of the terms vectors add up: a multiple of four, so that none of them reaches beyond the end. */
    private static int whole(int length) {
        return (length - (WIDTH - PARTS)) / PARTS * PARTS;
    }

    private static double total(double[] s, int at) {
        return (s[at] + s[at + 1]) + (s[at + 2] + s[at + 3]);
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
        return total(parts, 0);
    }

    private static int part(int q, int length) {
        return q < length / PARTS * PARTS ? q % PARTS : 0;
    }

    private static void addUp(double[] values, int from, int terms, double[] parts) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            // a sum that is the receiver is put on the heap with some profiles
            sum = DoubleVector.fromArray(SPECIES, values, from + q).add(sum);
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
        return total(parts, 0);
    }

    private static void addUpSquares(double[] values, double mean, int from, int terms, double[] parts) {
        DoubleVector means = DoubleVector.broadcast(SPECIES, mean);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            DoubleVector distance =
                    DoubleVector.fromArray(SPECIES, values, from + q).sub(means);
            sum = distance.mul(distance).add(sum);
        }
        sum.intoArray(parts, 0);
    }

    @Override
    public void addSums(
            double[] values,
            double[] others,
            double mean,
            double inverse,
            int from,
            int length,
            double[] sums,
            double[] products,
            int number) {
        if (length < SHORTEST) {
            super.addSums(values, others, mean, inverse, from, length, sums, products, number);
            return;
        }
        double[] parts = room.get();
        int whole = whole(length);
        addUpBoth(values, others, mean, inverse, from, whole, parts);
        for (int q = whole; q < length; q++) {
            int part = part(q, length);
            parts[part] += values[from + q];
            parts[WIDTH + part] += values[from + q] * ((others[from + q] - mean) * inverse);
        }
        sums[number] += total(parts, 0);
        products[number] += total(parts, WIDTH);
    }

    private static void addUpBoth(
            double[] values, double[] others, double mean, double inverse, int from, int terms, double[] parts) {
        DoubleVector means = DoubleVector.broadcast(SPECIES, mean);
        DoubleVector inverses = DoubleVector.broadcast(SPECIES, inverse);
        DoubleVector sum = DoubleVector.zero(SPECIES);
        DoubleVector products = DoubleVector.zero(SPECIES);
        for (int q = 0; q < terms; q += PARTS) {
            DoubleVector value = DoubleVector.fromArray(SPECIES, values, from + q);
            DoubleVector normalized =
                    DoubleVector.fromArray(SPECIES, others, from + q).sub(means).mul(inverses);
            sum = value.add(sum);
            products = value.mul(normalized).add(products);
        }
        sum.intoArray(parts, 0);
        products.intoArray(parts, WIDTH);
    }
}
