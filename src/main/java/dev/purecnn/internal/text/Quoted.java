package dev.purecnn.internal.text;

/**
 * Text from outside (names in model files, folders, cells), made safe for messages: shortened, and with escapes for what would
 * act on a terminal or a log, such as line ends, ESC and marks that turn the direction of writing.
 */
public final class Quoted {
    private static final int LONGEST = 100;
    private static final int LONGEST_MESSAGE = 4_000;

    private Quoted() {}

    /**
     * A name or value; of a long one the beginning, and its length.
     *
     * @param text its {@code toString()} is quoted
     * @return at most 100 characters of it, without quotation marks
     */
    public static String of(Object text) {
        return escaped(String.valueOf(text), LONGEST);
    }

    /**
     * A whole message, or a path, that may have parts from outside.
     *
     * @param text the message
     * @return at most 4,000 characters of it
     */
    public static String message(Object text) {
        return escaped(String.valueOf(text), LONGEST_MESSAGE);
    }

    private static String escaped(String text, int longest) {
        StringBuilder escaped = new StringBuilder();
        int i = 0;
        for (int codePoint; i < text.length() && i < longest; i += Character.charCount(codePoint)) {
            codePoint = text.codePointAt(i);
            if (isHarmless(codePoint)) {
                escaped.appendCodePoint(codePoint);
            } else if (Character.isBmpCodePoint(codePoint)) {
                escaped.append(String.format("\\u%04x", codePoint));
            } else {
                escaped.append(String.format("\\u{%x}", codePoint));
            }
        }
        if (i < text.length()) {
            escaped.append("... (").append(text.length()).append(" characters)");
        }
        return escaped.toString();
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
