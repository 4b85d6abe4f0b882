package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.Shape;
import java.util.Arrays;

/** Operators that change no value, only its dimensions; and padding, which waits for its convolution. */
final class FormOperators {
    private static final String NEVER = "Such a model cannot be imported.";

    private FormOperators() {}

    static Object identity(OnnxNode node, GraphReader graph) throws FileFault {
        return graph.value(node, 0) instanceof StoredTensor constant
                ? constant
                : same(node, graph.stepMaybePadded(node, 0));
    }

    private static Operation same(OnnxNode node, Operation operation) {
        return Operation.form(node, operation, operation.flat, operation.channelsLast);
    }

    static Object cast(OnnxNode node, GraphReader graph) throws FileFault {
        long to = node.integer("to", 0);
        boolean toFloat = to == Onnx.FLOAT32 || to == Onnx.FLOAT64 || to == Onnx.FLOAT16;
        Object value = graph.value(node, 0);
        boolean isFloat = value instanceof Operation || ((StoredTensor) value).isReal();
        if (isFloat != toFloat || !toFloat && to != Onnx.INT64 && to != Onnx.INT32) {
            throw node.fault("numbers of the same kind", "type " + to, NEVER);
        }
        return identity(node, graph);
    }

    static Object flatten(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.operation(node, 0);
        long axis = node.integer("axis", 1);
        if (axis != 1 && axis != (before.flat ? -1 : -3)) {
            throw node.fault("each image flattened, axis 1", "axis " + axis, NEVER);
        }
        return Operation.form(node, before, true, before.channelsLast);
    }

    static Object reshape(OnnxNode node, GraphReader graph) throws FileFault {
        long[] target = graph.whole(node, 1);
        if (graph.value(node, 0) instanceof StoredTensor constant) {
            return ConstantOperators.reshaped(node, constant, target);
        }
        Operation before = graph.operation(node, 0);
        int[] sizes = target.length > 0 && isBatch(target[0], graph) ? sizes(target, before) : new int[0];
        Operation planes = Operation.form(node, before, false, before.channelsLast);
        if (sizes.length == 1) {
            return Operation.form(node, before, true, before.channelsLast);
        }
        if (Arrays.equals(sizes, planes.sizes())) {
            return planes;
        }
        throw node.fault(
                "the batch, and " + before.shape.size() + " or " + StoredTensor.sizes(planes.sizes()),
                Arrays.toString(target).replace("" + GraphReader.BATCH, "batch"),
                "Other shapes cannot be imported.");
    }

    private static boolean isBatch(long size, GraphReader graph) {
        return size == 0 || size == -1 || size == graph.batch();
    }

    /** The sizes after the batch's, with those that are left open (0: as before, -1: what fits); none if they do not fit. */
    private static int[] sizes(long[] target, Operation before) {
        int[] sizes = new int[target.length - 1];
        long known = 1;
        int open = target[0] == -1 ? -2 : -1;
        for (int i = 0; i < sizes.length; i++) {
            boolean kept = target[i + 1] == 0 && i < before.sizes().length;
            long size = kept ? before.sizes()[i] : target[i + 1];
            if (size == -1 && open == -1) {
                open = i;
            } else if (size < 1 || known * size > before.shape.size()) {
                return new int[0];
            } else {
                sizes[i] = (int) size;
                known *= size;
            }
        }
        if (open >= 0) {
            sizes[open] = (int) (before.shape.size() / known);
            known *= sizes[open];
        }
        return known == before.shape.size() ? sizes : new int[0];
    }

    static Object squeeze(OnnxNode node, GraphReader graph) throws FileFault {
        long[] axes = axes(node, graph);
        if (graph.value(node, 0) instanceof StoredTensor constant) {
            return ConstantOperators.reshaped(node, constant, new long[] {-1});
        }
        Operation before = graph.operation(node, 0);
        checkAxes(node, before, axes, !before.flat);
        return Operation.form(node, before, true, false);
    }

