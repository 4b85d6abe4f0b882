package dev.purecnn.training;

import dev.purecnn.internal.text.StatusLine;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The current epoch as one line of a terminal, redrawn in place:
 *
 * <pre>{@code
 * Epoch 0/3 [########............] 1.23 loss, 12345 images/s, 0:42 left
 * }</pre>
 */
final class ProgressLine {
    private static final int CELLS = 20;
    private final StatusLine line;

    /** {@code nanos} is the clock, as {@link System#nanoTime}. */
    ProgressLine(PrintStream out, LongSupplier nanos) {
        line = new StatusLine(out, () -> true, nanos);
    }

    void show(Progress progress) {
        line.show(() -> text(progress));
    }

    void clear() {
        line.clear();
    }

    void end() {
        line.end();
    }

    static String text(Progress progress) {
        int full = (int) ((long) CELLS * progress.imagesDone() / progress.images());
        return String.format(
                Locale.ROOT,
                "Epoch %d/%d [%s%s] %.2f loss, %.0f images/s, %s left",
                progress.epoch(),
                progress.epochs(),
                "#".repeat(full),
                ".".repeat(CELLS - full),
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
}
