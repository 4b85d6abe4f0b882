package dev.purecnn.internal.file;

import dev.purecnn.internal.file.ModelHeader.Text;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a checkpoint says beyond a model: further texts of the metadata, under names that begin with {@code training.} */
public final class Notes {
    private static final String PREFIX = "training.";
    private static final int LONGEST_NUMBER = 32;
    private static final String REMEDY = "Load another checkpoint.";

    private final SortedMap<String, Text> texts;

    private Notes(SortedMap<String, Text> texts) {
        this.texts = texts;
    }

    /** Those among all the metadata. */
    static Notes of(Map<String, Text> metadata) {
        SortedMap<String, Text> texts = new TreeMap<>();
        metadata.forEach((name, text) -> {
            if (name.startsWith(PREFIX)) {
                texts.put(name, text);
            }
        });
        return new Notes(texts);
    }

    /** Under the names that they have in the metadata, in their order there. */
    static SortedMap<String, String> named(Map<String, String> notes) {
        SortedMap<String, String> named = new TreeMap<>();
        notes.forEach((name, text) -> named.put(PREFIX + name, text));
        return named;
    }

    void addTo(List<String> lines) {
        texts.forEach((name, text) -> {
            lines.add(name);
            lines.add(text.text());
        });
    }

    /**
     * Whether there are none.
     *
     * @return true for a model, false for a checkpoint
     */
    public boolean isEmpty() {
        return texts.isEmpty();
    }

    /**
     * A text.
     *
     * @param name without the prefix
     * @return the text
     * @throws FileFault if there is none
     */
    public String text(String name) throws FileFault {
        return ModelMetadata.text(texts, PREFIX + name).text();
    }

    /**
     * All texts whose names begin alike.
     *
     * @param beginning without the prefix
     * @return by the rest of their names, in order; a new map
     */
    public SortedMap<String, String> under(String beginning) {
        SortedMap<String, String> found = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith(PREFIX + beginning)) {
                found.put(name.substring(PREFIX.length() + beginning.length()), text.text());
            }
        });
        return found;
    }

    /**
     * A whole number.
     *
     * @param name without the prefix
     * @param most the largest that it may be
     * @return the number, from 0
     * @throws FileFault if there is none, or no such number
     */
    public long integer(String name, long most) throws FileFault {
        String text = text(name);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw fault(name, "a number from 0 to " + most);
    }

    /**
     * A number that was written by {@link Double#toHexString}.
     *
     * @param name without the prefix
     * @return the number; it may be infinite, or NaN
     * @throws FileFault if there is none, or no number
     */
    public double number(String name) throws FileFault {
        String text = text(name);
        try {
            if (text.length() <= LONGEST_NUMBER) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw fault(name, "a hexadecimal number");
    }

    /**
     * A fault in a text.
     *
     * @param name without the prefix
     * @param expected what it should have been
     * @return what to throw
     * @throws FileFault if there is no such text
     */
    public FileFault fault(String name, String expected) throws FileFault {
        text(name);
        return new FileFault(texts.get(PREFIX + name).position(), PREFIX + name + " of " + expected, "another", REMEDY);
    }

    /**
     * A fault in what the texts or the tensors beside them say together.
     *
     * @param cause says what is wrong with them
     * @return what to throw
     */
    public FileFault fault(IllegalArgumentException cause) {
        FileFault fault = new FileFault(texts.get(texts.firstKey()).position(), cause.getMessage());
        fault.initCause(cause);
        return fault;
    }
}
