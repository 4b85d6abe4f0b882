package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.text.StatusLine;
import dev.purecnn.internal.text.Terminal;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Prints the notebook's lines. On a terminal, a progress bar shows the current epoch until the epoch's own line replaces it.
 *
 * <pre>{@code
 * Training 0/2...
 * Epoch 0/3: 2.12 loss, 49.30% accurate, lr=0.01, 0.4 s
 * Testing 0/2...
 * Test: 1.50 loss, 64.00% accurate
 * }</pre>
 *
 * <p>With validation images, an epoch's line ends in {@code ; validation: 1.50 loss, 64.00% accurate}.
 */
public final class ConsoleListener implements TrainingListener {
    /** Few enough to hide rounding errors, enough for nine epochs of the notebook's rates: 0.0016777216. */
    private static final MathContext RATE_DIGITS = new MathContext(12);

    private static final int BAR_LENGTH = 20;

    private final PrintStream out;
    private final StatusLine line;
    private final Supplier<String> progressText = () -> text(this.progress); // made once, not for each step
    private Progress progress;

    /**
     * Creates a listener.
     *
     * @param out where to print, such as {@code System.out}; not closed
     */
    public ConsoleListener(PrintStream out) {
        this(out, () -> out == System.out && Terminal.isThere(), System::nanoTime);
    }

    /** {@code terminal} returns whether lines can be redrawn, {@code nanos} is the clock. */
    ConsoleListener(PrintStream out, BooleanSupplier terminal, LongSupplier nanos) {
        this.out = Objects.requireNonNull(out, "out");
        line = new StatusLine(out, terminal, nanos);
    }

    @Override
    public void seedDrawn(long seed) {
        out.println("Seed " + seed + " drawn; build with seed(" + seed + "L) for the same network again");
    }

    @Override
    public void trainingStarted(int cycle, int cycles) {
        out.println("Training " + cycle + "/" + cycles + "...");
    }

    @Override
    public void stepEnded(Progress newProgress) {
        progress = newProgress;
        line.show(progressText);
    }

    @Override
    public void epochEnded(EpochResult result) {
        line.clear();
        String validation = result.validation() == null ? "" : "; validation: " + figures(result.validation());
        out.println("Epoch " + result.epoch() + "/" + result.epochs() + ": " + figures(result.training()) + ", lr="
                + rate(result.learningRate()) + String.format(Locale.ROOT, ", %.1f s", result.seconds()) + validation);
    }

    @Override
    public void trainingCutShort(Throwable reason) {
        line.end();
    }

    @Override
    public void testStarted(int cycle, int cycles) {
        out.println("Testing " + cycle + "/" + cycles + "...");
    }

    @Override
    public void tested(Evaluation evaluation) {
        out.println("Test: " + figures(evaluation));
    }

    /** Such as {@code Epoch 0/3 [########............] 1.23 loss, 12345 images/s, 0:42 left}. */
    static String text(Progress progress) {
        int full = (int) ((long) BAR_LENGTH * progress.imagesDone() / progress.images());
        return String.format(
                Locale.ROOT,
                "Epoch %d/%d [%s%s] %.2f loss, %.0f images/s, %s left",
                progress.epoch(),
                progress.epochs(),
                "#".repeat(full),
                ".".repeat(BAR_LENGTH - full),
                progress.loss(),
                progress.imagesPerSecond(),
                clock(progress.secondsLeft()));
    }

    /** Such as 0:42 or 1:02:03. */
    static String clock(double seconds) {
        long whole = (long) Math.ceil(seconds);
        long minutes = whole / 60;
        return minutes < 60
                ? String.format(Locale.ROOT, "%d:%02d", minutes, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", minutes / 60, minutes % 60, whole % 60);
    }

    private static String figures(Evaluation evaluation) {
        return String.format(Locale.ROOT, "%.2f loss, %.2f%% accurate", evaluation.loss(), 100 * evaluation.accuracy());
    }

    /**
     * {@return a learning rate as people write it: 0.0072, not 0.0072000000000000001}
     *
     * @param learningRate shown with 12 significant digits, without trailing zeros
     */
    public static String rate(double learningRate) {
        return new BigDecimal(learningRate)
                .round(RATE_DIGITS)
                .stripTrailingZeros()
                .toPlainString();
    }
}
