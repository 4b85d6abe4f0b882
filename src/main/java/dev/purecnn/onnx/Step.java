package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/** What one node does to images, or a few together: a layer, an addition, or nothing but another form. */
final class Step {
    /** Another form of the same values, a layer, one that may become the output layer, a sum of two, or an end. */
    enum Kind {
        FORM,
        LAYER,
        DENSE,
        SUM,
        SOFTMAX,
        LOG_SOFTMAX
    }

    /** Makes a layer, with or without biases if it may have some. */
    interface Maker {
        Layer make(boolean bias);
    }

    final OnnxNode node;
    final Kind kind;
    /** What it takes; null for the images themselves. */
    final Step before;
    /** The other summand. */
    final Step around;

    final Maker layer;
    /** The values of the layer's parameters by index; null for biases that it does not have. */
    final List<IntToDoubleFunction> values;

    final Shape shape;
    /** Whether it has two dimensions in ONNX, not four. */
    final boolean flat;
    /** Whether channels are its last dimension, or were before it was flattened. */
    final boolean channelsLast;
    /** Zeros around it that are still to come: above, left, below, right. */
    final int[] pads;

    /** A place in the order of nodes. */
    int number;
    /** How many nodes take it, and how many of these uses the network has. */
    int uses;

    int taken;

    private Step(
            OnnxNode node,
            Kind kind,
            Step before,
            Step around,
            Maker layer,
            List<IntToDoubleFunction> values,
            Shape shape,
            boolean flat,
            boolean channelsLast,
            int[] pads) {
        this.node = node;
        this.kind = kind;
        this.before = before;
        this.around = around;
        this.layer = layer;
        this.values = values;
        this.shape = shape;
        this.flat = flat;
        this.channelsLast = channelsLast;
        this.pads = pads;
    }

    static Step images(Shape shape, boolean flat, boolean channelsLast) {
        return new Step(null, Kind.FORM, null, null, null, List.of(), shape, flat, channelsLast, null);
    }

    /** A layer that changes no shape. */
    static Step layer(OnnxNode node, Step before, Supplier<Layer> layer) {
        return layer(node, before, bias -> layer.get(), List.of(), before.shape, before.flat);
    }

    static Step layer(
            OnnxNode node, Step before, Maker layer, List<IntToDoubleFunction> values, Shape shape, boolean flat) {
        boolean channelsLast = before.channelsLast && shape.equals(before.shape) && shape.height() * shape.width() > 1;
        Kind kind = flat && values.size() == 2 ? Kind.DENSE : Kind.LAYER;
        return new Step(node, kind, before, null, layer, values, shape, flat, channelsLast, null);
    }

    /** The same values in two or four dimensions. */
    static Step form(OnnxNode node, Step before, boolean flat, boolean channelsLast) {
        return new Step(node, Kind.FORM, before, null, null, List.of(), before.shape, flat, channelsLast, before.pads);
    }

    static Step padded(OnnxNode node, Step before, int[] pads) {
        return new Step(
                node, Kind.FORM, before, null, null, List.of(), before.shape, before.flat, before.channelsLast, pads);
    }

    static Step sum(OnnxNode node, Step before, Step around) {
        return new Step(
                node, Kind.SUM, before, around, null, List.of(), before.shape, before.flat, before.channelsLast, null);
    }

    static Step end(OnnxNode node, Step before, Kind kind) {
        return new Step(node, kind, before, null, null, List.of(), before.shape, before.flat, false, null);
    }

    /** Makes the layer, new at each call. */
    Layer newLayer() throws FileFault {
        try {
            return layer.make(values.size() == 2 && values.get(1) != null);
        } catch (IllegalArgumentException e) { // no layer has such options
            throw node.fault(e.getMessage());
        }
    }

    /** The values of one image in ONNX's dimensions, without that of images. */
    int[] sizes() {
        if (flat) {
            return new int[] {shape.size()};
        }
        return channelsLast
                ? new int[] {shape.height(), shape.width(), shape.channels()}
                : new int[] {shape.channels(), shape.height(), shape.width()};
    }
}
