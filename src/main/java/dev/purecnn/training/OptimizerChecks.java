package dev.purecnn.training;

/** Checks of the numbers of optimizers, schedules and options. */
final class OptimizerChecks {
    private OptimizerChecks() {}

    static void share(double value, String where, String name, String example) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(where + ": expected " + name + " in [0, 1), got " + value
                    + ". Use 0 for none, or a value such as " + example + ".");
        }
    }

    static void weightDecay(double value, String where) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(where + ": expected a weightDecay of at least 0 and finite, got " + value
                    + ". Use 0 for none, or a value such as 0.0005.");
        }
    }

    static void positive(double value, String where, String name, String example) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    where + ": expected a positive, finite " + name + ", got " + value + ". Use " + example + ".");
        }
    }

    static int atLeastOne(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "TrainingOptions: expected " + name + " of at least 1, got " + value + ". Use a positive number.");
        }
        return value;
    }
}
