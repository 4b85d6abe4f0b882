package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.internal.file.AtomicFile;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes a network as an ONNX model, for ONNX Runtime, PyTorch, browsers and others: opset 17 (19 for average pooling
 * with dilation), an input {@code images} of shape
 * [batch, channels, height, width], an output {@code probabilities} of shape [batch, classes], batches of any size.
 *
 * <pre>{@code
 * OnnxExport.write(cnn, Path.of("digits.onnx"));                // float32, which every runtime has
 * OnnxExport.of(cnn).float64().write(Path.of("digits.onnx"));   // doubles, as here
 * OnnxExport.of(cnn).pixels().write(Path.of("digits.onnx"));    // takes bytes, and scales them
 * }</pre>
 *
 * <p>Class names and preprocessing are in the model's metadata. Every layer of this library has its operators: batch norm its own node, dropout none, a residual layer an addition. ONNX keeps
 * a batch norm's epsilon and the slopes of activations as float32, in double models too.
 *
 * @see <a href="https://onnx.ai/onnx/operators/">The operators</a>
 */
public final class OnnxExport {
    private static final int IR_VERSION = 8; // that of opset 17
    private static final double BRIGHTEST = 255;

    /** Before a class's number: the key of its name in a model's metadata. */
    static final String CLASS_NAME = "purecnn.class.";
    /** Before the keys of {@link Preprocessing#toMap}. */
    static final String PREPROCESSING = "purecnn.preprocessing.";

    private final CNN cnn;
    private boolean doubles;
    private boolean pixels;

    private OnnxExport(CNN cnn) {
        this.cnn = Objects.requireNonNull(cnn, "cnn");
    }

    /**
     * Writes a network in float32.
     *
     * @param cnn the network
     * @param file where to; the name usually ends in {@code .onnx}
     * @throws IOException if the file cannot be written
     * @throws UnsupportedOperationException if a layer is not of this library
     * @throws IllegalStateException if the network is being trained
     */
    public static void write(CNN cnn, Path file) throws IOException {
        of(cnn).write(file);
    }

    /**
     * Starts an export with options.
     *
     * @param cnn the network
     * @return an export in float32
     */
    public static OnnxExport of(CNN cnn) {
        return new OnnxExport(cnn);
    }

    /**
     * Keeps all numbers as doubles. Some runtimes have few operators for them.
     *
     * @return this export
     */
    public OnnxExport float64() {
        doubles = true;
        return this;
    }

    /**
     * Lets the model take 8-bit pixels, from 0 to 255, which it scales as the network's preprocessing does, or by {@link
     * PixelScaling#UNIT} if it has none.
     *
     * @return this export
     */
    public OnnxExport pixels() {
        pixels = true;
        return this;
    }

    /**
     * Writes the model. A file that is there is replaced at once when the new one is whole and on the disk; after any failure it is as
     * it was.
     *
     * @param file where to; the name usually ends in {@code .onnx}
     * @throws IOException if the file cannot be written
     * @throws UnsupportedOperationException if a layer is not of this library
     * @throws IllegalStateException if the network is being trained, or the model would be larger than protobuf allows (2 GiB)
     */
    public void write(Path file) throws IOException {
        String before = cnn.fingerprint();
        GraphWriter graph = graph();
        ProtoWriter head = head(graph.opset());
        head.beginBytes(Onnx.MODEL_GRAPH, graph.length());
        if (head.bytes().length + graph.length() > Integer.MAX_VALUE) {
            throw new IllegalStateException("OnnxExport: expected a model of at most " + Integer.MAX_VALUE
                    + " bytes, got " + graph.length() + ". Export in float32, or use a smaller network.");
        }
        AtomicFile.write(Objects.requireNonNull(file, "file"), Disk.real(), output -> {
            output.write(ByteBuffer.wrap(head.bytes()));
            graph.writeTo(output);
            if (!cnn.fingerprint().equals(before)) {
                throw new IllegalStateException("OnnxExport: expected a network at rest, got one that was trained"
                        + " meanwhile. Export before or after training.");
            }
        });
    }

    private ProtoWriter head(int opset) {
        ProtoWriter head = new ProtoWriter()
                .number(Onnx.MODEL_IR_VERSION, IR_VERSION)
                .text(Onnx.MODEL_PRODUCER, "purecnn")
                .message(
                        Onnx.MODEL_OPSET,
                        new ProtoWriter().text(Onnx.OPSET_DOMAIN, "").number(Onnx.OPSET_VERSION, opset));
        metadata()
                .forEach((key, value) -> head.message(
                        Onnx.MODEL_METADATA,
                        new ProtoWriter().text(Onnx.ENTRY_KEY, key).text(Onnx.ENTRY_VALUE, value)));
        return head;
    }

    /** What else the network knows of its images and classes. */
    private Map<String, String> metadata() {
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < cnn.classNames().size(); i++) {
            metadata.put(CLASS_NAME + i, cnn.classNames().get(i));
        }
        cnn.preprocessing()
                .ifPresent(preprocessing ->
                        preprocessing.toMap().forEach((key, value) -> metadata.put(PREPROCESSING + key, value)));
        return metadata;
    }

    private GraphWriter graph() {
        GraphWriter graph = new GraphWriter(doubles);
        Shape images = cnn.shapes().get(0);
        graph.input("images", pixels ? Onnx.UINT8 : graph.type(), images.channels(), images.height(), images.width());
        if (pixels) {
            scale(graph, images.channels());
        }
        for (int i = 0; i < cnn.layers().size(); i++) {
            LayerExport.write(cnn.layers().get(i), "layers." + i, graph);
        }
        graph.output("probabilities", cnn.shapes().get(cnn.layers().size()).size());
        return graph;
    }

    /** Scales pixels as the network's preprocessing does. */
    private void scale(GraphWriter graph, int channels) {
        graph.at("pixels");
        graph.node("Cast", List.of(graph.value()), GraphWriter.attribute("to", graph.type()));
        graph.node("Div", List.of(graph.value(), graph.constant("brightest", BRIGHTEST)));
        PixelScaling scaling = cnn.preprocessing().map(Preprocessing::scaling).orElse(PixelScaling.UNIT);
        if (scaling.equals(PixelScaling.UNIT)) {
            return;
        }
        double[] factors = new double[channels];
        double[] summands = new double[channels];
        for (int channel = 0; channel < channels; channel++) {
            summands[channel] = scaling.scale(channel, 0);
            factors[channel] = scaling.scale(channel, (int) BRIGHTEST) - summands[channel];
        }
        int[] sizes = {channels, 1, 1};
        graph.node("Mul", List.of(graph.value(), graph.tensor("factors", sizes, factors)));
        graph.node("Add", List.of(graph.value(), graph.tensor("summands", sizes, summands)));
    }
}
