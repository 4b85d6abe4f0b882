package dev.purecnn.internal.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads JSON (RFC 8259) value by value, and keeps only what its caller asks for. Stricter
 * than the standard asks: a name stands once in an object, UTF-8 is valid, half surrogates are none, and depth, names of an
 * object and the length of numbers have limits. Its length is limited by who passes the text.
 */
final class JsonReader {
    static final int MOST_NAMES = 1024;

    private static final int MOST_DEPTH = 32;
    private static final int LONGEST_NUMBER = 32;
    private static final String REMEDY = "Correct the JSON, or save the model again.";

    private final byte[] text;
    private final long start;
    private final List<Set<String>> names = new ArrayList<>();
    private final long mostNames;
    private int position;
    private int depth;
    private boolean first;

    /**
     * A reader of the whole text.
     *
     * @param start where the text stands in the file; every fault names its place there
     */
    JsonReader(byte[] text, long start) {
        this(text, start, MOST_NAMES);
    }

    /** A reader that takes another number of names in an object. */
    JsonReader(byte[] text, long start, long mostNames) {
        this.text = text;
        this.start = start;
        this.mostNames = mostNames;
    }

    /** Where the next value, name or mark stands in the file. */
    long position() {
        skipSpace();
        return start + position;
    }

    void beginObject() throws FileFault {
        begin('{', "an object");
        while (names.size() < depth) {
            names.add(new HashSet<>());
        }
        names.get(depth - 1).clear();
    }

    void beginArray() throws FileFault {
        begin('[', "an array");
    }

    private void begin(char mark, String what) throws FileFault {
        if (peek() != mark) {
            throw fault(what);
        }
        if (depth == MOST_DEPTH) {
            throw fault("at most " + MOST_DEPTH + " levels", "more", "Nest less.");
        }
        position++;
        depth++;
        first = true;
    }

    /** The next name of the object, or null at its end. */
    String nextName() throws FileFault {
        if (!hasNext('}')) {
            return null;
        }
        long at = position();
        String name = string();
        Set<String> seen = names.get(depth - 1);
        if (seen.size() == mostNames) {
            throw new FileFault(at, "at most " + mostNames + " names in an object", "more", REMEDY);
        }
        if (!seen.add(name)) {
            throw new FileFault(at, "each name once in an object", "one of them twice", REMEDY);
        }
        skipSpace();
        expect(':');
        return name;
    }

    /** Whether the array goes on; false once, at its end. */
    boolean nextElement() throws FileFault {
        return hasNext(']');
    }

    private boolean hasNext(char end) throws FileFault {
        boolean atFirst = first;
        first = false;
        if (peek() == end) {
            position++;
            depth--;
            return false;
        }
        if (!atFirst) {
            expect(',');
        }
        return true;
    }

    /** Whether the next value starts with that mark: a quote, a brace or a bracket. */
    boolean at(char mark) {
        return peek() == mark;
    }

    /** Checks that nothing but space follows. */
    void end() throws FileFault {
        if (peek() != -1) {
            throw fault("the end of the JSON text");
        }
    }

    String string() throws FileFault {
        long at = position();
        expect('"');
        byte[] utf8 = new byte[closingQuote() - position]; // escapes are longer than what they stand for
        int length = 0;
        boolean ascii = true;
        while (text[position] != '"') {
            int before = length;
            if (text[position] == '\\') {
                length = escape(utf8, length);
            } else {
                utf8[length++] = text[position++];
            }
            ascii &= utf8[before] >= 0;
        }
        position++;
        return ascii ? new String(utf8, 0, length, StandardCharsets.US_ASCII) : decoded(utf8, length, at);
    }

    private int closingQuote() throws FileFault {
        for (int i = position; i < text.length; i++) {
            if (text[i] == '"') {
                return i;
            }
            if (text[i] >= 0 && text[i] < ' ') {
                position = i;
                throw fault("a string without control characters");
            }
            i += text[i] == '\\' ? 1 : 0;
        }
        position = text.length;
        throw fault("a closing quote");
    }

