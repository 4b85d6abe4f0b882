package dev.purecnn.peers;

import deepnetts.net.ConvolutionalNetwork;
import deepnetts.net.layers.AbstractLayer;
import deepnetts.net.layers.activation.ActivationType;
import deepnetts.net.loss.LossType;
import deepnetts.net.train.opt.OptimizerType;
import deepnetts.util.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * DeepNetts, the other trainer in plain Java: float32, one thread, one image at a time. It draws its own weights, and an
 * activation belongs to the layer before it: ReLU comes before pooling, which is the same function.
 */
final class DeepNettsPeer implements Peer {
    @Override
    public double tolerance() {
        return Double.NaN;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new DeepNettsModel(network);
    }

    private static final class DeepNettsModel implements Model {
        private final ConvolutionalNetwork net;

        private DeepNettsModel(Network network) {
            ConvolutionalNetwork.Builder builder =
                    ConvolutionalNetwork.builder().addInputLayer(Network.SIDE, Network.SIDE, 1);
            ActivationType activation =
                    network.stages().contains(new Network.Relu()) ? ActivationType.RELU : ActivationType.LINEAR;
            for (Network.Stage stage : network.stages()) {
                if (stage instanceof Network.Convolution convolution) {
                    builder.addConvolutionalLayer(convolution.filters(), Network.FILTER, Network.FILTER, 1, activation);
                } else if (stage instanceof Network.Pooling) {
                    builder.addMaxPoolingLayer(Network.POOL, Network.POOL, Network.POOL);
                } else if (stage instanceof Network.Dense dense) {
                    if (dense.outputs() == Network.CLASSES) {
                        builder.addOutputLayer(Network.CLASSES, ActivationType.SOFTMAX);
                    } else {
                        builder.addFullyConnectedLayer(dense.outputs(), activation);
                    }
                }
            }
            net = builder.lossFunction(LossType.CROSS_ENTROPY).randomSeed(1).build();
            net.getLayers().forEach(DeepNettsModel::plainGradientDescent);
        }

        /** What its trainer sets before the first step. */
        private static void plainGradientDescent(AbstractLayer layer) {
            layer.setLearningRate((float) Network.LEARNING_RATE);
            layer.setMomentum(0);
            layer.setRegularization(0);
            layer.setOptimizerType(OptimizerType.SGD);
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            Tensor[] inputs = tensors(images);
            float[][] targets = new float[labels.length][Network.CLASSES];
            for (int i = 0; i < labels.length; i++) {
                targets[i][labels[i]] = 1;
            }
            return () -> step(inputs, targets);
        }

        /** Its trainer's inner loop, without the log and the events. */
        private void step(Tensor[] inputs, float[][] targets) {
            for (AbstractLayer layer : net.getLayers()) {
                layer.setBatchMode(inputs.length > 1);
                layer.setBatchSize(inputs.length);
            }
            net.getLossFunction().reset();
            for (int i = 0; i < inputs.length; i++) {
                net.setInput(inputs[i]); // and forward
                net.setOutputError(net.getLossFunction().addPatternError(net.getOutput(), targets[i]));
                net.backward();
            }
            net.applyWeightChanges();
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            float[] floats = Numbers.floats(image);
            return () -> {
                net.setInput(new Tensor(Network.SIDE, Network.SIDE, 1, floats));
                return net.getOutput().clone();
            };
        }

        @Override
        public Supplier<?> predictionOfMany(double[] images) {
            Tensor[] inputs = tensors(images);
            return () -> {
                float[] probabilities = new float[inputs.length * Network.CLASSES];
                for (int i = 0; i < inputs.length; i++) {
                    net.setInput(inputs[i]);
                    System.arraycopy(net.getOutput(), 0, probabilities, i * Network.CLASSES, Network.CLASSES);
                }
                return probabilities;
            };
        }

        private static Tensor[] tensors(double[] images) {
            float[] floats = Numbers.floats(images);
            Tensor[] tensors = new Tensor[images.length / Network.PIXELS];
            for (int i = 0; i < tensors.length; i++) {
                float[] image = new float[Network.PIXELS];
                System.arraycopy(floats, i * Network.PIXELS, image, 0, Network.PIXELS);
                tensors[i] = new Tensor(Network.SIDE, Network.SIDE, 1, image);
            }
            return tensors;
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
