package dev.purecnn.peers;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.SparseSoftmaxCrossEntropyWithLogits;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Builds the operations of a network, forward and back. Images are laid out row, column, channel, which is what TensorFlow's
 * kernels for processors take.
 */
final class TensorFlowGraph<T extends TFloating> {
    private static final List<Long> STRIDES = List.of(1L, 1L, 1L, 1L);
    private static final int[] POOL = {1, Network.POOL, Network.POOL, 1};

    private final Network network;
    private final Ops tf;
    private final Class<T> type;
    private final List<VarHandleOp> variables;
    private final List<Operand<T>> parameters = new ArrayList<>();

    /** What entered each stage, flat for a dense one. */
    private final List<Operand<T>> inputs = new ArrayList<>();

    private final List<Operand<T>> outputs = new ArrayList<>();

    /** Of the previous stage's output. */
    private final List<Shape> shapes = new ArrayList<>();

    TensorFlowGraph(Network network, Ops tf, Class<T> type, List<VarHandleOp> variables) {
        this.network = network;
        this.tf = tf;
        this.type = type;
        this.variables = variables;
    }

    /** A parameter in TensorFlow's order. */
    record Values(Shape shape, double[] values) {}

    /** From this library's order, filter by filter and neuron by neuron, to TensorFlow's. */
    static List<Values> values(Network network, List<double[]> parameters) {
        List<Values> values = new ArrayList<>();
        int cells = Network.PIXELS;
        int channels = 1;
        for (Network.Stage stage : network.stages()) {
            double[] from = values.size() < parameters.size() ? parameters.get(values.size()) : new double[0];
            if (stage instanceof Network.Convolution c) {
                Shape shape = Shape.of(Network.FILTER, Network.FILTER, c.channels(), c.filters());
                int window = Network.FILTER * Network.FILTER;
                values.add(new Values(shape, reversed(from, c.filters(), c.channels(), window)));
                values.add(new Values(Shape.of(c.filters()), parameters.get(values.size())));
                channels = c.filters();
            } else if (stage instanceof Network.Pooling) {
                cells /= Network.POOL * Network.POOL;
            } else if (stage instanceof Network.Dense d) {
                Shape shape = Shape.of(d.inputs(), d.outputs());
                values.add(new Values(shape, reversed(from, d.outputs(), channels, cells)));
                values.add(new Values(Shape.of(d.outputs()), parameters.get(values.size())));
                channels = d.outputs();
                cells = 1;
            }
        }
        return values;
    }

    /** The array [a][b][c] as [c][b][a]. */
    private static double[] reversed(double[] from, int a, int b, int c) {
        double[] to = new double[from.length];
        for (int i = 0; i < a; i++) {
            for (int j = 0; j < b; j++) {
                for (int k = 0; k < c; k++) {
                    to[(k * b + j) * a + i] = from[(i * b + j) * c + k];
                }
            }
        }
        return to;
    }

    Operand<T> probabilities(Operand<T> images, int n) {
        return tf.nn.softmax(logits(images, n));
    }

    /** Makes the operation that updates the parameter of that number by its gradient, a sum over the batch. */
    @FunctionalInterface
    interface Rule<T extends TFloating> {
        Op update(int parameter, Operand<T> gradient);
    }

    /** One update of each parameter. */
    List<Op> updates(Operand<T> images, Operand<TInt32> labels, int n, Rule<T> rule) {
        Operand<T> logits = logits(images, n);
        SparseSoftmaxCrossEntropyWithLogits<T> loss =
                SparseSoftmaxCrossEntropyWithLogits.create(tf.scope(), logits, labels);
        Operand<T> gradient = loss.backprop();
        List<Op> updates = new ArrayList<>();
        int next = parameters.size();
        for (int i = network.stages().size() - 1; i >= 0; i--) {
            Network.Stage stage = network.stages().get(i);
            Operand<T> input = inputs.get(i);
            Operand<T> output = outputs.get(i);
            if (stage instanceof Network.Pooling) {
                gradient = tf.nn.maxPoolGrad(input, output, gradient, tf.constant(POOL), tf.constant(POOL), "VALID");
            } else if (stage instanceof Network.Relu) {
                gradient = tf.nn.reluGrad(gradient, output);
            } else {
                next -= 2;
                updates.add(rule.update(next + 1, tf.nn.biasAddGrad(gradient)));
                updates.add(rule.update(next, weightGradient(stage, input, gradient)));
                gradient = i == 0 ? null : inputGradient(stage, i, next, gradient);
            }
        }
        return updates;
    }

    private Operand<T> weightGradient(Network.Stage stage, Operand<T> input, Operand<T> gradient) {
        if (stage instanceof Network.Convolution c) {
            int[] size = {Network.FILTER, Network.FILTER, c.channels(), c.filters()};
            return tf.nn.conv2dBackpropFilter(input, tf.constant(size), gradient, STRIDES, "SAME");
        }
        return tf.linalg.matMul(input, gradient, MatMul.transposeA(true));
    }

    private Operand<T> inputGradient(Network.Stage stage, int index, int weights, Operand<T> gradient) {
        Shape shape = shapes.get(index);
        if (stage instanceof Network.Convolution) {
            return tf.nn.conv2dBackpropInput(
                    tf.constant(ints(shape)), parameters.get(weights), gradient, STRIDES, "SAME");
        }
        Operand<T> flat = tf.linalg.matMul(gradient, parameters.get(weights), MatMul.transposeB(true));
        return shape.numDimensions() == 2 ? flat : tf.reshape(flat, tf.constant(ints(shape)));
    }

    private static int[] ints(Shape shape) {
        int[] sizes = new int[shape.numDimensions()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (int) shape.get(i);
        }
        return sizes;
    }

    private Operand<T> logits(Operand<T> images, int n) {
        Operand<T> output = images;
        Shape shape = Shape.of(n, Network.SIDE, Network.SIDE, 1);
        for (Network.Stage stage : network.stages()) {
            shapes.add(shape);
            if (stage instanceof Network.Dense d && shape.numDimensions() > 2) {
                output = tf.reshape(output, tf.constant(new int[] {n, d.inputs()}));
            }
            inputs.add(output);
            output = forward(stage, output);
            outputs.add(output);
            shape = shapeAfter(stage, shape);
        }
        return output;
    }

    private static Shape shapeAfter(Network.Stage stage, Shape shape) {
        if (stage instanceof Network.Convolution c) {
            return Shape.of(shape.get(0), shape.get(1), shape.get(2), c.filters());
        } else if (stage instanceof Network.Pooling) {
            return Shape.of(shape.get(0), shape.get(1) / Network.POOL, shape.get(2) / Network.POOL, shape.get(3));
        } else if (stage instanceof Network.Dense d) {
            return Shape.of(shape.get(0), d.outputs());
        }
        return shape;
    }

    private Operand<T> forward(Network.Stage stage, Operand<T> input) {
        if (stage instanceof Network.Convolution) {
            return tf.nn.biasAdd(tf.nn.conv2d(input, parameter(), STRIDES, "SAME"), parameter());
        } else if (stage instanceof Network.Pooling) {
            return tf.nn.maxPool(input, tf.constant(POOL), tf.constant(POOL), "VALID");
        } else if (stage instanceof Network.Dense) {
            return tf.nn.biasAdd(tf.linalg.matMul(input, parameter()), parameter());
        }
        return tf.nn.relu(input);
    }

    private Operand<T> parameter() {
        Operand<T> value = tf.readVariableOp(variables.get(parameters.size()), type);
        parameters.add(value);
        return value;
    }
}
