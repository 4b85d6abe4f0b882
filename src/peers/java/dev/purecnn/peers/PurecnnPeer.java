package dev.purecnn.peers;

import dev.purecnn.CNN;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
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
        return CNN.builder(network.shape())
                .layers(layers(network.stages()).toArray(new Layer[0]))
                .learningRate(Network.LEARNING_RATE)
                .seed(seed)
                .threads(threads)
                .quiet()
                .build();
    }

    /** A network with these parameters. */
    static CNN network(Network network, int threads, List<double[]> parameters) {
        CNN cnn = network(network, threads);
        List<double[]> own = parameters(cnn);
        for (int i = 0; i < own.size(); i++) {
            System.arraycopy(parameters.get(i), 0, own.get(i), 0, own.get(i).length);
        }
        return cnn;
    }

    static List<double[]> parameters(CNN cnn) {
        return cnn.parameters().stream().map(Parameter::values).toList();
    }

    private static List<Layer> layers(List<Network.Stage> stages) {
        return stages.stream().map(PurecnnPeer::layer).toList();
    }

    private static Layer layer(Network.Stage stage) {
        if (stage instanceof Network.Convolution convolution) {
            return ConvolutionalLayer.builder(convolution.channels(), convolution.filters())
                    .filterSize(convolution.size())
                    .stride(convolution.stride())
                    .padding(convolution.size() / 2)
                    .bias(convolution.biases())
                    .build();
        } else if (stage instanceof Network.BatchNorm norm) {
            return BatchNormLayer.builder(norm.channels())
                    .momentum(1 - Network.BatchNorm.MOMENTUM)
                    .epsilon(Network.BatchNorm.EPSILON)
                    .build();
        } else if (stage instanceof Network.Residual residual) {
            return new ResidualLayer(layers(residual.inner()), layers(residual.shortcut()));
        } else if (stage instanceof Network.Pooling pooling) {
            return MaxPoolingLayer.builder(pooling.size())
                    .stride(pooling.stride())
                    .padding(pooling.padding())
                    .build();
        } else if (stage instanceof Network.GlobalPooling) {
            return new GlobalAveragePoolingLayer();
        } else if (stage instanceof Network.Dense dense) {
            return dense.outputs() == Network.CLASSES
                    ? new DenseSoftmaxLayer(dense.inputs(), dense.outputs())
                    : new DenseLayer(dense.inputs(), dense.outputs());
        }
        return new ReLULayer();
    }

    @Override
    public boolean runs(Network network) {
        return true;
    }

    @Override
    public double tolerance() {
        return 0.0;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new PurecnnModel(network(network, threads, parameters));
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
