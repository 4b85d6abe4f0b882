package dev.purecnn.internal.file;

import dev.purecnn.internal.file.ModelHeader.Text;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network's description as the texts that safetensors keeps beside the numbers. */
final class ModelMetadata {
    /** Of the block of numbers, in hexadecimal. */
    static final String BLOCK_SHA256 = "sha256";
    /** Of the other texts, one a line, in order, notes with their names; so that no size is believed which a fault changed. */
    static final String DESCRIPTION_SHA256 = "description_sha256";

    static final int MOST_LAYERS = 1000;
    private static final int MOST_OPTIONS = 32;

    private static final String VERSION = "purecnn";
    private static final List<String> NAMES = List.of(
            VERSION,
            "input",
            "layers",
            "learning_rate",
            "learning_rate_decay",
            "seed",
            "epochs_trained",
            "steps_trained");
    private static final String REMEDY = "Save the model again.";

    private final Map<String, Text> texts;
    private int layers;

    private ModelMetadata(Map<String, Text> texts) {
        this.texts = texts;
    }

    static Map<String, String> write(ModelDescription description, Map<String, String> notes, String blockSha256) {
        Shape input = description.input();
        String[] values = {
            "1",
            "[" + input.channels() + "," + input.height() + "," + input.width() + "]",
            json(description.layers()),
            json(description.learningRate()),
            json(description.learningRateDecay()),
            Long.toString(description.seed()),
            Integer.toString(description.epochsTrained()),
            Long.toString(description.stepsTrained())
        };
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) {
            texts.put(NAMES.get(i), values[i]);
        }
        List<String> lines = new ArrayList<>(texts.values());
        Notes.named(notes).forEach((name, text) -> {
            texts.put(name, text);
            lines.add(name);
            lines.add(text);
        });
        texts.put(DESCRIPTION_SHA256, digest(lines));
        texts.put(BLOCK_SHA256, blockSha256);
        return texts;
    }

    private static String digest(List<String> lines) {
        Sha256 sha256 = new Sha256();
        for (String line : lines) {
            sha256.update(line.getBytes(StandardCharsets.UTF_8));
            sha256.update(new byte[] {'\n'});
        }
        return sha256.hex();
    }

    private static String json(List<LayerDescription> layers) {
        StringBuilder json = new StringBuilder("[");
        for (LayerDescription layer : layers) {
            json.append(json.length() == 1 ? "" : ",").append("{\"type\":").append(JsonReader.quoted(layer.type()));
            layer.options()
                    .forEach((name, value) -> json.append(',')
                            .append(JsonReader.quoted(name))
                            .append(':')
                            .append(json(value)));
            json.append('}');
        }
        return json.append(']').toString();
    }

    @SuppressWarnings("unchecked") // the only lists that a description has
    private static String json(Object value) {
        if (value instanceof String text) {
            return JsonReader.quoted(text);
        }
        return value instanceof List<?> layers ? json((List<LayerDescription>) layers) : number((Number) value);
    }

    /** The shortest decimal number that reads as the same bits; Double.toString has shorter ones from JDK 19 on. */
    private static String number(Number number) {
        double value = number.doubleValue();
        if (number instanceof Long || value == 0) {
            return number.toString();
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                String text = rounded.toString();
                return text.contains(".") || text.contains("E") ? text : text + ".0";
            }
        }
    }

    /** Reads what was written, the digest of the description first. */
    static ModelDescription read(Map<String, Text> texts) throws FileFault {
        ModelMetadata metadata = new ModelMetadata(texts);
        List<String> lines = new ArrayList<>();
        for (String name : NAMES) {
            lines.add(metadata.text(name).text());
        }
        Text version = metadata.text(VERSION);
        if (!version.text().equals("1")) {
            throw new FileFault(
                    version.position(), "version 1 of the format", "another", "Use a newer version of the library.");
        }
        Notes.of(texts).addTo(lines);
        Text expected = metadata.text(DESCRIPTION_SHA256);
        if (!expected.text().equals(digest(lines))) {
            throw new FileFault(
                    expected.position(),
                    "metadata of this " + DESCRIPTION_SHA256,
                    "others",
                    "The file is damaged or was changed: " + REMEDY);
        }
        return metadata.description();
    }

    private ModelDescription description() throws FileFault {
        return new ModelDescription(
                parse("input", ModelMetadata::shape),
                parse("layers", this::layers),
                parse("learning_rate", reader -> ((Number) reader.number()).doubleValue()),
                parse("learning_rate_decay", reader -> ((Number) reader.number()).doubleValue()),
                parse("seed", JsonReader::integer),
                parse("epochs_trained", reader -> (int) count(reader, Integer.MAX_VALUE)),
                parse("steps_trained", reader -> count(reader, Long.MAX_VALUE)));
    }

    Text text(String name) throws FileFault {
        return text(texts, name);
    }

    static Text text(Map<String, Text> texts, String name) throws FileFault {
        Text text = texts.get(name);
        if (text == null) {
            throw new FileFault(
                    ModelHeader.LENGTH_BYTES,
                    "metadata with " + name,
                    "none",
                    "Load a file that this library saved; for others, copy the numbers into parameters().");
        }
        return text;
    }

    private interface Value<T> {
        T read(JsonReader reader) throws FileFault;
    }

    private <T> T parse(String name, Value<T> value) throws FileFault {
        Text text = text(name);
        JsonReader reader = new JsonReader(text.text().getBytes(StandardCharsets.UTF_8), 0);
        try {
            T read = value.read(reader);
            reader.end();
            return read;
        } catch (FileFault e) {
            throw new FileFault(
                    text.position(), "metadata " + name + ", character " + e.position() + ": " + e.getMessage());
        }
    }

    private static long count(JsonReader reader, long most) throws FileFault {
        long count = reader.integer();
        if (count < 0 || count > most) {
            throw new FileFault(0, "a number from 0 to " + most, Long.toString(count), REMEDY);
        }
        return count;
    }

    private static Shape shape(JsonReader reader) throws FileFault {
        return ModelHeader.shape(ModelHeader.integers(reader, 3), 0);
    }

    private List<LayerDescription> layers(JsonReader reader) throws FileFault {
        List<LayerDescription> list = new ArrayList<>();
        reader.beginArray();
        while (reader.nextElement()) {
            if (++layers > MOST_LAYERS) {
                throw new FileFault(
                        reader.position(), "at most " + MOST_LAYERS + " layers", "more", "Use a smaller network.");
            }
            list.add(layer(reader));
        }
        return list;
    }

    private LayerDescription layer(JsonReader reader) throws FileFault {
        long at = reader.position();
        reader.beginObject();
        if (!"type".equals(reader.nextName())) {
            throw new FileFault(at, "a layer's type first", "something else", REMEDY);
        }
        LayerDescription layer = LayerDescription.of(reader.string());
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (reader.at('"')) {
                layer = layer.with(name, reader.string());
            } else if (reader.at('[')) {
                layer = layer.with(name, layers(reader));
            } else {
                Object number = reader.number();
                layer = number instanceof Long whole ? layer.with(name, whole) : layer.with(name, (Double) number);
            }
            if (layer.options().size() > MOST_OPTIONS) {
                throw new FileFault(at, "at most " + MOST_OPTIONS + " options of a layer", "more", REMEDY);
            }
        }
        return layer;
    }
}
