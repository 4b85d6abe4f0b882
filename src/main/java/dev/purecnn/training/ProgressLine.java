package dev.purecnn.training;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The epoch under way as one line of a terminal, redrawn in place:
 *
 * <pre>{@code
 * Epoch 0/3 [########............] 1.23 loss, 12345 images/s, 0:42 left
 * }</pre>
 */
final class ProgressLine {
    private static final int CELLS = 20;
    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintStream out;
    private final LongSupplier nanos;
    private int length;
    private long drawnAt;

    /** {@code nanos} is the clock, as {@link System#nanoTime}. */
    ProgressLine(PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
        drawnAt = nanos.getAsLong();
    }

    /** Shows how far the epoch is, unless it did so a moment ago. */
    void show(Progress progress) {
        long now = nanos.getAsLong();
        if (now - drawnAt >= NANOS_BETWEEN) {
            drawnAt = now;
            draw(text(progress));
        }
    }

    /** Takes the line away, for another one to be written there. */
    void clear() {
        if (length > 0) {
            draw("");
            out.print('\r');
        }
    }

    /** Leaves the line as it is, if there is one, for others to write below it. */
    void end() {
        if (length > 0) {
            out.println();
            length = 0;
        }
    }

    /** Draws over what is there; what it is longer by is covered with spaces, which every terminal knows. */
    private void draw(String text) {
        out.print('\r' + text + " ".repeat(Math.max(0, length - text.length())));
        out.flush();
        length = text.length();
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
