package dev.purecnn.internal.convolution;

/**
 * A convolution along one direction, rows or columns. Phase, place, lead and overlap are explained on the page of this package.
 *
 * <p>All work here is linear in the size of the filter: strides and dilations may be in the billions.
 *
 * @param input cells of an image along this direction
 * @param filterSize taps of a filter
 * @param stride cells from one output's window to the next
 * @param dilation cells from one tap to the next
 * @param padding zeros before the image
 * @param paddingAfter zeros after it; with both, the image's length must be an int
 */
public record Axis(int input, int filterSize, int stride, int dilation, int padding, int paddingAfter) {

    /**
     * The number of outputs: {@code (input + padding + paddingAfter - dilation * (filterSize - 1) - 1) / stride + 1}.
     *
     * @return at least 1 if the filter fits
     */
    public int output() {
        return Math.floorDiv(input + padding + paddingAfter - dilation * (filterSize - 1) - 1, stride) + 1;
    }

    /** Whether there are that many taps, and neither stride nor dilation. */
    boolean isPlain(int taps) {
        return filterSize == taps && stride == 1 && dilation == 1;
    }

    /** Whether each output meets the cell at its own place, and no other. */
    boolean isPointwise() {
        return filterSize == 1 && stride == 1 && padding == 0 && paddingAfter == 0;
    }

    /** Whether these are pairs side by side without padding. The equals of a record takes tens of milliseconds when it is first called. */
    public boolean isPairs() {
        return filterSize == 2 && stride == 2 && dilation == 1 && padding == 0 && paddingAfter == 0;
    }

    /**
     * The number of phases that some tap meets. Phases repeat from the tap on whose {@code tap * dilation} is a multiple of the
     * stride, so taps {@code p}, {@code p + numPhases} and so on meet phase number {@code p}.
     */
    int numPhases() {
        int divisor = stride; // the greatest common one of stride and dilation, by Euclid
        for (int rest = dilation % stride; rest != 0; ) {
            int next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        return Math.min(filterSize, stride / divisor);
    }

    /** Where successive outputs find the inputs of a tap: from this place of its phase on. */
    int shift(int tap) {
        return tap * dilation / stride;
    }

    /** The number of places of a phase that some output reads. */
    int places() {
        return output() + shift(filterSize - 1);
    }

    /** The input cell at a place of a phase; below 0 or beyond the input, it is padding. */
    int cell(int place, int phase) {
        return place * stride + phase * dilation % stride - padding;
    }

    /** The first place of a phase that holds an input cell. */
    int first(int phase) {
        return Math.max(0, -Math.floorDiv(cell(0, phase), stride));
    }

    /** The end of the places of a phase that hold an input cell and are read; not before {@link #first}. */
    int end(int phase) {
        int end = Math.floorDiv(input - 1 - cell(0, phase), stride) + 1;
        return Math.max(first(phase), Math.min(places(), end));
    }

    /** How many of a line's last places may be the first ones of the next: in both are zeros, in every phase. */
    int overlap() {
        int overlap = places();
        for (int phase = numPhases() - 1; phase >= 0; phase--) {
            overlap = Math.min(overlap, Math.min(first(phase), places() - end(phase)));
        }
        return overlap;
    }

    /**
     * How many zeros go before the loss gradient, so that the input gradient at a place, which meets the loss gradient at {@code
     * place - shift}, never reads before its start.
     */
    int lead() {
        int numPhases = numPhases();
        int lead = 0;
        for (int tap = 0; tap < filterSize; tap++) {
            lead = Math.max(lead, shift(tap) - first(tap % numPhases));
        }
        return lead;
    }

    /** The length of the loss gradient with zeros before and after. */
    int gradientPlaces() {
        int numPhases = numPhases();
        int end = output();
        for (int tap = 0; tap < filterSize; tap++) {
            end = Math.max(end, end(tap % numPhases) - shift(tap));
        }
        return lead() + end;
    }

    /** As {@link #overlap}, for lines of the loss gradient. */
    int gradientOverlap() {
        return Math.min(lead(), gradientPlaces() - lead() - output());
    }
}
