package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import java.util.Arrays;

/** Operators on constants: weights in another form, and the arithmetic of shapes. */
final class ConstantOperators {
    private static final int MOST = 64;
    private static final String NEVER = "Such a model cannot be imported; export it with constant folding.";

    private ConstantOperators() {}

    static Object constant(OnnxNode node, GraphReader graph) throws FileFault {
        if (node.attributes().get("value") instanceof StoredTensor tensor) {
            graph.found(tensor);
            return tensor;
        }
        if (node.attributes().get("value_float") instanceof Float value) {
            return new StoredTensor(node.name(), new int[0], new float[] {value}, node.position());
        }
        if (node.attributes().get("value_int") instanceof Long value) {
            return new StoredTensor(node.name(), new int[0], new long[] {value}, node.position());
        }
        if (node.attributes().get("value_ints") instanceof long[] values) {
            return vector(node, values);
        }
        throw node.fault("a tensor or number", "another kind of value", NEVER);
    }

    private static StoredTensor vector(OnnxNode node, long[] values) {
        return new StoredTensor(node.name(), new int[] {values.length}, values, node.position());
    }

    static Object shape(OnnxNode node, GraphReader graph) throws FileFault {
        if (!(graph.value(node, 0) instanceof Operation operation) || operation.pads != null) {
            throw node.fault("the shape of images", "that of a constant", NEVER);
        }
        int[] sizes = operation.sizes();
        long[] shape = new long[sizes.length + 1];
        shape[0] = graph.batch();
        for (int i = 0; i < sizes.length; i++) {
            shape[i + 1] = sizes[i];
        }
        long end = node.integer("end", shape.length);
        if (node.integer("start", 0) != 0 || end != shape.length) {
            throw node.fault("all sizes", "some", NEVER);
        }
        return vector(node, shape);
    }

    static Object gather(OnnxNode node, GraphReader graph) throws FileFault {
        long[] values = graph.whole(node, 0);
        long[] places = graph.whole(node, 1);
        StoredTensor index = (StoredTensor) graph.value(node, 1);
        long[] found = new long[places.length];
        for (int i = 0; i < found.length; i++) {
            long place = places[i] < 0 ? places[i] + values.length : places[i];
            if (place < 0 || place >= values.length || node.integer("axis", 0) != 0) {
                throw node.fault("places from 0 to " + (values.length - 1), "" + places[i], NEVER);
            }
            found[i] = values[(int) place];
        }
        return new StoredTensor(node.name(), index.sizes(), found, node.position());
    }

    static Object slice(OnnxNode node, GraphReader graph) throws FileFault {
        long[] values = graph.whole(node, 0);
        long start = one(node, graph, 1, "starts", 0);
        long end = one(node, graph, 2, "ends", 0);
        if (one(node, graph, 3, "axes", 0) != 0 || one(node, graph, 4, "steps", 1) != 1) {
            throw node.fault("a slice of neighbours", "another", NEVER);
        }
        int from = place(start, values.length);
        return vector(node, Arrays.copyOfRange(values, from, Math.max(from, place(end, values.length))));
    }

    private static int place(long place, int length) {
        return (int) Math.max(0, Math.min(length, place < 0 ? place + length : place));
    }

    private static long one(OnnxNode node, GraphReader graph, int input, String attribute, long absent)
            throws FileFault {
        long[] values = graph.has(node, input) ? graph.whole(node, input) : node.integers(attribute, 1, absent);
        if (values.length != 1) {
            throw node.fault("one of " + attribute, "" + values.length, NEVER);
        }
        return values[0];
    }

    static Object concat(OnnxNode node, GraphReader graph) throws FileFault {
        long[] all = {};
        for (int i = 0; i < node.inputs().size(); i++) {
            long[] more = graph.whole(node, i);
            if (all.length + more.length > MOST) {
                throw node.fault("at most " + MOST + " sizes", "more", NEVER);
            }
            int length = all.length;
            all = Arrays.copyOf(all, length + more.length);
            System.arraycopy(more, 0, all, length, more.length);
        }
        return vector(node, all);
    }

    /** A constant of other dimensions. */
    static StoredTensor reshaped(OnnxNode node, StoredTensor constant, long[] target) throws FileFault {
        long known = 1;
        for (long size : target) {
            known = size == -1 || known > Integer.MAX_VALUE ? known : known * size;
        }
        int count = length(constant);
        int[] sizes = new int[target.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (int) (target[i] == -1 && known > 0 ? count / known : target[i]);
        }
        long product = 1;
        for (int size : sizes) {
            product = size < 1 || product > count ? 0 : product * size;
        }
        if (product != count) {
            throw node.fault(count + " values", Arrays.toString(target), NEVER);
        }
        return new StoredTensor(constant.name(), sizes, constant.numbers(), constant.position());
    }

    private static int length(StoredTensor constant) {
        return constant.numbers() instanceof long[] whole ? whole.length : constant.isReal() ? constant.count() : -1;
    }

    static StoredTensor unsqueezed(OnnxNode node, StoredTensor constant, long[] axes) throws FileFault {
        int[] sizes = constant.sizes();
        int dimensions = sizes.length + axes.length;
        long[] target = new long[dimensions];
        for (long axis : axes) {
            long place = axis < 0 ? axis + dimensions : axis;
            if (place < 0 || place >= dimensions) {
                throw node.fault("axes below " + dimensions, Arrays.toString(axes), NEVER);
            }
            target[(int) place] = 1;
        }
        int next = 0;
        for (int i = 0; i < dimensions; i++) {
            if (target[i] == 0 && next < sizes.length) {
                target[i] = sizes[next++];
            }
        }
        return reshaped(node, constant, target);
    }

    /** A matrix turned over. */
    static StoredTensor transposed(OnnxNode node, StoredTensor constant) throws FileFault {
        int[] sizes = constant.sizes();
        long[] order = node.integers("perm", 2, -1);
        if (sizes.length != 2 || !constant.isReal() || order[0] == 0) {
            throw node.fault("a matrix of weights", constant.toString(), NEVER);
        }
        double[] values = new double[constant.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = constant.value(i % sizes[0] * sizes[1] + i / sizes[0]);
        }
        return new StoredTensor(constant.name(), new int[] {sizes[1], sizes[0]}, values, constant.position());
    }
}
