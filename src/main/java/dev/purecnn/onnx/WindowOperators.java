package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.GlobalMaxPoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Operators that slide a window over images. */
final class WindowOperators {
    private static final String LATER = "Such layers cannot be imported yet.";

    /** The window along rows and along columns. */
    private final Axis[] axes = new Axis[2];

    private final OnnxNode node;
    private final Operation before;
    /** Whether the node itself has padding, beside that of a Pad before it. */
    private boolean own;

    /** One direction: lengths in cells, and cells before and after. */
    private record Axis(int length, int window, int stride, int dilation, int first, int last, boolean up) {
        /** Rounded up, the last window must start within the image or what is before it. */
        long output() {
            long rest = (long) length + first + last - reach();
            long outputs = Math.floorDiv(rest, stride) + 1;
            boolean more = up && Math.floorMod(rest, stride) > 0 && outputs * stride < (long) length + first;
            return more ? outputs + 1 : outputs;
        }

        /** The same for a line without these cells, which become padding. */
        Axis cut(int before, int after) {
            int rest = length - before - after;
            int start = Math.addExact(first, before);
            int end = Math.addExact(last, after);
            Math.addExact(Math.addExact(start, rest), end); // so that no place overflows
            return new Axis(rest, window, stride, dilation, start, end, up);
        }

        /** How many cells the window covers. */
        long reach() {
            return (long) dilation * (window - 1) + 1;
        }
    }

    private WindowOperators(OnnxNode node, Operation before, long[] window) throws FileFault {
        this.node = node;
        this.before = before;
        int[] sizes = small(window, 1, "kernel_shape");
        int[] strides = small(node.integers("strides", 2, 1), 1, "strides");
        int[] dilations = small(node.integers("dilations", 2, 1), 1, "dilations");
        int[] zeros = before.pads == null ? new int[4] : before.pads;
        boolean up = node.integer("ceil_mode", 0) != 0;
        for (int i = 0; i < 2; i++) {
            int length = i == 0 ? before.shape.height() : before.shape.width();
            int padded = Math.addExact(Math.addExact(zeros[i], length), zeros[i + 2]);
            long[] around = around(i, padded, (long) dilations[i] * (sizes[i] - 1) + 1, strides[i]);
            int first = Math.toIntExact(around[0]);
            int last = Math.toIntExact(around[1]);
            own |= first + last > 0;
            Axis whole = new Axis(padded, sizes[i], strides[i], dilations[i], first, last, up);
            axes[i] = whole.cut(zeros[i], zeros[i + 2]);
            if (axes[i].output() < 1) {
                throw node.fault("a window that fits into " + before.shape, "a larger one", "Correct the model.");
            }
            if (axes[i].output() != whole.output()) {
                throw node.fault("a last window that starts within the images", "one in the zeros of a Pad", LATER);
            }
        }
    }

    /** The padding before and after a line that the node itself has. */
    private long[] around(int axis, long length, long reach, int stride) throws FileFault {
        String auto = node.text("auto_pad", "NOTSET");
        if (auto.startsWith("SAME_")) {
            long both = Math.max(0, (length - 1) / stride * stride + reach - length);
            long before = auto.equals("SAME_UPPER") ? both / 2 : both - both / 2;
            return new long[] {before, both - before};
        }
        int[] pads = small(node.integers("pads", 4, 0), 0, "pads");
        return auto.equals("NOTSET") ? new long[] {pads[axis], pads[axis + 2]} : new long[2];
    }

    private int[] small(long[] values, int least, String name) throws FileFault {
        for (long value : values) {
            if (value < least || value > Integer.MAX_VALUE) {
                throw node.fault(name + " from " + least, Arrays.toString(values), "Correct the model.");
            }
        }
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    private Shape output(int channels) {
        return Shape.of(channels, Math.toIntExact(axes[0].output()), Math.toIntExact(axes[1].output()));
    }

    static Object conv(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, graph.stepMaybePadded(node, 0));
        StoredTensor weights = graph.tensor(node, 1, 4);
        int[] sizes = weights.sizes();
        WindowOperators window = new WindowOperators(node, before, new long[] {sizes[2], sizes[3]});
        long groups = node.integer("group", 1);
        if (groups < 1 || groups > sizes[0] || sizes[1] * groups != before.shape.channels()) {
            throw node.fault(
                    before.shape.channels() + " channels in " + groups + " groups",
                    weights.toString(),
                    "Correct the model.");
        }
        graph.take(node, (long) weights.count() + sizes[0]);
        Axis rows = window.axes[0];
        Axis cols = window.axes[1];
        var builder = ConvolutionalLayer.builder(before.shape.channels(), sizes[0])
                .filterSize(sizes[2], sizes[3])
                .groups((int) groups)
                .stride(rows.stride, cols.stride)
                .dilation(rows.dilation, cols.dilation)
                .padding(rows.first, cols.first, rows.last, cols.last);
        return Operation.layer(
                node,
                before,
                bias -> builder.bias(bias).build(),
                WeightOperators.values(weights::value, WeightOperators.bias(node, graph, 2, sizes[0])),
                window.output(sizes[0]),
                false);
    }

