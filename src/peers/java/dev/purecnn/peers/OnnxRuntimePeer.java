package dev.purecnn.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.purecnn.CNN;
import dev.purecnn.onnx.OnnxExport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** ONNX Runtime, which predicts with what {@link OnnxExport} writes; all its optimizations are on, which is its default. */
final class OnnxRuntimePeer implements Peer {
    private final int threads;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

    OnnxRuntimePeer(int threads) {
        this.threads = threads;
    }

    @Override
    public boolean runs(Network network) {
        return true;
    }

    @Override
    public boolean trains() {
        return false;
    }

    @Override
    public double tolerance() {
        return 1e-5;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        CNN cnn = PurecnnPeer.network(network, 1, parameters);
        try {
            Path file = Files.createTempFile("purecnn", ".onnx");
            OnnxExport.write(cnn, file);
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            OrtSession session = environment.createSession(file.toString(), options);
            Files.delete(file);
            return new OnnxRuntimeModel(network, session);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class OnnxRuntimeModel implements Model {
        private final Network network;
        private final OrtSession session;

        private OnnxRuntimeModel(Network network, OrtSession session) {
            this.network = network;
            this.session = session;
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            throw new UnsupportedOperationException("OnnxRuntimePeer: expected to predict, got training.");
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            float[] floats = Numbers.floats(image);
            FloatBuffer memory = memory(floats.length);
            OnnxTensor input = tensor(memory);
            return () -> {
                memory.put(0, floats);
                return probabilities(input, 1);
            };
        }

        @Override
        public Supplier<?> predictionOfMany(double[] images) {
            FloatBuffer memory = memory(images.length);
            memory.put(0, Numbers.floats(images));
            OnnxTensor input = tensor(memory);
            return () -> probabilities(input, images.length / network.shape().size());
        }

        /** A tensor of direct memory is used where it lies. */
        private static FloatBuffer memory(int length) {
            return ByteBuffer.allocateDirect(length * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        private OnnxTensor tensor(FloatBuffer memory) {
            long channels = network.shape().channels();
            long height = network.shape().height();
            long width = network.shape().width();
            long[] sizes = {memory.capacity() / (channels * height * width), channels, height, width};
            try {
                return OnnxTensor.createTensor(environment, memory, sizes);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        private float[] probabilities(OnnxTensor input, int n) {
            float[] probabilities = new float[n * Network.CLASSES];
            try (OrtSession.Result result = session.run(Map.of("images", input))) {
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(probabilities);
                return probabilities;
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
