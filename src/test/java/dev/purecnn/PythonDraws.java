package dev.purecnn;

/** The numbers that scripts beside the test resources draw as well: of a linear congruential generator, from -0.5 up to 0.5. */
public final class PythonDraws {
    private long state;

    public PythonDraws(long seed) {
        state = seed;
    }

    public double next() {
        state = (1103515245 * state + 12345) % (1L << 31);
        return state * 0x1p-31 - 0.5;
    }

    public double[] next(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = next();
        }
        return numbers;
    }
}
