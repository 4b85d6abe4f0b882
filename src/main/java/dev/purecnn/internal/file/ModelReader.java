package dev.purecnn.internal.file;

import dev.purecnn.internal.file.SafetensorsHeader.Entry;
import dev.purecnn.internal.file.SafetensorsHeader.Text;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a safetensors file that {@link ModelWriter} wrote, or another program with the same content in another order: the
 * description when it is opened, with every length checked against the file's size; then the numbers, straight into the arrays
 * of the network that was made of the description, so that loading takes no more memory than the file is long.
 */
public final class ModelReader implements Closeable {
    private static final String SAVE_AGAIN = "Save the model again.";

    private final BinaryInput input;
    private final SafetensorsHeader header;
    private final Model model;
    /** Whether the file is of the first or second format: parameters first, in order, with names and sizes of their own. */
    private final boolean old;

    private ModelReader(BinaryInput input) throws IOException {
        this.input = input;
        header = SafetensorsHeader.read(input, "a model file", "Load a file that CNN.save wrote.");
        for (Entry entry : header.tensors()) {
            if (!entry.type().equals("F64")) {
                throw new FileFault(
                        entry.position(), "the type F64", "another", "Convert the numbers to double precision.");
            }
            if (entry.length() < 1 || entry.length() > Integer.MAX_VALUE) {
                throw new FileFault(
                        entry.position(), "1 to " + Integer.MAX_VALUE + " numbers", "" + entry.length(), SAVE_AGAIN);
            }
        }
        model = ModelMetadata.read(header.metadata());
        old = !text(ModelMetadata.VERSION).text().equals(ModelMetadata.NEWEST);
    }

