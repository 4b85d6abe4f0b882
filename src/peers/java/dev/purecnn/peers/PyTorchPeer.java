package dev.purecnn.peers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * PyTorch through DJL: one native call per operation, none of DJL's own layers, PyTorch's autograd. This is the work that an eager
 * PyTorch program does, without the Python.
 */
final class PyTorchPeer implements Peer {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape NONE = new Shape(0, 0);
    private static final Shape POOL = new Shape(Network.POOL, Network.POOL);

    private final DataType type;
    private final PtNDManager manager;

    PyTorchPeer(String numbers, int threads) {
        type = numbers.equals("float32") ? DataType.FLOAT32 : DataType.FLOAT64;
        manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        JniUtils.setNumThreads(threads);
        if (JniUtils.getNumThreads() != threads) {
            throw new IllegalStateException(
                    "PyTorch: expected " + threads + " threads, got " + JniUtils.getNumThreads() + ".");
        }
    }

    @Override
    public double tolerance() {
        return type == DataType.FLOAT32 ? 1e-4 : 1e-12;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new PyTorchModel(network, parameters);
    }

    private final class PyTorchModel implements Model {
        private final Network network;
        private final List<PtNDArray> parameters = new ArrayList<>();
        private final List<PtNDArray> temporaries = new ArrayList<>();
        /** Handed to backward as dLoss/dLoss, so that gradients come scaled and the update is one operation, as in SGD. */
        private final PtNDArray learningRate;

        private PyTorchModel(Network network, List<double[]> values) {
            this.network = network;
            int next = 0;
            for (Network.Stage stage : network.stages()) {
                if (stage instanceof Network.Convolution convolution) {
                    parameters.add(array(
                            values.get(next++),
                            new Shape(convolution.filters(), convolution.channels(), Network.FILTER, Network.FILTER)));
                    parameters.add(array(values.get(next++), new Shape(convolution.filters())));
                } else if (stage instanceof Network.Dense dense) {
                    parameters.add(array(values.get(next++), new Shape(dense.outputs(), dense.inputs())));
                    parameters.add(array(values.get(next++), new Shape(dense.outputs())));
                }
            }
            parameters.forEach(parameter -> parameter.setRequiresGradient(true));
            learningRate = scalar(Network.LEARNING_RATE);
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            PtNDArray batch = array(images, imageShape(labels.length));
            PtNDArray targets = targets(labels);
            return () -> descend(batch, targets, learningRate);
        }

        @Override
        public Steps steps(int batchSize, double momentum) {
            List<PtNDArray> velocities = parameters.stream()
                    .map(parameter -> array(new double[(int) parameter.size()], parameter.getShape()))
                    .toList();
            PtNDArray one = scalar(1);
            PtNDArray kept = scalar(momentum);
            return (images, labels, rate) -> {
                PtNDArray batch = keep(array(images, imageShape(batchSize)));
                PtNDArray targets = keep(targets(labels));
                PtNDArray length = keep(scalar(rate));
                if (momentum == 0) {
                    descend(batch, targets, length);
                } else {
                    findGradients(batch, targets, one);
                    for (int i = 0; i < parameters.size(); i++) {
                        PtNDArray step = nesterov(velocities.get(i), gradient(i), kept);
                        subtract(i, keep(JniUtils.mul(step, length)));
                    }
                    clear();
                }
            };
        }

        private PtNDArray nesterov(PtNDArray velocity, PtNDArray gradient, PtNDArray kept) {
            JniUtils.muli(velocity, kept);
            JniUtils.addi(velocity, gradient);
            return keep(JniUtils.add(gradient, keep(JniUtils.mul(velocity, kept))));
        }

        private void descend(PtNDArray batch, PtNDArray targets, PtNDArray rate) {
            findGradients(batch, targets, rate);
            for (int i = 0; i < parameters.size(); i++) {
                subtract(i, gradient(i));
            }
            clear();
        }

