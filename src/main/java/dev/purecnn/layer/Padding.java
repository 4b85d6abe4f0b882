package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.Locale;

/** Cells around a plane, as many as given or as many as a rule says. */
record Padding(Rule rule, int above, int left, int below, int right) {
    /** As many as keep the size with stride 1, the odd one after the plane. */
    static final Padding SAME = new Padding(Rule.SAME, 0, 0, 0, 0);
    /** As many as give one output per stride, the odd one after the plane. */
    static final Padding SAME_UPPER = new Padding(Rule.SAME_UPPER, 0, 0, 0, 0);
    /** The same with the odd one before the plane. */
    static final Padding SAME_LOWER = new Padding(Rule.SAME_LOWER, 0, 0, 0, 0);

    static final Padding NONE = of(0, 0, 0, 0);

    private static final String NAME = "padding"; // in model files
    private static final String[] SIDES = {"paddingAbove", "paddingLeft", "paddingBelow", "paddingRight"};

    enum Rule {
        GIVEN,
        SAME,
        SAME_UPPER,
        SAME_LOWER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    static Padding of(int above, int left, int below, int right) {
        return new Padding(Rule.GIVEN, above, left, below, right);
    }

    static void check(int cells, String layer) {
        if (cells < 0) {
            throw new IllegalArgumentException(
                    layer + ": expected a padding of at least 0, got " + cells + ". Use 0 for none.");
        }
    }

    /** What {@link #describe} described. */
    static Padding of(LayerDescription description) {
        Object padding = description.options().get(NAME);
        for (Padding same : new Padding[] {SAME, SAME_UPPER, SAME_LOWER}) {
            if (same.toString().equals(padding)) {
                return same;
            }
        }
        if (padding instanceof Long cells && cells < 0 || padding instanceof String) {
            throw new IllegalArgumentException(description.type() + ": expected a padding of at least 0 or \"" + SAME
                    + "\", got " + Quoted.of(padding) + ". Use 0 for none.");
        }
        int[] sides = new int[SIDES.length];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = description.integer(padding == null ? SIDES[i] : NAME);
            check(sides[i], description.type());
        }
        return of(sides[0], sides[1], sides[2], sides[3]);
    }

    LayerDescription describe(LayerDescription description) {
        if (rule != Rule.GIVEN) {
            return description.with(NAME, rule.toString());
        }
        if (isEven()) {
            return description.with(NAME, above);
        }
        return description
                .with(SIDES[0], above)
                .with(SIDES[1], left)
                .with(SIDES[2], below)
                .with(SIDES[3], right);
    }

    private boolean isEven() {
        return above == left && left == below && below == right;
    }

    /**
     * Cells before and after a line.
     *
     * @param length of the line
     * @param reach cells that a window covers
     */
    long[] along(boolean rows, int length, long reach, int stride) {
        if (rule == Rule.GIVEN) {
            return rows ? new long[] {above, below} : new long[] {left, right};
        }
        long fitting = rule == Rule.SAME ? length : (length - 1) / stride * (long) stride + 1;
        long both = Math.max(0, fitting - 1 + reach - length);
        long before = rule == Rule.SAME_LOWER ? both - both / 2 : both / 2;
        return new long[] {before, both - before};
    }

    /** A number if it is the same on all sides, or the sides from above on counterclockwise, or the rule. */
    @Override
    public String toString() {
        if (rule != Rule.GIVEN) {
            return rule.toString();
        }
        return isEven() ? "" + above : "(" + above + ", " + left + ", " + below + ", " + right + ")";
    }
}
