package dev.purecnn.interop;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.onnx.OnnxImport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** PyTorch's own networks, exported by {@code src/interop/python/networks.py}, predict here what they predict there. */
public final class Networks {
    private static final double MOST = 1e-9;

    private Networks() {}

    /**
     * Imports each network and compares its predictions.
     *
     * @param arguments the folder that the script made
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> models = Files.newDirectoryStream(Path.of(arguments[0]), "*.onnx")) {
            models.forEach(files::add);
        }
        files.sort(null);
        int wrong = 0;
        for (Path file : files) {
            wrong += agrees(file) ? 0 : 1;
        }
        if (wrong > 0 || files.isEmpty()) {
            throw new IllegalStateException(wrong + " of " + files.size() + " networks differ by more than " + MOST);
        }
    }

    private static boolean agrees(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".onnx", "");
        try {
            double[] images = values(file.resolveSibling(name + ".images"));
            int size = (int) Math.sqrt(images.length / 2.0 / 3); // two images of three colours
            long start = System.nanoTime();
            CNN cnn =
                    OnnxImport.read(file).endWithSoftmax().imageSize(size, size).build(CnnBuilder::quiet);
            double seconds = (System.nanoTime() - start) / 1e9;
            double[] expected = values(file.resolveSibling(name + ".expected"));
            double[] probabilities = cnn.predictAll(images);
            double difference = difference(probabilities, expected);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %9d parameters, imported in %.1f s, differs by at most %.1e%n",
                    name,
                    cnn.parameters().stream().mapToLong(p -> p.values().length).sum(),
                    seconds,
                    difference);
            return difference <= MOST;
        } catch (IOException e) {
            System.out.println(e.getMessage());
            return false;
        }
    }

    /** Little-endian doubles. */
    static double[] values(Path file) throws IOException {
        DoubleBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer();
        double[] values = new double[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** The largest difference; infinite if there is a NaN or another count. */
    static double difference(double[] values, double[] expected) {
        double largest = values.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(values.length, expected.length); i++) {
            double difference = Math.abs(values[i] - expected[i]);
            largest = difference <= largest
                    ? largest
                    : difference < Double.MAX_VALUE ? difference : Double.POSITIVE_INFINITY;
        }
        return largest;
    }
}
