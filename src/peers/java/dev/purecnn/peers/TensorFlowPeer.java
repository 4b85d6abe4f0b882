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
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** TensorFlow in graph mode: a graph with all sizes known for each batch size, and one run call a step. The default executor: the others were no faster. */
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
        return type == TFloat32.class ? 1e-4 : 1e-12;
    }

    @Override
    public Model model(Network network, List<double[]> parameters) {
        return new TensorFlowModel<>(network, parameters, type);
    }

    /** A tensor with these values. */
    static <T extends TFloating> T tensor(Class<T> type, Shape shape, double[] values) {
        T tensor = Tensor.of(type, shape);
        if (type == TFloat32.class) {
            tensor.asRawTensor().data().asFloats().write(Numbers.floats(values));
        } else {
            tensor.asRawTensor().data().asDoubles().write(values);
        }
        return tensor;
    }

    private final class TensorFlowModel<T extends TFloating> implements Model {
        private final Network network;
        private final Class<T> type;
        private final Graph graph = new Graph();
        private final Session session;
        private final List<VarHandleOp> variables = new ArrayList<>();
        private final List<Tensor> tensors = new ArrayList<>();

        private TensorFlowModel(Network network, List<double[]> parameters, Class<T> type) {
            this.network = network;
            this.type = type;
            Ops tf = Ops.create(graph);
            List<Op> assignments = new ArrayList<>();
            for (TensorFlowGraph.Values values : TensorFlowGraph.values(network, parameters)) {
                VarHandleOp variable =
                        tf.varHandleOp(type, values.shape(), VarHandleOp.sharedName(network + "/" + variables.size()));
                variables.add(variable);
                try (T initial = tensor(type, values.shape(), values.values())) {
                    assignments.add(tf.assignVariableOp(variable, tf.constantOf(initial)));
                }
            }
            session = new Session(graph, config);
            Session.Runner runner = session.runner();
            assignments.forEach(runner::addTarget);
            runner.run().close();
        }

        @Override
        public Runnable training(double[] images, int[] labels) {
            Ops tf = Ops.create(graph).withSubScope("train");
            Placeholder<T> imagesIn = tf.placeholder(type, Placeholder.shape(imageShape(labels.length)));
            Placeholder<TInt32> labelsIn = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(labels.length)));
            List<Op> updates =
                    new TensorFlowGraph<>(network, tf, type, variables).updates(imagesIn, labelsIn, labels.length);
            NoOp step = tf.withControlDependencies(updates).noOp();
            Session.Runner runner = session.runner()
                    .feed(imagesIn, keep(tensor(type, imageShape(labels.length), images)))
                    .feed(labelsIn, keep(TInt32.vectorOf(labels)))
                    .addTarget(step);
            return () -> runner.run().close();
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
