package dev.purecnn.internal.text;

import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** One line of a terminal that is redrawn in place, a few times per second; nothing where output goes elsewhere. */
public final class StatusLine implements AutoCloseable {
    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintStream out;
    private final BooleanSupplier terminal;
    private final LongSupplier nanos;
    private long drawnAt;
    private int length;
    private boolean asked;
    private boolean shown;

    /** Waits a moment before it draws. Asks once for a terminal, when there is something to show; {@code nanos} is the clock. */
    public StatusLine(PrintStream out, BooleanSupplier terminal, LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.nanos = nanos;
        drawnAt = nanos.getAsLong();
    }

    /** Shows a text, unless it showed one a moment ago. */
    public synchronized void show(Supplier<String> text) {
        if (asked && !shown) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - drawnAt >= NANOS_BETWEEN) {
            drawnAt = now;
            if (!asked) {
                asked = true;
                shown = terminal.getAsBoolean();
            }
            if (shown) {
                draw(text.get());
            }
        }
    }

    /** Erases the line, so that another one can be printed there. */
    public synchronized void clear() {
        if (length > 0) {
            draw("");
            out.print('\r');
        }
    }

    /** Keeps the line, if there is one, and moves below it. */
    public synchronized void end() {
        if (length > 0) {
            out.println();
            length = 0;
        }
    }

    /** Erases the line. */
    @Override
    public void close() {
        clear();
    }

    /** Draws over what is there; what it is longer by is covered with spaces, which every terminal knows. */
    private void draw(String text) {
        out.print('\r' + text + " ".repeat(Math.max(0, length - text.length())));
        out.flush();
        length = text.length();
    }
}