    /**
     * Opens a file, and checks all of it but the numbers.
     *
     * @throws FileFault if it is no such file
     * @throws IOException if there is none, or it cannot be read
     */
    public static ModelReader open(Path file) throws IOException {
        BinaryInput input = BinaryInput.open(file, "a model file");
        try {
            return new ModelReader(input);
        } catch (IOException | RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    /** Opens the bytes of a file, and checks all of it but the numbers. */
    public static ModelReader open(byte[] file) throws IOException {
        return new ModelReader(BinaryInput.of(file));
    }

    /** What the file says beside its numbers. */
    public Model model() {
        return model;
    }

    /** How many numbers the file holds. */
    public long numValues() {
        return (input.size() - header.blockStart()) / Double.BYTES;
    }

    /**
     * Reads all numbers, and checks their digest; to be called once.
     *
     * @param parameters of the network that was made of the description: their arrays are filled with finite numbers
     * @return the other tensors, which only a checkpoint has
     * @throws FileFault if these are not the file's tensors, or the numbers are damaged
     */
    public List<Tensor> read(List<Tensor> parameters) throws IOException {
        List<Entry> entries = header.inBlock();
        if (entries.size() < parameters.size()
                || entries.size() > parameters.size() && model.training().isEmpty()) {
            throw new FileFault(
                    SafetensorsHeader.LENGTH_BYTES,
                    parameters.size() + " tensors for these layers",
                    Integer.toString(entries.size()),
                    SAVE_AGAIN);
        }
        if (old) {
            entries = renamed(entries, parameters);
        }
        Map<String, Entry> further = new LinkedHashMap<>();
        entries.forEach(entry -> further.put(entry.name(), entry));
        Map<String, double[]> arrays = new HashMap<>();
        Map<Tensor, Entry> sources = new LinkedHashMap<>();
        for (Tensor parameter : parameters) {
            Entry entry = further.remove(parameter.name());
            if (entry == null || !Arrays.equals(parameter.longSizes(), entry.sizes())) {
                throw new FileFault(
                        entry == null ? SafetensorsHeader.LENGTH_BYTES : entry.position(),
                        parameter.toString(),
                        entry == null ? "none of that name" : Arrays.toString(entry.sizes()),
                        SAVE_AGAIN);
            }
            arrays.put(entry.name(), parameter.values());
            sources.put(parameter, entry);
        }
        List<Tensor> others = new ArrayList<>();
        for (Entry entry : further.values()) {
            int[] sizes =
                    Arrays.stream(entry.sizes()).mapToInt(size -> (int) size).toArray();
            double[] values = new double[(int) entry.length()];
            others.add(new Tensor(entry.name(), sizes, values));
            arrays.put(entry.name(), values);
        }
        readBlock(entries, arrays);
        for (Map.Entry<Tensor, Entry> source : sources.entrySet()) {
            requireFinite(
                    source.getKey(), header.blockStart() + source.getValue().begin());
        }
        return others;
    }

    /** The entries of an old file, with the names and sizes that their parameters have today. */
    private static List<Entry> renamed(List<Entry> entries, List<Tensor> parameters) {
        Map<String, String> names = new HashMap<>();
        List<Entry> renamed = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            String name = entry.name();
            long[] sizes = entry.sizes();
            if (i < parameters.size()) {
                Tensor parameter = parameters.get(i);
                names.put(name, parameter.name());
                name = parameter.name();
                sizes = parameter.values().length == entry.length() ? parameter.longSizes() : sizes;
            } else { // best.NAME, or optimizer.NAME.state
                int from = name.indexOf('.') + 1;
                int to = name.startsWith("optimizer.") ? name.lastIndexOf('.') : name.length();
                String today = from > to ? null : names.get(name.substring(from, to));
                name = today == null ? name : name.substring(0, from) + today + name.substring(to);
            }
            renamed.add(new Entry(name, entry.type(), sizes, entry.begin(), entry.end(), entry.position()));
        }
        return renamed;
    }

    private static void requireFinite(Tensor tensor, long position) throws FileFault {
        int index = tensor.firstNotFinite();
        if (index >= 0) {
            throw new FileFault(
                    position + (long) index * Double.BYTES,
                    "finite numbers in " + tensor.name(),
                    tensor.values()[index] + " at index " + index,
                    "Save the model again, before its training failed.");
        }
    }

    /** Reads all numbers for their digest, and keeps none. */
    public void check() throws IOException {
        readBlock(header.inBlock(), Map.of());
    }

    private void readBlock(List<Entry> entries, Map<String, double[]> arrays) throws IOException {
        Sha256 sha256 = new Sha256();
        Map<String, String> digests = new TreeMap<>();
        input.seek(header.blockStart());
        for (Entry entry : entries) {
            double[] values = arrays.get(entry.name());
            for (int i = 0; i < entry.length(); ) {
                ByteBuffer numbers = input.readNumbers(entry.length() - i);
                int count = numbers.remaining() / Double.BYTES;
                if (values != null) {
                    numbers.asDoubleBuffer().get(values, i, count);
                }
                sha256.update(numbers);
                i += count;
            }
            if (!old) {
                digests.put(entry.name(), sha256.hex());
            }
        }
        Text expected = text(ModelMetadata.BLOCK_SHA256);
        if (!expected.text().equals(old ? sha256.hex() : Sha256.of(digests))) {
            throw new FileFault(
                    expected.position(),
                    "numbers of this " + ModelMetadata.BLOCK_SHA256,
                    "others",
                    "The file is damaged or was changed: fetch it again, or save the model again.");
        }
    }

    private Text text(String name) throws FileFault {
        return ModelMetadata.text(header.metadata(), name);
    }

    /** The layers as the file describes them do not fit together. */
    public FileFault layerFault(IllegalArgumentException cause) throws FileFault {
        return new FileFault(text("layers").position(), cause.getMessage(), cause);
    }

    /** What the file says of a training is none of that network. */
    public FileFault metadataFault(IllegalArgumentException cause) {
        return new FileFault(SafetensorsHeader.LENGTH_BYTES, cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
