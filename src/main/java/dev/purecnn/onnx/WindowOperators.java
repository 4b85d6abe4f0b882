package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
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
    private final Step before;

    /** One direction: lengths in cells, and cells before and after. */
    private record Axis(int length, int window, int stride, int dilation, int first, int last, boolean up) {
        /** Rounded up, the last window must start within the image or what is before it. */
        long output() {
            long rest = (long) length + first + last - reach();
            long outputs = Math.floorDiv(rest, stride) + 1;
            boolean more = up && Math.floorMod(rest, stride) > 0 && outputs * stride < (long) length + first;
            return more ? outputs + 1 : outputs;
        }

        /** How many cells the window covers. */
        long reach() {
            return (long) dilation * (window - 1) + 1;
        }
    }

    private WindowOperators(OnnxNode node, Step before, long[] window) throws FileFault {
        this.node = node;
        this.before = before;
        int[] sizes = small(window, 1, "kernel_shape");
        int[] strides = small(node.integers("strides", 2, 1), 1, "strides");
        int[] dilations = small(node.integers("dilations", 2, 1), 1, "dilations");
        int[] pads = small(node.integers("pads", 4, 0), 0, "pads");
        boolean up = node.integer("ceil_mode", 0) != 0;
        String auto = node.text("auto_pad", "NOTSET");
        for (int i = 0; i < 2; i++) {
            int length = i == 0 ? before.shape.height() : before.shape.width();
            long first = pads[i];
            long last = pads[i + 2];
            if (auto.startsWith("SAME_")) {
                long reach = (long) dilations[i] * (sizes[i] - 1) + 1;
                long total = Math.max(0, (long) (length - 1) / strides[i] * strides[i] + reach - length);
                first = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
                last = total - first;
            } else if (!auto.equals("NOTSET")) {
                first = 0;
                last = 0;
            }
            if (before.pads != null) {
                first += before.pads[i];
                last += before.pads[i + 2];
            }
            Math.toIntExact(first + length + last);
            axes[i] = new Axis(length, sizes[i], strides[i], dilations[i], (int) first, (int) last, up);
            if (first + length + last < axes[i].reach()) {
                throw node.fault("a window that fits into " + before.shape, "a larger one", "Correct the model.");
            }
        }
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
        Step before = graph.planes(node, graph.stepMaybePadded(node, 0));
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
        return Step.layer(
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

    static Object averagePool(OnnxNode node, GraphReader graph) throws FileFault {
        WindowOperators window = pool(node, graph);
        Axis rows = window.axes[0];
        Axis cols = window.axes[1];
        Shape shape = window.before.shape;
        if (rows.window == shape.height() && cols.window == shape.width() && rows.output() * cols.output() == 1) {
            return mean(node, window.before, false);
        }
        var builder = AveragePoolingLayer.builder(rows.window, cols.window)
                .stride(rows.stride, cols.stride)
                .dilation(rows.dilation, cols.dilation)
                .padding(rows.first, cols.first, rows.last, cols.last);
        if (rows.up) {
            builder.roundUp();
        }
        if (node.integer("count_include_pad", 0) != 0) {
            builder.countPadding();
        }
        return window.layer(builder::build);
    }

    private static WindowOperators pool(OnnxNode node, GraphReader graph) throws FileFault {
        return new WindowOperators(node, graph.planes(node, 0), node.integers("kernel_shape", 2, -1));
    }

    private Step layer(Supplier<Layer> maker) {
        return Step.layer(node, before, bias -> maker.get(), List.of(), output(before.shape.channels()), false);
    }

    static Object globalAveragePool(OnnxNode node, GraphReader graph) throws FileFault {
        return mean(node, graph.planes(node, 0), false);
    }

    static Object reduceMean(OnnxNode node, GraphReader graph) throws FileFault {
        Step before = graph.step(node, 0);
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

    private static Step mean(OnnxNode node, Step before, boolean flat) {
        return Step.layer(
                node,
                before,
                bias -> new GlobalAveragePoolingLayer(),
                List.of(),
                Shape.vector(before.shape.channels()),
                flat);
    }
}
