package dev.purecnn.internal.file;

import dev.purecnn.internal.file.SafetensorsHeader.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model as the texts that safetensors keeps beside the numbers. */
final class ModelMetadata {
    static final String VERSION = "purecnn";
    static final String NEWEST = "3";
    /** Of the tensors: of a line for each, in the order of their names, with its name and the SHA-256 of its bytes. */
    static final String BLOCK_SHA256 = "sha256";
    /** Of the other texts: of a line for each, in the order of their names, with name and text. */
    private static final String DESCRIPTION_SHA256 = "description_sha256";

    private static final int MOST_LAYERS = 1000;
    private static final int MOST_OPTIONS = 32;

    private static final List<String> REQUIRED = List.of(
            VERSION,
            "input",
            "layers",
            "learning_rate",
            "learning_rate_decay",
            "seed",
            "epochs_trained",
            "steps_trained");
    private static final String FROZEN_LAYERS = "frozen_layers";
    private static final String CLASS_NAMES = "class_names";
    private static final String PREPROCESSING = "preprocessing.";
    private static final String TRAINING = "training.";
    private static final String REMEDY = "Save the model again.";

    private final Map<String, Text> texts;
    private int layers;

    private ModelMetadata(Map<String, Text> texts) {
        this.texts = texts;
    }

    static Map<String, String> write(Model model, String blockSha256) {
        int[] input = model.input();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(VERSION, NEWEST);
        texts.put("input", "[" + input[0] + "," + input[1] + "," + input[2] + "]");
        texts.put("layers", JsonWriter.json(model.layers()));
        texts.put("learning_rate", JsonWriter.json(model.learningRate()));
        texts.put("learning_rate_decay", JsonWriter.json(model.learningRateDecay()));
        texts.put("seed", Long.toString(model.seed()));
        texts.put("epochs_trained", Integer.toString(model.epochsTrained()));
        texts.put("steps_trained", Long.toString(model.stepsTrained()));
        if (model.frozenLayers() > 0) {
            texts.put(FROZEN_LAYERS, Integer.toString(model.frozenLayers()));
        }
        if (!model.classNames().isEmpty()) {
            texts.put(CLASS_NAMES, JsonWriter.json(model.classNames()));
        }
        new TreeMap<>(model.preprocessing()).forEach((name, text) -> texts.put(PREPROCESSING + name, text));
        new TreeMap<>(model.training()).forEach((name, text) -> texts.put(TRAINING + name, text));
        texts.put(DESCRIPTION_SHA256, Sha256.of(new TreeMap<>(texts)));
        texts.put(BLOCK_SHA256, blockSha256);
        return texts;
    }

    /** Reads what was written, the digest first: so that no size is believed which a fault changed. */
    static Model read(Map<String, Text> texts) throws FileFault {
        for (String name : REQUIRED) {
            text(texts, name);
        }
        String version = text(texts, VERSION).text();
        if (!List.of("1", "2", NEWEST).contains(version)) {
            throw new FileFault(
                    text(texts, VERSION).position(),
                    "version 1, 2 or " + NEWEST + " of the format",
                    "another",
                    "Use a newer version of the library.");
        }
        SortedMap<String, String> described = new TreeMap<>();
        texts.forEach((name, text) -> described.put(name, text.text()));
        described.keySet().removeAll(List.of(DESCRIPTION_SHA256, BLOCK_SHA256));
        Text expected = text(texts, DESCRIPTION_SHA256);
        if (!expected.text().equals(version.equals(NEWEST) ? Sha256.of(described) : oldDigest(described))) {
            throw new FileFault(
                    expected.position(),
                    "metadata of this " + DESCRIPTION_SHA256,
                    "others",
                    "The file is damaged or was changed: " + REMEDY);
        }
        return new ModelMetadata(texts).model();
    }

    /** Of the first two formats: the required texts in order, then the optional ones, each with its name, one a line. */
    private static String oldDigest(SortedMap<String, String> texts) {
        StringBuilder lines = new StringBuilder();
        REQUIRED.forEach(name -> lines.append(texts.get(name)).append('\n'));
        texts.forEach((name, text) -> {
            if (name.equals(FROZEN_LAYERS)
                    || name.equals(CLASS_NAMES)
                    || name.startsWith(PREPROCESSING)
                    || name.startsWith(TRAINING)) {
                lines.append(name).append('\n').append(text).append('\n');
            }
        });
        Sha256 sha256 = new Sha256();
        sha256.update(lines.toString().getBytes(StandardCharsets.UTF_8));
        return sha256.hex();
    }

    private Model model() throws FileFault {
        return new Model(
                parse("input", ModelMetadata::input),
                parse("layers", this::layers),
                parse("learning_rate", reader -> ((Number) reader.number()).doubleValue()),
                parse("learning_rate_decay", reader -> ((Number) reader.number()).doubleValue()),
                parse("seed", JsonReader::integer),
                parse("epochs_trained", reader -> (int) count(reader, Integer.MAX_VALUE)),
                parse("steps_trained", reader -> count(reader, Long.MAX_VALUE)),
                texts.containsKey(FROZEN_LAYERS) ? parse(FROZEN_LAYERS, reader -> (int) count(reader, MOST_LAYERS)) : 0,
                texts.containsKey(CLASS_NAMES) ? parse(CLASS_NAMES, ModelMetadata::strings) : List.of(),
                under(PREPROCESSING),
                under(TRAINING));
    }

    /** Three sizes, of no more numbers together than an array can hold. */
    private static int[] input(JsonReader reader) throws FileFault {
        long at = reader.position();
        long[] sizes = reader.integers(3);
        int[] input = new int[sizes.length];
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] > Integer.MAX_VALUE / product) {
                throw new FileFault(
                        at,
                        "3 sizes of at least 1, of at most " + Integer.MAX_VALUE + " numbers together",
                        sizes[0] + ", " + sizes[1] + " and " + sizes[2],
                        REMEDY);
            }
            product *= sizes[i];
            input[i] = (int) sizes[i];
        }
        return input;
    }

    private Map<String, String> under(String prefix) {
        SortedMap<String, String> found = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), text.text());
            }
        });
        return found;
    }

    static Text text(Map<String, Text> texts, String name) throws FileFault {
        Text text = texts.get(name);
        if (text == null) {
            throw new FileFault(
                    SafetensorsHeader.LENGTH_BYTES,
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
        Text text = text(texts, name);
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

    private static List<String> strings(JsonReader reader) throws FileFault {
        List<String> strings = new ArrayList<>();
        reader.beginArray();
        while (reader.nextElement()) {
            strings.add(reader.string());
        }
        return strings;
    }

    private List<Map<String, Object>> layers(JsonReader reader) throws FileFault {
        List<Map<String, Object>> list = new ArrayList<>();
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

    private Map<String, Object> layer(JsonReader reader) throws FileFault {
        long at = reader.position();
        Map<String, Object> layer = new LinkedHashMap<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (layer.isEmpty() && !(name.equals("type") && reader.at('"'))) {
                break;
            }
            layer.put(name, reader.at('"') ? reader.string() : reader.at('[') ? layers(reader) : reader.number());
            if (layer.size() > 1 + MOST_OPTIONS) {
                throw new FileFault(at, "at most " + MOST_OPTIONS + " options of a layer", "more", REMEDY);
            }
        }
        if (layer.isEmpty()) {
            throw new FileFault(at, "a layer's type first", "something else", REMEDY);
        }
        return layer;
    }
}
