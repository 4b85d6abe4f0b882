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
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Random networks, exported, predict in ONNX Runtime what they predict here; and imported again, to the last bit. */
public final class RoundTrip {
    private static final int IMAGES = 3;
    private static final double MOST = 1e-5;

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
        for (int number = first; number < first + count; number++) {
            CNN cnn = RandomNetworks.network(number);
            OnnxExport.write(cnn, file);
            double difference;
            try {
                difference = difference(cnn, file, number);
            } catch (OrtException e) {
                throw new IllegalStateException("network " + number + ": " + cnn, e);
            }
            if (!(difference <= MOST)) {
                throw new IllegalStateException(
                        "network " + number + " differs by " + difference + " in ONNX Runtime: " + cnn);
            }
            largest = Math.max(largest, difference);
            OnnxExport.of(cnn).float64().write(file);
            double[] image = RandomNetworks.image(cnn, number);
            CNN again = OnnxImport.read(file).build(CnnBuilder::quiet);
            if (!Arrays.equals(again.predict(image), cnn.predict(image))) {
                throw new IllegalStateException("network " + number + " predicts otherwise when imported: " + cnn);
            }
        }
        Files.delete(file);
        System.out.printf(
                Locale.ROOT,
                "%d networks: largest difference from ONNX Runtime in float32 %.2g; imported again, the same bits%n",
                count,
                largest);
    }

    private static double difference(CNN cnn, Path file, int number) throws OrtException {
        Shape shape = cnn.shapes().get(0);
        float[] images = new float[IMAGES * shape.size()];
        double[] exact = new double[images.length];
        for (int i = 0; i < IMAGES; i++) {
            double[] image = RandomNetworks.image(cnn, number + i);
            for (int j = 0; j < image.length; j++) {
                images[i * image.length + j] = (float) image[j];
                exact[i * image.length + j] = (float) image[j];
            }
        }
        double[] expected = cnn.predictAll(exact);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[] sizes = {IMAGES, shape.channels(), shape.height(), shape.width()};
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), sizes);
                OrtSession.Result result = session.run(Map.of("images", input))) {
            float[][] probabilities =
                    (float[][]) result.get("probabilities").orElseThrow().getValue();
            double largest = 0;
            for (int i = 0; i < expected.length; i++) {
                int classes = expected.length / IMAGES;
                largest = Math.max(largest, Math.abs(probabilities[i / classes][i % classes] - expected[i]));
            }
            return largest;
        }
    }
}
