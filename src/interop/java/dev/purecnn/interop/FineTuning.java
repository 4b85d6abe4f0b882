package dev.purecnn.interop;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.onnx.OnnxImport;
import dev.purecnn.training.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** An imported ResNet-18 with a new head takes the same ten steps as in PyTorch: see {@code src/interop/python/networks.py}. */
public final class FineTuning {
    private static final double MOST = 1e-9;
    private static final int STEPS = 10;
    private static final int BATCH = 16;
    private static final int FEATURES = 512;
    private static final int CLASSES = 5;
    /** The head's weights and biases, images, labels, losses, and probabilities of the first batch afterwards. */
    private static final int[] SIZES = {
        FEATURES * CLASSES, CLASSES, STEPS * BATCH * 3 * 64 * 64, STEPS * BATCH, STEPS, BATCH * CLASSES
    };

    private FineTuning() {}

    /**
     * Trains the head alone, then the last stage of residual blocks too.
     *
     * @param arguments the folder that the script made
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        CNN cnn = OnnxImport.read(folder.resolve("resnet18.onnx"))
                .endWithSoftmax()
                .build(CnnBuilder::quiet);
        int features = cnn.layers().size() - 1;
        compare(cnn, features, folder.resolve("resnet18-head.values"));
        compare(cnn, features - 5, folder.resolve("resnet18-last.values")); // two blocks, a ReLU after each, pooling
    }

    private static void compare(CNN imported, int frozen, Path file) throws IOException {
        double[][] parts = parts(Networks.values(file));
        CNN cnn = imported.toBuilder()
                .keep(imported.layers().size() - 1)
                .frozen(frozen)
                .layers(new DenseSoftmaxLayer(FEATURES, CLASSES))
                .optimizer(Optimizer.sgd().momentum(0.9))
                .learningRate(0.01)
                .build();
        int last = cnn.parameters().size() - 2;
        for (int i = 0; i < 2; i++) {
            System.arraycopy(parts[i], 0, cnn.parameters().get(last + i).values(), 0, parts[i].length);
        }
        int[] labels = Arrays.stream(parts[3]).mapToInt(label -> (int) label).toArray();
        double[] losses = new double[STEPS];
        int batch = parts[2].length / STEPS;
        long start = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
            losses[step] = cnn.trainOnBatch(
                    Arrays.copyOfRange(parts[2], step * batch, (step + 1) * batch),
                    Arrays.copyOfRange(labels, step * BATCH, (step + 1) * BATCH));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double ofLosses = Networks.difference(losses, parts[4]);
        double[] probabilities = new double[BATCH * CLASSES];
        for (int i = 0; i < BATCH; i++) { // predictAll would need as much memory again
            double[] image = Arrays.copyOfRange(parts[2], i * batch / BATCH, (i + 1) * batch / BATCH);
            System.arraycopy(cnn.predict(image), 0, probabilities, i * CLASSES, CLASSES);
        }
        double ofProbabilities = Networks.difference(probabilities, parts[5]);
        System.out.printf(
                Locale.ROOT,
                "%d of %d layers frozen: losses differ by at most %.1e, probabilities after %d steps by %.1e; %.1f s, heap of %d MB%n",
                frozen,
                cnn.layers().size(),
                ofLosses,
                STEPS,
                ofProbabilities,
                seconds,
                Runtime.getRuntime().maxMemory() >> 20);
        if (!(ofLosses <= MOST && ofProbabilities <= MOST)) {
            throw new IllegalStateException("expected differences of at most " + MOST);
        }
    }

    private static double[][] parts(double[] values) {
        double[][] parts = new double[SIZES.length][];
        int from = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Arrays.copyOfRange(values, from, from + SIZES[i]);
            from += SIZES[i];
        }
        return parts;
    }
}
