package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/** What one node does to images, or a few together: a layer, a join of branches, or nothing but another form. */
final class Operation {
    /** Another form of the same values, a layer, one that may become the output layer, a join of several values, or an end. */
    enum Kind {
        FORM,
        LAYER,
        DENSE,
        SUM,
        CONCATENATION,
        PRODUCT,
        SOFTMAX,
        LOG_SOFTMAX
    }

    /** Makes a layer, with or without biases if it may have some. */
    interface Maker {
        Layer make(boolean bias);
    }

    final OnnxNode node;
    final Kind kind;
    /** What it takes, or where the branches part that it joins; null for the images themselves. */
    final Operation before;
    /** What it joins; empty for others. */
    final List<Operation> parts;

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
    /** Whether the network has it already. */
    boolean visited;

    private Operation(
            OnnxNode node,
            Kind kind,
            Operation before,
            List<Operation> parts,
            Maker layer,
            List<IntToDoubleFunction> values,
            Shape shape,
            boolean flat,
            boolean channelsLast,
            int[] pads) {
        this.node = node;
        this.kind = kind;
        this.before = before;
        this.parts = parts;
        this.layer = layer;
        this.values = values;
        this.shape = shape;
        this.flat = flat;
        this.channelsLast = channelsLast;
        this.pads = pads;
    }

    static Operation images(Shape shape, boolean flat, boolean channelsLast) {
        return new Operation(null, Kind.FORM, null, List.of(), null, List.of(), shape, flat, channelsLast, null);
    }

    /** A layer that changes no shape. */
    static Operation layer(OnnxNode node, Operation before, Supplier<Layer> layer) {
        return layer(node, before, bias -> layer.get(), List.of(), before.shape, before.flat);
    }

    static Operation layer(
            OnnxNode node, Operation before, Maker layer, List<IntToDoubleFunction> values, Shape shape, boolean flat) {
        return layer(node, Kind.LAYER, before, layer, values, shape, flat);
    }

    static Operation layer(
            OnnxNode node,
            Kind kind,
            Operation before,
            Maker layer,
            List<IntToDoubleFunction> values,
            Shape shape,
            boolean flat) {
        boolean channelsLast = before.channelsLast && shape.equals(before.shape) && shape.height() * shape.width() > 1;
        return new Operation(node, kind, before, List.of(), layer, values, shape, flat, channelsLast, null);
    }

    /** The same values in two or four dimensions. */
    static Operation form(OnnxNode node, Operation before, boolean flat, boolean channelsLast) {
        return new Operation(
                node, Kind.FORM, before, List.of(), null, List.of(), before.shape, flat, channelsLast, before.pads);
    }

    static Operation padded(OnnxNode node, Operation before, int[] pads) {
        return new Operation(
                node,
                Kind.FORM,
                before,
                List.of(),
                null,
                List.of(),
                before.shape,
                before.flat,
                before.channelsLast,
                pads);
    }

    /** The branches part at the last operation that all parts come from. */
    static Operation join(OnnxNode node, Kind kind, List<Operation> parts, Shape shape) {
        Operation fork = parts.get(0);
        for (Operation part : parts) {
            Operation other = part;
            while (fork != other) {
                if (fork.number > other.number) {
                    fork = fork.before;
                } else {
                    other = other.before;
                }
            }
        }
        Operation first = parts.get(0);
        return new Operation(node, kind, fork, parts, null, List.of(), shape, first.flat, first.channelsLast, null);
    }

    static Operation end(OnnxNode node, Operation before, Kind kind) {
        return new Operation(node, kind, before, List.of(), null, List.of(), before.shape, before.flat, false, null);
    }

    /** Makes the layer, new at each call. */
    Layer newLayer() throws FileFault {
        try {
            return layer.make(values.size() == 2 && values.get(1) != null);
        } catch (IllegalArgumentException e) { // no layer has such options
            throw node.fault(e.getMessage());
        }
    }

    /** Whether a constant of these sizes has one value for each channel, and one in all other dimensions. */
    boolean isPerChannel(int[] sizes) {
        int after = flat || channelsLast ? 0 : 2; // dimensions after that of channels
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        return count == shape.channels()
                && sizes.length > after
                && sizes[sizes.length - 1 - after] == count
                && !(flat && shape.size() > count);
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
