package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.onnx.OnnxExport;
import dev.purecnn.onnx.OnnxImport;
import java.io.IOException;
import java.nio.file.Path;

/** An ONNX model that PyTorch exported is read, predicts, and is written for other tools. */
public final class OnnxModels {
    private OnnxModels() {}

    /**
     * Reads one model and writes it as another.
     *
     * @param arguments the model, or none for one of this library's tests; and where to write it
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments.length > 0 ? arguments[0] : "src/test/resources/dev/purecnn/onnx/lenet.onnx");
        Path file = Path.of(arguments.length > 1 ? arguments[1] : "target/lenet.onnx");
        CNN cnn = OnnxImport.read(model).endWithSoftmax().build();
        System.out.println(cnn.summary());
        OnnxExport.write(cnn, file);
    }
}