    static Object unsqueeze(OnnxNode node, GraphReader graph) throws FileFault {
        long[] axes = axes(node, graph);
        if (graph.value(node, 0) instanceof StoredTensor constant) {
            return ConstantOperators.unsqueezed(node, constant, axes);
        }
        Operation before = graph.operation(node, 0);
        checkAxes(node, before, axes, before.flat);
        return Operation.form(node, before, false, false);
    }

    /** An attribute up to opset 12, an input after it. */
    private static long[] axes(OnnxNode node, GraphReader graph) throws FileFault {
        if (graph.has(node, 1)) {
            return graph.whole(node, 1).clone();
        }
        return node.attributes().get("axes") instanceof long[] axes ? axes.clone() : new long[0];
    }

    private static void checkAxes(OnnxNode node, Operation before, long[] axes, boolean possible) throws FileFault {
        for (int i = 0; i < axes.length; i++) {
            axes[i] += axes[i] < 0 ? 4 : 0;
        }
        Arrays.sort(axes);
        Shape shape = before.shape;
        if (!possible || shape.height() * shape.width() > 1 || !Arrays.equals(axes, new long[] {2, 3})) {
            throw node.fault(
                    "axes 2 and 3, of one row and column",
                    Arrays.toString(axes) + " of " + StoredTensor.sizes(before.sizes()),
                    NEVER);
        }
    }

    static Object transpose(OnnxNode node, GraphReader graph) throws FileFault {
        if (graph.value(node, 0) instanceof StoredTensor constant) {
            return ConstantOperators.transposed(node, constant);
        }
        Operation before = graph.operation(node, 0);
        long[] order = node.integers("perm", 4, 0);
        boolean toPlanes = before.channelsLast && Arrays.equals(order, new long[] {0, 3, 1, 2});
        boolean toChannels = !before.channelsLast && Arrays.equals(order, new long[] {0, 2, 3, 1});
        if (before.flat || !toPlanes && !toChannels) {
            throw node.fault("channels moved to the end or back", "perm " + Arrays.toString(order), NEVER);
        }
        return Operation.form(node, before, false, toChannels);
    }

    static Object pad(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, 0);
        long[] pads = graph.has(node, 1) ? ofAllAxes(node, graph) : node.integers("pads", 8, 0);
        boolean zero = graph.has(node, 2) ? graph.number(node, 2) == 0 : node.decimal("value", 0) == 0;
        boolean plain = pads.length == 8 && node.text("mode", "constant").equals("constant") && zero;
        for (int i = 0; plain && i < pads.length; i++) {
            plain = i % 4 < 2 ? pads[i] == 0 : pads[i] >= 0 && pads[i] < Integer.MAX_VALUE / 4;
        }
        if (!plain) {
            throw node.fault(
                    "zeros around rows and columns",
                    node.text("mode", "constant") + " " + Arrays.toString(pads),
                    "Such layers cannot be imported yet.");
        }
        if (Arrays.equals(pads, new long[8])) { // as PyTorch writes before some pools
            return same(node, before);
        }
        return Operation.padded(node, before, new int[] {(int) pads[2], (int) pads[3], (int) pads[6], (int) pads[7]});
    }

    /** Cells before the first to the last axis, then those after them. */
    private static long[] ofAllAxes(OnnxNode node, GraphReader graph) throws FileFault {
        long[] pads = graph.whole(node, 1);
        if (!graph.has(node, 3)) {
            return pads;
        }
        long[] axes = graph.whole(node, 3);
        long[] all = new long[8];
        for (int i = 0; i < axes.length; i++) {
            if (axes[i] < -4 || axes[i] > 3 || pads.length != 2 * axes.length) {
                throw node.fault("two sizes for each of up to 4 axes", Arrays.toString(axes), "Correct the model.");
            }
            int axis = Math.floorMod(axes[i], 4);
            all[axis] = pads[i];
            all[axis + 4] = pads[i + axes.length];
        }
        return all;
    }
}
