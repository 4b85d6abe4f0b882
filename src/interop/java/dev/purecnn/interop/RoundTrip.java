package dev.purecnn.interop;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.layer.Shape;
import dev.purecnn.onnx.OnnxExport;
import dev.purecnn.onnx.OnnxImport;
import dev.purecnn.onnx.RandomNetworks;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Random networks, exported, predict in ONNX Runtime what they predict here; in float64 too, where it has all their operators in float64. And
 * imported again, they predict the same to the last bit.
 */
public final class RoundTrip {
    private static final int IMAGES = 3;
    private static final double MOST = 1e-5;
    private static final double MOST_IN_FLOAT64 = 1e-12;

    private RoundTrip() {}

    /**
     * Runs the comparison; the first argument says how many networks (1,000), the second the first one's number (0).
     *
     * @param arguments up to two numbers
     * @throws IOException if a file cannot be written
     * @throws OrtException if ONNX Runtime refuses a model
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int first = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        Path file = Files.createTempFile("purecnn", ".onnx");
        double largest = 0;
        double largest64 = 0;
        int runs64 = 0;
        for (int number = first; number < first + count; number++) {
            CNN cnn = RandomNetworks.network(number);
            OnnxExport.write(cnn, file);
            double difference = difference(cnn, file, number, false);
            require(difference <= MOST, cnn, number + " differs by " + difference + " in ONNX Runtime");
            largest = Math.max(largest, difference);
            OnnxExport.of(cnn).float64().write(file);
            try {
                double difference64 = difference(cnn, file, number, true);
                require(difference64 <= MOST_IN_FLOAT64, cnn, number + " differs by " + difference64 + " in float64");
                largest64 = Math.max(largest64, difference64);
                runs64++;
            } catch (OrtException e) {
                if (e.getCode() != OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED) {
                    throw e;
                }
            }
            double[] image = RandomNetworks.image(cnn, number);
            CNN again = OnnxImport.read(file).build(CnnBuilder::quiet);
            boolean same = Arrays.equals(again.predict(image), cnn.predict(image));
            require(same, cnn, number + " predicts otherwise when imported");
        }
        Files.delete(file);
        System.out.printf(
                Locale.ROOT,
                "%d networks: largest difference from ONNX Runtime in float32 %.2g; in float64, which it has for %d of them, "
                        + "%.2g; imported again, the same bits%n",
                count,
                largest,
                runs64,
                largest64);
    }

    private static void require(boolean holds, CNN cnn, String message) {
        if (!holds) {
            throw new IllegalStateException("network " + message + ": " + cnn);
        }
    }

    private static double difference(CNN cnn, Path file, int number, boolean float64) throws OrtException {
        Shape shape = cnn.shapes().get(0);
        float[] floats = new float[IMAGES * shape.size()];
        double[] images = new double[floats.length];
        for (int i = 0; i < images.length; i++) {
            double[] image = RandomNetworks.image(cnn, number + i / shape.size());
            floats[i] = (float) image[i % shape.size()];
            images[i] = floats[i];
        }
        double[] expected = cnn.predictAll(images);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] sizes = {IMAGES, shape.channels(), shape.height(), shape.width()};
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        if (float64) {
            options.setOptimizationLevel(
                    OrtSession.SessionOptions.OptLevel.NO_OPT); // fusing Relu and Clip fails on doubles
        }
        try (options;
                OrtSession session = environment.createSession(file.toString(), options);
                OnnxTensor input = float64
                        ? OnnxTensor.createTensor(environment, DoubleBuffer.wrap(images), sizes)
                        : OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), sizes);
                OrtSession.Result result = session.run(Map.of("images", input))) {
            Object probabilities = result.get("probabilities").orElseThrow().getValue();
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                int classes = expected.length / IMAGES;
                double actual = float64
                        ? ((double[][]) probabilities)[i / classes][i % classes]
                        : ((float[][]) probabilities)[i / classes][i % classes];
                largest = Math.max(largest, Math.abs(actual - expected[i]));
            }
            return largest;
        }
    }
}
