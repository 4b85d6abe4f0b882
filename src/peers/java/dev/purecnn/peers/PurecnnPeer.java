package dev.purecnn.peers;

import dev.purecnn.CNN;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.function.Supplier;

/** This library. */
final class PurecnnPeer implements Peer {
    private final int threads;

    PurecnnPeer(int threads) {
        this.threads = threads;
    }

    /** A network with the weights that the others start from too. */
    static CNN network(Network network, int threads) {
        return network(network, threads, network.ordinal());
    }

    static CNN network(Network network, int threads, long seed) {
        return CNN.builder(Shape.of(1, Network.SIDE, Network.SIDE))
                .layers(network.stages().stream().map(PurecnnPeer::layer).toArray(Layer[]::new))
                .learningRate(Network.LEARNING_RATE)
                .seed(seed)
                .threads(threads)
                .quiet()
                .build();
    }

    static List<double[]> parameters(CNN cnn) {
        return cnn.parameters().stream().map(Parameter::values).toList();
    }

    private static Layer layer(Network.Stage stage) {
        if (stage instanceof Network.Convolution convolution) {
            return new ConvolutionalLayer(convolution.channels(), convolution.filters(), Network.FILTER);
        } else if (stage instanceof Network.Pooling) {
            return new MaxPoolingLayer(Network.POOL);
        } else if (stage instanceof Network.Dense dense) {
            return dense.outputs() == Network.CLASSES
                    ? new DenseSoftmaxLayer(dense.inputs(), dense.outputs())
                    : new DenseLayer(dense.inputs(), dense.outputs());
        }
        return new ReLULayer();
    }

    @Override
    public double tolerance() {
        return 0.0;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        CNN cnn = network(network, threads);
        List<double[]> own = parameters(cnn);
        for (int i = 0; i < own.size(); i++) {
            System.arraycopy(parameters.get(i), 0, own.get(i), 0, own.get(i).length);
        }
        return new PurecnnModel(cnn);
    }

    private record PurecnnModel(CNN cnn) implements Model {
        @Override
        public Runnable training(double[] images, int[] labels) {
            return () -> cnn.trainOnBatch(images, labels);
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            return () -> cnn.predict(image);
        }

        @Override
        public Supplier<?> predictionOfMany(double[] images) {
            return () -> cnn.predictAll(images);
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
