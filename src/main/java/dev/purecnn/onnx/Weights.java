package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.ModelFormatException;
import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.SafetensorsHeader;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights that PyTorch, Keras or another tool saved as safetensors, for a network that was built here with the same layers.
 *
 * <pre>{@code
 * Weights weights = Weights.read(Path.of("lenet.safetensors"));
 * weights.into(cnn);                                     // by the layers' order and sizes
 * weights.map("conv1", conv).map("fc", dense).into(cnn); // or by name
 * Weights.read(file).keras().into(cnn);                  // or in Keras's order of axes
 * }</pre>
 *
 * <p>PyTorch's {@code weight}, {@code bias}, {@code running_mean} and {@code running_var} are found by name, and so are Keras's
 * {@code kernel}, {@code gamma}, {@code beta}, {@code moving_mean} and {@code moving_variance}. Numbers may be F64, F32, F16 or
 * BF16, and become doubles exactly. Tensors of other types, such as {@code num_batches_tracked}, have names but no values.
 *
 * <p>Nothing is half done: all names, sizes and values are checked before the first parameter changes.
 */
public final class Weights {
    private static final Map<String, ElementType> TYPES = Map.of(
            "F64", ElementType.FLOAT64,
            "F32", ElementType.FLOAT32,
            "F16", ElementType.FLOAT16,
            "BF16", ElementType.BFLOAT16);

    final Map<String, StoredTensor> tensors;
    final boolean keras;

    private Weights(Map<String, StoredTensor> tensors, boolean keras) {
        this.tensors = tensors;
        this.keras = keras;
    }

    /**
     * Reads all tensors of one or several safetensors files. It takes at most twice as much memory as the files.
     *
     * @param files at least one; those of a model that is split into parts may come in any order
     * @return the weights, which need the files no longer
     * @throws ModelFormatException if a file is no whole safetensors file, or two have a tensor of the same name
     * @throws IOException if there is no such file, or it cannot be read
     * @throws IllegalArgumentException if no file is given
     */
    public static Weights read(Path... files) throws IOException {
        if (files.length == 0) {
            throw new IllegalArgumentException("Weights: expected at least 1 file, got none. Name the files.");
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Path file : files) {
            try (BinaryInput input = BinaryInput.open(file, "a safetensors file")) {
                read(input, tensors);
            } catch (FileFault e) {
                throw new ModelFormatException(file, e.position(), e.getMessage(), e);
            }
        }
        return new Weights(tensors, false);
    }

    private static void read(BinaryInput input, Map<String, StoredTensor> tensors) throws IOException {
        SafetensorsHeader header =
                SafetensorsHeader.read(input, "a safetensors file", "Save the weights with the safetensors package.");
        for (SafetensorsHeader.Entry entry : header.tensors()) {
            input.seek(header.blockStart() + entry.begin());
            if (tensors.put(entry.name(), tensor(entry, input)) != null) {
                throw new FileFault(
                        entry.position(),
                        "each name in one file only",
                        entry.name() + " a second time",
                        "Read only the files of one model.");
            }
        }
    }

    private static StoredTensor tensor(SafetensorsHeader.Entry entry, BinaryInput input) throws IOException {
        ElementType type = TYPES.get(entry.type());
        int count = StoredTensor.count(entry.sizes());
        boolean readable = type != null && count >= 0;
        int[] sizes = new int[readable ? entry.sizes().length : 0];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (int) entry.sizes()[i];
        }
        return new StoredTensor(entry.name(), sizes, readable ? type.read(input, count) : null, entry.position());
    }

    /**
     * The names of all tensors.
     *
     * @return an unmodifiable list, in the order of the files' headers
     */
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /**
     * The sizes of a tensor's dimensions.
     *
     * @param name the tensor's name
     * @return a new array, such as 8, 3, 5 and 5 for 8 filters of 3 x 5 x 5; empty for a single value
     * @throws IllegalArgumentException if there is no such tensor, or its values are no floating-point numbers
     */
    public int[] sizes(String name) {
        return tensor(name).sizes().clone();
    }

    /**
     * The values of a tensor.
     *
     * @param name the tensor's name
     * @return a new array, row by row, in the file's order of axes
     * @throws IllegalArgumentException if there is no such tensor, or its values are no floating-point numbers
     */
    public double[] get(String name) {
        return tensor(name).values();
    }

    StoredTensor tensor(String name) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("Weights: expected the name of a tensor, got " + Quoted.of(name)
                    + ". There are: " + WeightMapping.some(tensors.keySet()) + ".");
        }
        if (tensor.numbers() == null) {
            throw new IllegalArgumentException("Weights: expected F64, F32, F16 or BF16 numbers in " + Quoted.of(name)
                    + ", got others, or more than an array holds. Convert them before they are saved.");
        }
        return tensor;
    }

    /**
     * The same tensors, understood in Keras's order of axes: filters as height, width, channels, filters; dense weights as
     * inputs, outputs; and flattened images by row, column, channel.
     *
     * @return the weights in that order; these stay as they are
     */
    public Weights keras() {
        return new Weights(tensors, true);
    }

    /**
     * Starts a mapping by name.
     *
     * @param name a module such as {@code features.0}, for all that the layer learns, or a tensor such as {@code
     *     features.0.weight}
     * @param layer the layer of the network, or within it, that gets the values
     * @return a mapping, for more of them; checked when it is put to use
     */
    public WeightMapping map(String name, Layer layer) {
        return new WeightMapping(this).map(name, layer);
    }

    /**
     * Starts a mapping with a tensor whose name does not say what it is.
     *
     * @param name the tensor's name
     * @param layer the layer of the network, or within it, that gets the values
     * @param parameter what the layer calls them, such as {@code weights}
     * @return a mapping, for more of them; checked when it is put to use
     */
    public WeightMapping map(String name, Layer layer, String parameter) {
        return new WeightMapping(this).map(name, layer, parameter);
    }

    /**
     * Gives all parameters of a network their values, by sizes and order: layers of the same sizes get the modules of these
     * sizes in the order of the numbers in their names, as in a {@code torch.nn.Sequential}. What cannot be told apart so is
     * refused.
     *
     * @param cnn the network; its optimizer forgets nothing, so do this before it is trained
     * @throws IllegalArgumentException if the layers and the tensors do not correspond; says which
     */
    public void into(CNN cnn) {
        new WeightMapping(this).allInto(cnn);
    }
}
