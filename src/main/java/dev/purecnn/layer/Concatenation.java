package dev.purecnn.layer;

import java.util.List;

/** Channels of all branches, one branch's after the other's. */
final class Concatenation extends Join {
    private final Shape shape;
    private final int[] sizes;
    /** Where each branch's values start in those of one image. */
    private final int[] starts;

    Concatenation(List<Shape> outputs) {
        int height = outputs.get(0).height();
        int width = outputs.get(0).width();
        int channels = 0;
        sizes = new int[outputs.size()];
        starts = new int[outputs.size()];
        for (int b = 0; b < sizes.length; b++) {
            Shape output = outputs.get(b);
            if (output.height() != height || output.width() != width) {
                throw mismatch(
                        "equal heights and widths", outputs, "Use the same strides and padding in all branches.");
            }
            sizes[b] = output.size();
            starts[b] = channels * height * width;
            channels = Math.addExact(channels, output.channels());
        }
        shape = Shape.of(channels, height, width);
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    void forward(double[][] outputs, double[] joined) {
        for (int b = 0; b < sizes.length; b++) {
            for (int from = 0, to = starts[b]; from < outputs[b].length; from += sizes[b], to += shape.size()) {
                System.arraycopy(outputs[b], from, joined, to, sizes[b]);
            }
        }
    }

    @Override
    boolean passesGradient(int branch) {
        return false;
    }

    @Override
    void backprop(int branch, double[] joinedGradient, double[][] outputs, double[] gradient) {
        for (int from = starts[branch], to = 0; to < gradient.length; from += shape.size(), to += sizes[branch]) {
            System.arraycopy(joinedGradient, from, gradient, to, sizes[branch]);
        }
    }
}
