package dev.purecnn.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.ResourceApplyMomentum;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** TensorFlow in graph mode: one graph with all sizes known per batch size, and one run call per step, on the default executor (the others were no faster). */
final class TensorFlowPeer implements Peer {
    private final Class<? extends TFloating> type;
    private final ConfigProto config;

    TensorFlowPeer(String numbers, int threads) {
        type = numbers.equals("float32") ? TFloat32.class : TFloat64.class;
        config = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                .setInterOpParallelismThreads(threads)
                .build();
    }

    @Override
    public double tolerance() {
        return type == TFloat32.class ? 1e-5 : 1e-12;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new TensorFlowModel<>(network, parameters, type);
    }

    /** A tensor with these values. */
    static <T extends TFloating> T tensor(Class<T> type, Shape shape, double[] values) {
        T tensor = Tensor.of(type, shape);
        fill(tensor, values);
        return tensor;
    }

    private static void fill(TFloating tensor, double[] values) {
        if (tensor instanceof TFloat32) {
            tensor.asRawTensor().data().asFloats().write(Numbers.floats(values));
        } else {
            tensor.asRawTensor().data().asDoubles().write(values);
        }
    }

    private final class TensorFlowModel<T extends TFloating> implements Model {
        private final Network network;
        private final Class<T> type;
        private final Graph graph = new Graph();
        private final Session session;
        private final List<TensorFlowGraph.Values> initial;
        private final List<VarHandleOp> variables = new ArrayList<>();
        private final List<Tensor> tensors = new ArrayList<>();

        private TensorFlowModel(Network network, List<double[]> parameters, Class<T> type) {
            this.network = network;
            this.type = type;
            Ops tf = Ops.create(graph);
            session = new Session(graph, config);
            initial = TensorFlowGraph.values(network, parameters);
            for (TensorFlowGraph.Values values : initial) {
                variables.add(variable(tf, network + "/" + variables.size(), values));
            }
        }

        private VarHandleOp variable(Ops tf, String name, TensorFlowGraph.Values values) {
            VarHandleOp variable = tf.varHandleOp(type, values.shape(), VarHandleOp.sharedName(name));
            try (T initial = tensor(type, values.shape(), values.values())) {
                Op assignment = tf.assignVariableOp(variable, tf.constantOf(initial));
                session.runner().addTarget(assignment).run().close();
            }
            return variable;
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            Ops tf = Ops.create(graph).withSubScope("train");
            // the learning rate contains the mean's divisor, which saves an operation
            Operand<T> rate = tf.constant(type, Network.LEARNING_RATE / labels.length);
            T input = keep(tensor(type, imageShape(labels.length), images));
            TInt32 right = keep(TInt32.vectorOf(labels));
            Session.Runner runner = step(tf, input, right, descent(tf, rate));
            return () -> runner.run().close();
        }

        @Override
        public Steps steps(int batchSize, double momentum) {
            Ops tf = Ops.create(graph).withSubScope("steps");
            T input = keep(Tensor.of(type, imageShape(batchSize)));
            TInt32 right = keep(Tensor.of(TInt32.class, Shape.of(batchSize)));
            T rate = keep(Tensor.of(type, Shape.scalar()));
            Placeholder<T> rateIn = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
            TensorFlowGraph.Rule<T> rule =
                    momentum > 0 ? nesterov(tf, rateIn, tf.constant(type, momentum)) : descent(tf, rateIn);
            Session.Runner runner = step(tf, input, right, rule).feed(rateIn, rate);
            return (images, labels, learningRate) -> {
                fill(input, images);
                right.asRawTensor().data().asInts().write(labels);
                fill(rate, new double[] {learningRate / batchSize});
                runner.run().close();
            };
        }

        private TensorFlowGraph.Rule<T> descent(Ops tf, Operand<T> rate) {
            return (parameter, gradient) ->
                    tf.train.resourceApplyGradientDescent(variables.get(parameter), rate, gradient);
        }

        private TensorFlowGraph.Rule<T> nesterov(Ops tf, Operand<T> rate, Operand<T> momentum) {
            List<VarHandleOp> velocities = new ArrayList<>();
            for (TensorFlowGraph.Values values : initial) {
                double[] zeros = new double[values.values().length];
                String name = network + "/velocity" + velocities.size();
                velocities.add(variable(tf, name, new TensorFlowGraph.Values(values.shape(), zeros)));
            }
            return (parameter, gradient) -> tf.train.resourceApplyMomentum(
                    variables.get(parameter),
                    velocities.get(parameter),
                    rate,
                    gradient,
                    momentum,
                    ResourceApplyMomentum.useNesterov(true));
        }

        /** A run is a step on what these two tensors hold at that time. */
        private Session.Runner step(Ops tf, T images, TInt32 labels, TensorFlowGraph.Rule<T> rule) {
            int n = (int) labels.size();
            Placeholder<T> imagesIn = tf.placeholder(type, Placeholder.shape(imageShape(n)));
            Placeholder<TInt32> labelsIn = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(n)));
            List<Op> updates = new TensorFlowGraph<>(network, tf, type, variables).updates(imagesIn, labelsIn, n, rule);
            NoOp step = tf.withControlDependencies(updates).noOp();
            return session.runner()
                    .feed(imagesIn, images)
                    .feed(labelsIn, labels)
                    .addTarget(step);
        }

        @Override
        public Supplier<?> predictionOfOne(double[] image) {
            T input = keep(tensor(type, imageShape(1), image));
            Session.Runner runner = predicting(input, 1);
            if (type == TFloat32.class) {
                float[] floats = Numbers.floats(image);
                var memory = input.asRawTensor().data().asFloats();
                return () -> {
                    memory.write(floats);
                    return probabilities(runner, 1);
                };
            }
            var memory = input.asRawTensor().data().asDoubles();
            return () -> {
                memory.write(image);
                return probabilities(runner, 1);
            };
        }

        @Override
        public Supplier<?> predictionOfMany(double[] images) {
            int n = images.length / Network.PIXELS;
            Session.Runner runner = predicting(keep(tensor(type, imageShape(n), images)), n);
            return () -> probabilities(runner, n);
        }

        private Session.Runner predicting(T input, int n) {
            Ops tf = Ops.create(graph).withSubScope("predict");
            Placeholder<T> imagesIn = tf.placeholder(type, Placeholder.shape(imageShape(n)));
            Operand<T> output = new TensorFlowGraph<>(network, tf, type, variables).probabilities(imagesIn, n);
            return session.runner().feed(imagesIn, input).fetch(output);
        }

        private Object probabilities(Session.Runner runner, int n) {
            try (Result result = runner.run()) {
                var memory = result.get(0).asRawTensor().data();
                if (type == TFloat32.class) {
                    float[] probabilities = new float[n * Network.CLASSES];
                    memory.asFloats().read(probabilities);
                    return probabilities;
                }
                double[] probabilities = new double[n * Network.CLASSES];
                memory.asDoubles().read(probabilities);
                return probabilities;
            }
        }

        private <K extends Tensor> K keep(K tensor) {
            tensors.add(tensor);
            return tensor;
        }

        private static Shape imageShape(int n) {
            return Shape.of(n, Network.SIDE, Network.SIDE, 1);
        }

        @Override
        public void close() {
            tensors.forEach(Tensor::close);
            session.close();
            graph.close();
        }
    }
}
