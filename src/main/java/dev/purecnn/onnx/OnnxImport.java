package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.ModelFormatException;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.training.BuilderAccess;
import dev.purecnn.layer.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes a network of an ONNX model that PyTorch, Keras, this library or another tool exported: it predicts the same, and can be
 * trained on.
 *
 * <pre>{@code
 * CNN cnn = OnnxImport.read(Path.of("lenet.onnx")).endWithSoftmax().build();
 * cnn = OnnxImport.read(file).imageSize(224, 224).build(builder -> builder.quiet().threads(4));
 * }</pre>
 *
 * <p>Opsets 7 to 22; weights in float64, float32, float16 or bfloat16, within the file. The model is a series of layers and of
 * branches that part and meet again, in a sum, a product or a concatenation. Identity, Dropout, Flatten, Reshape, Cast and the arithmetic of shapes around them are
 * understood as exporters write them; so are a bias that is added later, a Pad before a Conv, and images with channels last that are
 * turned at once. What no layer here can express is refused, with the node's name, its operator and the reason. Nothing that a model
 * names is opened or run.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">The operators</a>
 */
public final class OnnxImport {
    private final Path file;
    private final OnnxModel model;
    private boolean softmax;
    private int height;
    private int width;

    OnnxImport(Path file, OnnxModel model) {
        this.file = file;
        this.model = model;
    }

    /**
     * Reads a model. It takes at most twice as much memory as the file.
     *
     * @param file the model
     * @return an import, for options
     * @throws ModelFormatException if it is no whole ONNX model, or has weights outside the file
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static OnnxImport read(Path file) throws IOException {
        try (BinaryInput input = BinaryInput.open(Objects.requireNonNull(file, "file"), "an ONNX model")) {
            return new OnnxImport(file, OnnxModel.read(input));
        } catch (FileFault e) {
            throw new ModelFormatException(file, e.position(), e.getMessage(), e);
        }
    }

    /**
     * Says that the model ends with the logits of a classifier, or their log-softmax, as is usual in PyTorch: a softmax follows.
     *
     * @return this import
     */
    public OnnxImport endWithSoftmax() {
        softmax = true;
        return this;
    }

    /**
     * The size of the images, for a model that leaves it free.
     *
     * @param rows the height, at least 1
     * @param columns the width, at least 1
     * @return this import
     * @throws IllegalArgumentException if one of them is below 1
     */
    public OnnxImport imageSize(int rows, int columns) {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException("OnnxImport: expected an image size of at least 1 x 1, got " + rows
                    + " x " + columns + ". Use the size that the model was trained on.");
        }
        height = rows;
        width = columns;
        return this;
    }

    /**
     * Makes the network, with the defaults of a new one and seed 0.
     *
     * @return the network
     * @throws ModelFormatException if the model has something that no layer here stands for; says what and where
     */
    public CNN build() throws ModelFormatException {
        return build(builder -> {});
    }

    /**
     * Makes the network.
     *
     * @param options sets what a model does not say, such as the optimizer, the seed and the listener
     * @return the network
     * @throws ModelFormatException if the model has something that no layer here stands for; says what and where
     */
    public CNN build(Consumer<CnnBuilder> options) throws ModelFormatException {
        try {
            GraphReader graph = new GraphReader(model);
            Operation end = graph.read(height, width);
            Series series = new Series(graph, end, softmax);
            CnnBuilder builder = CNN.builder(graph.images().shape).seed(0);
            describe(builder);
            options.accept(builder);
            BuilderAccess.<CnnBuilder>get().leaveWeights(builder);
            CNN cnn = connected(builder.layers(series.layers().toArray(new Layer[0])));
            series.fill();
            return cnn;
        } catch (FileFault e) {
            throw new ModelFormatException(file, e.position(), e.getMessage(), e);
        }
    }

    /** Class names and preprocessing, if this library exported the model. */
    private void describe(CnnBuilder builder) throws FileFault {
        List<String> names = new ArrayList<>();
        while (model.metadata.containsKey(OnnxExport.CLASS_NAME + names.size())) {
            names.add(model.metadata.get(OnnxExport.CLASS_NAME + names.size()));
        }
        Map<String, String> preprocessing = new HashMap<>();
        model.metadata.forEach((key, value) -> {
            if (key.startsWith(OnnxExport.PREPROCESSING)) {
                preprocessing.put(key.substring(OnnxExport.PREPROCESSING.length()), value);
            }
        });
        try {
            if (!names.isEmpty()) {
                builder.classNames(names);
            }
            if (!preprocessing.isEmpty()) {
                builder.preprocessing(Preprocessing.fromMap(preprocessing));
            }
        } catch (IllegalArgumentException e) {
            throw new FileFault(0, e.getMessage());
        }
    }

    private static CNN connected(CnnBuilder builder) throws FileFault {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new FileFault(0, e.getMessage());
        }
    }
}