    static Object maxPool(OnnxNode node, GraphReader graph) throws FileFault {
        if (node.integer("storage_order", 0) != 0 || node.outputs().size() > 1) {
            throw node.fault("one output", "the places of maxima as well", "Such a model cannot be imported.");
        }
        WindowOperators window = pool(node, graph);
        if (window.isPadded() && !isPositive(window.before)) {
            throw node.fault("a Relu before the Pad, whose zeros could win otherwise", "another operator", LATER);
        }
        Axis rows = window.axes[0];
        Axis cols = window.axes[1];
        var builder = MaxPoolingLayer.builder(rows.window, cols.window)
                .stride(rows.stride, cols.stride)
                .dilation(rows.dilation, cols.dilation)
                .padding(rows.first, cols.first, rows.last, cols.last);
        if (rows.up) {
            builder.roundUp();
        }
        return window.layer(builder::build);
    }

    /** Whether no value is below 0, so that zeros around them change no maximum. */
    private static boolean isPositive(Operation operation) {
        Operation maker = operation;
        while (maker.kind == Operation.Kind.FORM && maker.before != null) {
            maker = maker.before;
        }
        return maker.node != null && maker.node.operator().equals("Relu");
    }

    static Object averagePool(OnnxNode node, GraphReader graph) throws FileFault {
        WindowOperators window = pool(node, graph);
        boolean counted = node.integer("count_include_pad", 0) != 0;
        if (window.isPadded() && window.own && !counted) {
            throw node.fault("padding that counts, as the Pad before does", "count_include_pad=0", LATER);
        }
        Axis rows = window.axes[0];
        Axis cols = window.axes[1];
        var builder = AveragePoolingLayer.builder(rows.window, cols.window)
                .stride(rows.stride, cols.stride)
                .dilation(rows.dilation, cols.dilation)
                .padding(rows.first, cols.first, rows.last, cols.last);
        if (rows.up) {
            builder.roundUp();
        }
        if (counted || window.isPadded()) {
            builder.countPadding();
        }
        return window.layer(builder::build);
    }

    private static WindowOperators pool(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, graph.stepMaybePadded(node, 0));
        return new WindowOperators(node, before, node.integers("kernel_shape", 2, -1));
    }

    private boolean isPadded() {
        return before.pads != null;
    }

    private Operation layer(Supplier<Layer> maker) {
        return Operation.layer(node, before, bias -> maker.get(), List.of(), output(before.shape.channels()), false);
    }

    static Object globalAveragePool(OnnxNode node, GraphReader graph) throws FileFault {
        return mean(node, graph.planes(node, 0), false);
    }

    static Object globalMaxPool(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, 0);
        Shape output = Shape.vector(before.shape.channels());
        return Operation.layer(node, before, bias -> new GlobalMaxPoolingLayer(), List.of(), output, false);
    }

    static Object reduceMean(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.operation(node, 0);
        long[] axes = graph.opset() >= 18 && graph.has(node, 1)
                ? graph.whole(node, 1).clone()
                : node.integers("axes", 2, 0).clone();
        for (int i = 0; i < axes.length; i++) {
            axes[i] += axes[i] < 0 ? 4 : 0;
        }
        Arrays.sort(axes);
        int rows = before.channelsLast ? 1 : 2;
        if (before.flat || !Arrays.equals(axes, new long[] {rows, rows + 1})) {
            throw node.fault("a mean over rows and columns", "axes " + Arrays.toString(axes), LATER);
        }
        return mean(node, before, node.integer("keepdims", 1) == 0);
    }

    private static Operation mean(OnnxNode node, Operation before, boolean flat) {
        return Operation.layer(
                node,
                before,
                bias -> new GlobalAveragePoolingLayer(),
                List.of(),
                Shape.vector(before.shape.channels()),
                flat);
    }
}
