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
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * PyTorch through DJL: one native call per operation, none of DJL's own layers, PyTorch's autograd. This is the work that an eager
 * PyTorch program does, without the Python.
 */
final class PyTorchPeer implements Peer {
    private static final Shape ONE = new Shape(1, 1);

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
    public boolean runs(Network network) {
        return true;
    }

    private static Shape square(int side) {
        return new Shape(side, side);
    }

    @Override
    public double tolerance() {
        return type == DataType.FLOAT32 ? 1e-5 : 1e-12;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new PyTorchModel(network, parameters);
    }

    private final class PyTorchModel implements Model {
        private final Network network;
        private final List<PtNDArray> parameters = new ArrayList<>();
        /** Those that have gradients. */
        private final List<PtNDArray> learned = new ArrayList<>();

        private final List<PtNDArray> temporaries = new ArrayList<>();
        /** Handed to backward as dLoss/dLoss, so that gradients come scaled and the update is one operation, as in SGD. */
        private final PtNDArray learningRate;

        private PyTorchModel(Network network, List<double[]> values) {
            this.network = network;
            addParameters(network.stages(), values.iterator());
            learned.forEach(parameter -> parameter.setRequiresGradient(true));
            learningRate = scalar(Network.LEARNING_RATE);
        }

        private void addParameters(List<Network.Stage> stages, Iterator<double[]> values) {
            for (Network.Stage stage : stages) {
                if (stage instanceof Network.Convolution c) {
                    learn(values, new Shape(c.filters(), c.channels(), c.size(), c.size()));
                    if (c.biases()) {
                        learn(values, new Shape(c.filters()));
                    }
                } else if (stage instanceof Network.BatchNorm norm) {
                    learn(values, new Shape(norm.channels()));
                    learn(values, new Shape(norm.channels()));
                    parameters.add(array(values.next(), new Shape(norm.channels())));
                    parameters.add(array(values.next(), new Shape(norm.channels())));
                } else if (stage instanceof Network.Residual residual) {
                    addParameters(residual.inner(), values);
                    addParameters(residual.shortcut(), values);
                } else if (stage instanceof Network.Dense dense) {
                    learn(values, new Shape(dense.outputs(), dense.inputs()));
                    learn(values, new Shape(dense.outputs()));
                }
            }
        }

        private void learn(Iterator<double[]> values, Shape shape) {
            PtNDArray parameter = array(values.next(), shape);
            parameters.add(parameter);
            learned.add(parameter);
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            PtNDArray batch = array(images, imageShape(labels.length));
            PtNDArray targets = targets(labels);
            return () -> descend(batch, targets, learningRate);
        }

        @Override
        public Steps steps(int batchSize, double momentum) {
            List<PtNDArray> velocities = learned.stream()
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
                    for (int i = 0; i < learned.size(); i++) {
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
            for (int i = 0; i < learned.size(); i++) {
                subtract(i, gradient(i));
            }
            clear();
        }

        private PtNDArray gradient(int parameter) {
            return keep(JniUtils.getGradient(learned.get(parameter)));
        }

        private void subtract(int parameter, PtNDArray step) {
            JniUtils.subi(learned.get(parameter), step);
            JniUtils.zeroGrad(learned.get(parameter));
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
            PtNDArray logProbabilities = keep(JniUtils.logSoftmax(logits(batch, true), 1, type));
            PtNDArray right = keep(JniUtils.gather(logProbabilities, targets, 1));
            PtNDArray loss = keep(JniUtils.neg(keep(JniUtils.mean(right))));
            JniUtils.backward(loss, scale, false, false);
            JniUtils.setGradMode(false);
        }

        private PtNDArray logits(PtNDArray batch, boolean training) {
            return through(network.stages(), batch, parameters.iterator(), training);
        }

        private PtNDArray through(
                List<Network.Stage> stages, PtNDArray input, Iterator<PtNDArray> values, boolean training) {
            PtNDArray output = input;
            for (Network.Stage stage : stages) {
                if (stage instanceof Network.Residual residual) {
                    PtNDArray inner = through(residual.inner(), output, values, training);
                    PtNDArray around = through(residual.shortcut(), output, values, training);
                    output = keep(JniUtils.add(inner, around));
                } else {
                    output = keep(forward(stage, output, values, training));
                }
            }
            return output;
        }

        private PtNDArray forward(Network.Stage stage, PtNDArray input, Iterator<PtNDArray> values, boolean training) {
            if (stage instanceof Network.Convolution c) {
                PtNDArray weights = values.next();
                PtNDArray biases = c.biases() ? values.next() : null;
                Shape padding = square(c.size() / 2);
                return JniUtils.convolution(input, weights, biases, square(c.stride()), padding, ONE, 1);
            } else if (stage instanceof Network.BatchNorm) {
                PtNDArray scale = values.next();
                PtNDArray shift = values.next();
                PtNDArray mean = values.next();
                PtNDArray variance = values.next();
                return JniUtils.batchNorm(
                        input,
                        mean,
                        variance,
                        scale,
                        shift,
                        training,
                        Network.BatchNorm.MOMENTUM,
                        Network.BatchNorm.EPSILON);
            } else if (stage instanceof Network.Pooling p) {
                return JniUtils.maxPool(input, square(p.size()), square(p.stride()), square(p.padding()), false);
            } else if (stage instanceof Network.GlobalPooling) {
                return JniUtils.adaptiveAvgPool(input, ONE);
            } else if (stage instanceof Network.Dense dense) {
                PtNDArray flat = keep(JniUtils.reshape(input, new long[] {-1, dense.inputs()}));
                return JniUtils.linear(flat, values.next(), values.next());
            }
            return JniUtils.relu(input);
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            ByteBuffer memory = ByteBuffer.allocateDirect(image.length * type.getNumOfBytes())
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
            PtNDArray batch =
                    array(images, imageShape(images.length / network.shape().size()));
            return () -> probabilities(batch);
        }

        private Object probabilities(PtNDArray batch) {
            PtNDArray probabilities = keep(JniUtils.softmax(logits(batch, false), 1, type));
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

        private Shape imageShape(int images) {
            return new Shape(
                    images,
                    network.shape().channels(),
                    network.shape().height(),
                    network.shape().width());
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
