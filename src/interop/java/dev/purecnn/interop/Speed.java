package dev.purecnn.interop;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.onnx.OnnxImport;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** How long an imported ResNet-18 (float64) takes beside ONNX Runtime (float32), in turns, each on all cores. */
public final class Speed {
    private static final double MOST = 1e-4;
    private static final long WARM_UP = 60_000_000_000L; // ns; vector kernels get compiled
    private static final int ROUNDS = 9;

    private Speed() {}

    /**
     * Prints the medians of one image and 32, of 64 x 64 and 224 x 224.
     *
     * @param arguments the folder that {@code src/interop/python/networks.py} made
     * @throws IOException if the model cannot be read
     * @throws OrtException if ONNX Runtime refuses it
     */
    public static void main(String[] arguments) throws IOException, OrtException {
        Path file = Path.of(arguments[0], "resnet18-folded.onnx");
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString())) {
            for (int size : new int[] {64, 224}) {
                CNN cnn = OnnxImport.read(file)
                        .endWithSoftmax()
                        .imageSize(size, size)
                        .build(CnnBuilder::quiet);
                for (int n : new int[] {1, 32}) {
                    compare(cnn, session, environment, size, n);
                }
            }
        }
    }

    private static void compare(CNN cnn, OrtSession session, OrtEnvironment environment, int size, int n)
            throws OrtException {
        Random random = new Random(1);
        float[] images = new float[n * 3 * size * size];
        double[] exact = new double[images.length];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
            exact[i] = images[i];
        }
        long[] times = new long[ROUNDS];
        long[] theirs = new long[ROUNDS];
        try (OnnxTensor input =
                OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), new long[] {n, 3, size, size})) {
            check(predict(cnn, exact, n), session, input);
            long start = System.nanoTime();
            while (System.nanoTime() - start < WARM_UP) {
                predict(cnn, exact, n);
                run(session, input);
            }
            for (int round = 0; round < ROUNDS; round++) {
                long now = System.nanoTime();
                predict(cnn, exact, n);
                times[round] = System.nanoTime() - now;
                now = System.nanoTime();
                run(session, input);
                theirs[round] = System.nanoTime() - now;
            }
        }
        Arrays.sort(times);
        Arrays.sort(theirs);
        System.out.printf(
                Locale.ROOT,
                "%3d x %3d, %2d images: %8.1f ms here (%.1f to %.1f), %8.1f ms in ONNX Runtime (%.1f to %.1f)%n",
                size,
                size,
                n,
                times[ROUNDS / 2] / 1e6,
                times[0] / 1e6,
                times[ROUNDS - 1] / 1e6,
                theirs[ROUNDS / 2] / 1e6,
                theirs[0] / 1e6,
                theirs[ROUNDS - 1] / 1e6);
    }

    private static double[] predict(CNN cnn, double[] images, int n) {
        return n == 1 ? cnn.predict(images) : cnn.predictAll(images);
    }

    private static float[][] run(OrtSession session, OnnxTensor input) throws OrtException {
        try (OrtSession.Result result = session.run(Map.of("images", input))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    private static void check(double[] probabilities, OrtSession session, OnnxTensor input) throws OrtException {
        float[][] logits = run(session, input);
        double largest = 0;
        for (int i = 0; i < logits.length; i++) {
            double sum = 0;
            for (float logit : logits[i]) {
                sum += Math.exp(logit);
            }
            for (int j = 0; j < logits[i].length; j++) {
                double difference = Math.exp(logits[i][j]) / sum - probabilities[i * logits[i].length + j];
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        if (!(largest <= MOST)) {
            throw new IllegalStateException("ONNX Runtime's probabilities differ by " + largest);
        }
    }
}
