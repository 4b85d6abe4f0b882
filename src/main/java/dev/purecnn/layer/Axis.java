package dev.purecnn.layer;

import java.util.Arrays;

/**
 * A convolution along one direction, rows or columns: which input cell meets which tap of the filter.
 *
 * <p>Output cell {@code o} and tap {@code t} meet at the input cell {@code o * stride + t * dilation - padding}. The input
 * is laid out by <em>phase</em>: cell {@code i} goes to place {@code (i + padding) / stride} of phase {@code (i + padding)
 * % stride}. There a tap's inputs for successive outputs are neighbours, whatever the stride: they start at the tap's
 * {@code shift}.
 */
record Axis(int input, int filterSize, int stride, int dilation, int padding) {

    /** The number of output cells: {@code (input + 2 * padding - dilation * (filterSize - 1) - 1) / stride + 1}. */
    int output() {
        return Math.floorDiv(input + 2 * padding - dilation * (filterSize - 1) - 1, stride) + 1;
    }

    /** Whether successive outputs see successive inputs, and so do successive taps of so many. */
    boolean isPlain(int taps) {
        return filterSize == taps && stride == 1 && dilation == 1;
    }

    int phase(int tap) {
        return tap * dilation % stride;
    }

    /** How many phases some tap meets: they repeat when {@code tap * dilation} is a multiple of the stride. */
    int numPhases() {
        int divisor = stride; // the greatest common one of stride and dilation, by Euclid
        for (int rest = dilation % stride; rest != 0; ) {
            int next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        return Math.min(filterSize, stride / divisor);
    }

    /** The taps that meet a phase, in ascending order. */
    int[] taps(int phase) {
        int[] taps = new int[filterSize];
        int count = 0;
        for (int tap = 0; tap < filterSize; tap++) {
            if (phase(tap) == phase) {
                taps[count++] = tap;
            }
        }
        return Arrays.copyOf(taps, count);
    }

    /** The phases that some tap meets, in ascending order. */
    int[] phases() {
        int[] phases = new int[numPhases()];
        int count = 0;
        for (int phase = 0; count < phases.length; phase++) {
            if (taps(phase).length > 0) {
                phases[count++] = phase;
            }
        }
        return phases;
    }

    int shift(int tap) {
        return tap * dilation / stride;
    }

    /** The number of places of a phase that some output cell reads. */
    int places() {
        return output() + shift(filterSize - 1);
    }

    /** The input cell at a place of a phase; below 0 or beyond the input, it is padding. */
    int cell(int place, int phase) {
        return place * stride + phase - padding;
    }

    /** The first place of a phase that holds an input cell. */
    int first(int phase) {
        return Math.max(0, -Math.floorDiv(phase - padding, stride));
    }

    /** The end of the places of a phase that hold an input cell and are read; not before {@link #first}. */
    int end(int phase) {
        int end = Math.floorDiv(input - 1 + padding - phase, stride) + 1;
        return Math.max(first(phase), Math.min(places(), end));
    }

    /** How many of a line's last places may be the next one's first: in both are zeros, whatever the phase. */
    int overlap() {
        int overlap = places();
        for (int phase : phases()) {
            overlap = Math.min(overlap, Math.min(first(phase), places() - end(phase)));
        }
        return overlap;
    }

    /**
     * How many zeros stand before the loss gradient, so that the input gradient at each place, which meets the loss
     * gradient at {@code place - shift}, never reads before its start.
     */
    int lead() {
        int lead = 0;
        for (int tap = 0; tap < filterSize; tap++) {
            lead = Math.max(lead, shift(tap) - first(phase(tap)));
        }
        return lead;
    }

    /** The length of the loss gradient with zeros before and after. */
    int gradientPlaces() {
        int end = output();
        for (int tap = 0; tap < filterSize; tap++) {
            end = Math.max(end, end(phase(tap)) - shift(tap));
        }
        return lead() + end;
    }

    /** As {@link #overlap}, for lines of the loss gradient. */
    int gradientOverlap() {
        return Math.min(lead(), gradientPlaces() - lead() - output());
    }
}
