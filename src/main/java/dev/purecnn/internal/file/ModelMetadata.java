package dev.purecnn.internal.file;

import dev.purecnn.internal.file.ModelHeader.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model as the texts that safetensors keeps beside the numbers. */
final class ModelMetadata {
    /** Of the block of numbers, in hexadecimal. */
    static final String BLOCK_SHA256 = "sha256";
    /** Of the other texts, one per line: first the required ones in order, then the optional ones, each with its name. */
    private static final String DESCRIPTION_SHA256 = "description_sha256";

    private static final int MOST_LAYERS = 1000;
    private static final int MOST_OPTIONS = 32;

    private static final String VERSION = "purecnn";
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
        SortedMap<String, String> optional = new TreeMap<>();
        if (model.frozenLayers() > 0) {
            optional.put(FROZEN_LAYERS, Integer.toString(model.frozenLayers()));
        }
        if (!model.classNames().isEmpty()) {
            optional.put(CLASS_NAMES, JsonWriter.json(model.classNames()));
        }
        model.preprocessing().forEach((name, text) -> optional.put(PREPROCESSING + name, text));
        boolean old = optional.isEmpty(); // then earlier versions of the library read it too
        model.training().forEach((name, text) -> optional.put(TRAINING + name, text));
        int[] input = model.input();
        List<String> required = List.of(
                old ? "1" : "2",
                "[" + input[0] + "," + input[1] + "," + input[2] + "]",
                JsonWriter.json(model.layers()),
                JsonWriter.json(model.learningRate()),
                JsonWriter.json(model.learningRateDecay()),
                Long.toString(model.seed()),
                Integer.toString(model.epochsTrained()),
                Long.toString(model.stepsTrained()));
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < required.size(); i++) {
            all.put(REQUIRED.get(i), required.get(i));
        }
        all.putAll(optional);
        all.put(DESCRIPTION_SHA256, digest(required, optional));
        all.put(BLOCK_SHA256, blockSha256);
        return all;
    }

    private static String digest(List<String> required, SortedMap<String, String> optional) {
        Sha256 sha256 = new Sha256();
        required.forEach(line -> update(sha256, line));
        optional.forEach((name, text) -> {
            update(sha256, name);
            update(sha256, text);
        });
        return sha256.hex();
    }

    private static void update(Sha256 sha256, String line) {
        sha256.update(line.getBytes(StandardCharsets.UTF_8));
        sha256.update(new byte[] {'\n'});
    }

    /** Reads what was written, the digest first: so that no size is believed which a fault changed. */
    static Model read(Map<String, Text> texts) throws FileFault {
        ModelMetadata metadata = new ModelMetadata(texts);
        List<String> required = new ArrayList<>();
        for (String name : REQUIRED) {
            required.add(text(texts, name).text());
        }
        if (!List.of("1", "2").contains(required.get(0))) {
            throw new FileFault(
                    text(texts, VERSION).position(),
                    "version 1 or 2 of the format",
                    "another",
                    "Use a newer version of the library.");
        }
        SortedMap<String, String> optional = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.equals(FROZEN_LAYERS)
                    || name.equals(CLASS_NAMES)
                    || name.startsWith(PREPROCESSING)
                    || name.startsWith(TRAINING)) {
                optional.put(name, text.text());
            }
        });
        Text expected = text(texts, DESCRIPTION_SHA256);
        if (!expected.text().equals(digest(required, optional))) {
            throw new FileFault(
                    expected.position(),
                    "metadata of this " + DESCRIPTION_SHA256,
                    "others",
                    "The file is damaged or was changed: " + REMEDY);
        }
        return metadata.model(optional);
    }

    private Model model(SortedMap<String, String> optional) throws FileFault {
        return new Model(
                parse("input", ModelHeader::dimensions),
                parse("layers", this::layers),
                parse("learning_rate", reader -> ((Number) reader.number()).doubleValue()),
                parse("learning_rate_decay", reader -> ((Number) reader.number()).doubleValue()),
                parse("seed", JsonReader::integer),
                parse("epochs_trained", reader -> (int) count(reader, Integer.MAX_VALUE)),
                parse("steps_trained", reader -> count(reader, Long.MAX_VALUE)),
                optional.containsKey(FROZEN_LAYERS)
                        ? parse(FROZEN_LAYERS, reader -> (int) count(reader, MOST_LAYERS))
                        : 0,
                optional.containsKey(CLASS_NAMES) ? parse(CLASS_NAMES, ModelMetadata::strings) : List.of(),
                under(PREPROCESSING, optional),
                under(TRAINING, optional));
    }

    private static Map<String, String> under(String prefix, SortedMap<String, String> texts) {
        SortedMap<String, String> found = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), text);
            }
        });
        return found;
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
