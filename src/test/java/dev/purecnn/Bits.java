package dev.purecnn;

/** Compares numbers bit for bit; any NaN is the same NaN. */
public final class Bits {
    private Bits() {}

    public static void assertSameBits(double[] actual, double[] expected) {
        assertSameBits(actual, expected, "values");
    }

    /** With a subject that the failure names. */
    public static void assertSameBits(double[] actual, double[] expected, String subject) {
        if (actual.length != expected.length) {
            throw new AssertionError(subject + ": expected " + expected.length + " of them, got " + actual.length);
        }
        for (int i = 0; i < expected.length; i++) {
            if (Double.doubleToLongBits(actual[i]) != Double.doubleToLongBits(expected[i])) {
                throw new AssertionError(subject + ": expected " + expected[i] + " at index " + i + " of "
                        + expected.length + ", got " + actual[i]);
            }
        }
    }
}