    private static String decoded(byte[] utf8, int length, long at) throws FileFault {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder() // which reports what is malformed, unlike the constructors of String
                    .decode(ByteBuffer.wrap(utf8, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FileFault(at, "a string in UTF-8", "other bytes", REMEDY);
        }
    }

    private int escape(byte[] utf8, int length) throws FileFault {
        int plain = "\"\\/bfnrt".indexOf(text[position + 1]);
        if (plain >= 0) {
            utf8[length] = (byte) "\"\\/\b\f\n\r\t".charAt(plain);
            position += 2;
            return length + 1;
        }
        int codePoint = unit();
        if (Character.isHighSurrogate((char) codePoint)) {
            int low = text[position] == '\\' ? unit() : 0;
            if (!Character.isLowSurrogate((char) low)) {
                throw fault("the second half of a surrogate pair");
            }
            codePoint = Character.toCodePoint((char) codePoint, (char) low);
        } else if (Character.isLowSurrogate((char) codePoint)) {
            throw fault("the first half of a surrogate pair");
        }
        return encode(codePoint, utf8, length);
    }

    /** Appends a code point in UTF-8 (RFC 3629); by hand, for a text may be all escapes, and a string each is too much. */
    private static int encode(int codePoint, byte[] utf8, int length) {
        if (codePoint < 0x80) {
            utf8[length] = (byte) codePoint;
            return length + 1;
        }
        int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
        utf8[length] = (byte) (0xff80 >> more | codePoint >> 6 * more); // as many ones as bytes, a zero
        for (int i = 1; i <= more; i++) {
            utf8[length + i] = (byte) (0x80 | codePoint >> 6 * (more - i) & 0x3f);
        }
        return length + more + 1;
    }

    /** One UTF-16 unit from a backslash, u and four hexadecimal digits. The string has an end, so that none overruns. */
    private int unit() throws FileFault {
        position++;
        expect('u');
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = text[position] < 0 ? -1 : Character.digit(text[position], 16);
            if (digit < 0) {
                throw fault("4 hexadecimal digits");
            }
            unit = unit << 4 | digit;
            position++;
        }
        return unit;
    }

    long integer() throws FileFault {
        long at = position();
        Object number = number();
        if (number instanceof Long whole) {
            return whole;
        }
        throw new FileFault(at, "a whole number", "another", REMEDY);
    }

    /** An array of that many whole numbers. */
    long[] integers(int count) throws FileFault {
        long at = position();
        long[] integers = new long[count];
        int n = 0;
        beginArray();
        while (nextElement()) {
            if (n == count) {
                throw new FileFault(at, count + " whole numbers", "more", REMEDY);
            }
            integers[n++] = integer();
        }
        if (n < count) {
            throw new FileFault(at, count + " whole numbers", "fewer", REMEDY);
        }
        return integers;
    }

    /** A {@link Long} if it has neither point nor exponent, else a finite {@link Double}. */
    Object number() throws FileFault {
        long at = position();
        int from = position;
        boolean whole = true;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        if (skip('.')) {
            whole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            whole = false;
            if (!skip('-')) {
                skip('+');
            }
            digits();
        }
        if (position - from > LONGEST_NUMBER) {
            throw new FileFault(at, "a number of at most " + LONGEST_NUMBER + " characters", "a longer one", REMEDY);
        }
        String digits = new String(text, from, position - from, StandardCharsets.US_ASCII);
        try {
            if (whole) {
                return Long.valueOf(digits);
            }
        } catch (NumberFormatException e) {
            throw new FileFault(at, "a whole number of at most 64 bits", digits, REMEDY);
        }
        double value = Double.parseDouble(digits);
        if (!Double.isFinite(value)) {
            throw new FileFault(at, "a number of at most " + Double.MAX_VALUE, digits, REMEDY);
        }
        return value;
    }

    private boolean skip(char mark) {
        boolean there = position < text.length && text[position] == mark;
        position += there ? 1 : 0;
        return there;
    }

    private void digits() throws FileFault {
        int from = position;
        while (position < text.length && text[position] >= '0' && text[position] <= '9') {
            position++;
        }
        if (position == from) {
            throw fault("a digit");
        }
    }

    private int peek() {
        skipSpace();
        return position < text.length ? text[position] & 0xff : -1;
    }

    private void skipSpace() {
        while (position < text.length && " \t\n\r".indexOf(text[position]) >= 0) {
            position++;
        }
    }

    private void expect(char mark) throws FileFault {
        if (position == text.length || text[position] != mark) {
            throw fault("'" + mark + "'");
        }
        position++;
    }

    private FileFault fault(String expected) {
        return fault(expected, got(), REMEDY);
    }

    private FileFault fault(String expected, String got, String remedy) {
        return new FileFault(start + position, expected, got, remedy);
    }

    private String got() {
        if (position >= text.length) {
            return "the end of the JSON text";
        }
        int next = text[position] & 0xff;
        return next > ' ' && next < 0x7f ? "'" + (char) next + "'" : String.format("byte 0x%02x", next);
    }
}
