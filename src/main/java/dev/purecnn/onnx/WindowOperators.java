package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.List;

/** Operators that slide a window over images. */
final class WindowOperators {
    private static final String LATER = "Such layers cannot be imported yet.";

    /** The window along rows and along columns. */
    private final Axis[] axes = new Axis[2];

    private final OnnxNode node;
    private final Step before;

    /** One direction: lengths in cells, and zeros before and after. */
    private record Axis(long length, long window, long stride, long dilation, long first, long last) {
        long output() {
            return outputs(stride);
        }

        /** With another stride. */
        long outputs(long step) {
            return Math.floorDiv(length + first + last - reach(), step) + 1;
        }

        /** Whether another stride leaves all windows where they are. */
        boolean takes(long step) {
            return step == stride || output() == 1 && outputs(step) == 1;
        }

        /** How many cells the window covers. */
        long reach() {
            return dilation * (window - 1) + 1;
        }

        /** As many outputs, but the same zeros on both sides; those that no window reaches do not count. */
        boolean isLike(long padding) {
            return first == padding && output() == new Axis(length, window, stride, dilation, first, first).output();
        }
    }

    private WindowOperators(OnnxNode node, Step before, long[] window) throws FileFault {
        this.node = node;
        this.before = before;
        long[] strides = small(node.integers("strides", 2, 1), 1, "strides");
        long[] dilations = small(node.integers("dilations", 2, 1), 1, "dilations");
        long[] pads = small(node.integers("pads", 4, 0), 0, "pads");
        String auto = node.text("auto_pad", "NOTSET");
        small(window, 1, "kernel_shape");
        for (int i = 0; i < 2; i++) {
            long length = i == 0 ? before.shape.height() : before.shape.width();
            Axis bare = new Axis(length, window[i], strides[i], dilations[i], 0, 0);
            long first = pads[i];
            long last = pads[i + 2];
            if (auto.startsWith("SAME_")) {
                long total = Math.max(0, (length - 1) / bare.stride * bare.stride + bare.reach() - length);
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
            axes[i] = new Axis(length, window[i], strides[i], dilations[i], first, last);
            if (axes[i].output() < 1) {
                throw node.fault("a window that fits into " + before.shape, "a larger one", "Correct the model.");
            }
        }
    }

    private long[] small(long[] values, int least, String name) throws FileFault {
        for (long value : values) {
            if (value < least || value > Integer.MAX_VALUE) {
                throw node.fault(name + " from " + least, Arrays.toString(values), "Correct the model.");
            }
        }
        return values;
    }

    private Shape output(int channels) {
        return Shape.of(channels, Math.toIntExact(axes[0].output()), Math.toIntExact(axes[1].output()));
    }

    /** The stride of both directions, or that of one beside a single output in the other. */
    private int stride() throws FileFault {
        for (Axis axis : axes) {
            if (axes[0].takes(axis.stride) && axes[1].takes(axis.stride)) {
                return (int) axis.stride;
            }
        }
        throw node.fault("the same stride down and across", axes[0].stride + " and " + axes[1].stride, LATER);
    }

    /** The dilation of both directions; that of a single cell does not matter. */
    private int dilation() throws FileFault {
        if (axes[0].window == 1) {
            return axes[1].window == 1 ? 1 : (int) axes[1].dilation;
        }
        if (axes[1].window > 1 && axes[0].dilation != axes[1].dilation) {
            throw node.fault("the same dilation down and across", axes[0].dilation + " and " + axes[1].dilation, LATER);
        }
        return (int) axes[0].dilation;
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
        var builder = ConvolutionalLayer.builder(before.shape.channels(), sizes[0])
                .filterSize(sizes[2], sizes[3])
                .groups((int) groups)
                .stride(window.stride())
                .dilation(window.dilation());
        Axis rows = window.axes[0];
        Axis columns = window.axes[1];
        if (columns.isLike(rows.first) && rows.isLike(rows.first)) {
            builder.padding((int) rows.first);
        } else if (!rows.isLike((rows.reach() - 1) / 2) || !columns.isLike((columns.reach() - 1) / 2)) {
            throw node.fault(
                    "the same padding on all sides, or that which keeps the size of images",
                    "above, left, below, right " + List.of(rows.first, columns.first, rows.last, columns.last),
                    LATER);
        }
        return Step.layer(
                node,
                before,
                bias -> builder.bias(bias).build(),
                WeightOperators.values(weights::value, WeightOperators.bias(node, graph, 2, sizes[0])),
                window.output(sizes[0]),
                false);
    }

    static Object maxPool(OnnxNode node, GraphReader graph) throws FileFault {
        Step before = graph.planes(node, 0);
        WindowOperators window = pool(node, before);
        int size = (int) window.axes[0].window;
        int stride = window.stride();
        return Step.layer(
                node,
                before,
                bias -> new MaxPoolingLayer(size, stride),
                List.of(),
                window.output(before.shape.channels()),
                false);
    }

    static Object averagePool(OnnxNode node, GraphReader graph) throws FileFault {
        Step before = graph.planes(node, 0);
        long[] size = node.integers("kernel_shape", 2, -1);
        Shape shape = before.shape;
        boolean all = size[0] != size[1] && size[0] == shape.height() && size[1] == shape.width();
        if (all && Arrays.equals(node.integers("pads", 4, 0), new long[4])) {
            return mean(node, before, false);
        }
        WindowOperators window = pool(node, before);
        int edge = (int) window.axes[0].window;
        int stride = window.stride();
        return Step.layer(
                node,
                before,
                bias -> new AveragePoolingLayer(edge, stride),
                List.of(),
                window.output(shape.channels()),
                false);
    }

    private static WindowOperators pool(OnnxNode node, Step before) throws FileFault {
        long[] size = node.integers("kernel_shape", 2, -1);
        WindowOperators window = new WindowOperators(node, before, size);
        for (Axis axis : window.axes) {
            boolean more = node.integer("ceil_mode", 0) != 0
                    && (axis.length + axis.first + axis.last - axis.reach()) % axis.stride != 0;
            if (!axis.isLike(0) || more || axis.dilation != 1 || size[0] != size[1]) {
                throw node.fault(
                        "a pool of square windows without padding, dilation or incomplete windows",
                        "a window of " + size[0] + " x " + size[1] + (more ? ", ceil_mode" : "") + ", padding "
                                + axis.first + " and " + axis.last + ", dilation " + axis.dilation,
                        LATER);
            }
        }
        return window;
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