        private PtNDArray gradient(int parameter) {
            return keep(JniUtils.getGradient(parameters.get(parameter)));
        }

        private void subtract(int parameter, PtNDArray step) {
            JniUtils.subi(parameters.get(parameter), step);
            JniUtils.zeroGrad(parameters.get(parameter));
        }

        private PtNDArray scalar(double value) {
            return array(new double[] {value}, new Shape());
        }

        private PtNDArray targets(int[] labels) {
            long[] column = new long[labels.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = labels[i];
            }
            return (PtNDArray) manager.create(column, new Shape(labels.length, 1));
        }

        /** Of the mean loss, times a scale. */
        private void findGradients(PtNDArray batch, PtNDArray targets, PtNDArray scale) {
            JniUtils.setGradMode(true);
            PtNDArray logProbabilities = keep(JniUtils.logSoftmax(logits(batch), 1, type));
            PtNDArray right = keep(JniUtils.gather(logProbabilities, targets, 1));
            PtNDArray loss = keep(JniUtils.neg(keep(JniUtils.mean(right))));
            JniUtils.backward(loss, scale, false, false);
            JniUtils.setGradMode(false);
        }

        private PtNDArray logits(PtNDArray batch) {
            PtNDArray output = batch;
            int next = 0;
            boolean flat = false;
            for (Network.Stage stage : network.stages()) {
                if (stage instanceof Network.Convolution) {
                    output = keep(JniUtils.convolution(
                            output, parameters.get(next++), parameters.get(next++), ONE, ONE, ONE, 1));
                } else if (stage instanceof Network.Pooling) {
                    output = keep(JniUtils.maxPool(output, POOL, POOL, NONE, false));
                } else if (stage instanceof Network.Dense dense) {
                    if (!flat) {
                        output = keep(JniUtils.reshape(output, new long[] {-1, dense.inputs()}));
                        flat = true;
                    }
                    output = keep(JniUtils.linear(output, parameters.get(next++), parameters.get(next++)));
                } else {
                    output = keep(JniUtils.relu(output));
                }
            }
            return output;
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            ByteBuffer memory = ByteBuffer.allocateDirect(Network.PIXELS * type.getNumOfBytes())
                    .order(ByteOrder.nativeOrder());
            float[] floats = Numbers.floats(image);
            return () -> {
                if (type == DataType.FLOAT32) {
                    memory.asFloatBuffer().put(floats);
                } else {
                    memory.asDoubleBuffer().put(image);
                }
                return probabilities(keep(JniUtils.createNdFromByteBuffer(
                        manager, memory, imageShape(1), type, SparseFormat.DENSE, Device.cpu())));
            };
        }

        @Override
        public Supplier<?> predictionOfMany(double[] images) {
            PtNDArray batch = array(images, imageShape(images.length / Network.PIXELS));
            return () -> probabilities(batch);
        }

        private Object probabilities(PtNDArray batch) {
            PtNDArray probabilities = keep(JniUtils.softmax(logits(batch), 1, type));
            Object array = type == DataType.FLOAT32 ? probabilities.toFloatArray() : probabilities.toDoubleArray();
            clear();
            return array;
        }

        private PtNDArray array(double[] values, Shape shape) {
            return (PtNDArray)
                    (type == DataType.FLOAT32
                            ? manager.create(Numbers.floats(values), shape)
                            : manager.create(values, shape));
        }

        private static Shape imageShape(int images) {
            return new Shape(images, 1, Network.SIDE, Network.SIDE);
        }

        private PtNDArray keep(PtNDArray temporary) {
            temporaries.add(temporary);
            return temporary;
        }

        private void clear() {
            for (PtNDArray temporary : temporaries) {
                temporary.close();
            }
            temporaries.clear();
        }

        @Override
        public void close() {
            parameters.forEach(PtNDArray::close);
            learningRate.close();
        }
    }
}
