package dev.purecnn.data;

/**
 * Sine and cosine that never allocate: from JDK 21 on, those of {@link StrictMath} make an array at each call. The angle is
 * brought within an eighth of a turn by quarter turns, and there Taylor's series has all digits of a double after ten terms.
 */
final class Angles {
    private static final double QUARTER_TURN = Math.PI / 2;
    private static final int TERMS = 10;

    private Angles() {}

    static double sin(double angle) {
        double quarters = Math.rint(angle / QUARTER_TURN);
        return sin((int) quarters, angle - quarters * QUARTER_TURN);
    }

    static double cos(double angle) {
        double quarters = Math.rint(angle / QUARTER_TURN);
        return sin((int) quarters + 1, angle - quarters * QUARTER_TURN);
    }

    private static double sin(int quarters, double rest) {
        double series = (quarters & 1) == 0 ? rest * series(rest * rest, 1) : series(rest * rest, 0);
        return (quarters & 2) == 0 ? series : -series;
    }

    /** {@code 1 - square / ((1 + odd) (2 + odd)) (1 - square / ((3 + odd) (4 + odd)) (1 - ...))}, from the inside out. */
    private static double series(double square, int odd) {
        double sum = 1;
        for (int i = 2 * TERMS; i > 0; i -= 2) {
            sum = 1 - square / ((i - 1 + odd) * (i + odd)) * sum;
        }
        return sum;
    }
}
