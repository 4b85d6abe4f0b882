package dev.purecnn.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A pool by its definition: windows are lists of the cells that they meet. */
record NaivePooling(
        Shape input, int[] size, int[] stride, int[] dilation, Rule rule, int[] pads, boolean up, Kind kind) {
    enum Kind {
        MAX,
        MEAN,
        MEAN_COUNTED
    }

    enum Rule {
        GIVEN,
        SAME,
        SAME_UPPER,
        SAME_LOWER
    }

    static NaivePooling draw(Random random) {
        int[] numbers = random.ints(4, 0, 4).toArray();
        boolean bare = random.nextInt(4) == 0;
        return new NaivePooling(
                Shape.of(1 + random.nextInt(2), 1 + random.nextInt(9), 1 + random.nextInt(9)),
                random.ints(2, 1, 5).toArray(),
                random.ints(2, 1, 5).toArray(),
                random.nextBoolean() ? new int[] {1, 1} : random.ints(2, 1, 4).toArray(),
                bare ? Rule.GIVEN : Rule.values()[random.nextInt(4)],
                bare ? new int[4] : numbers,
                random.nextBoolean(),
                Kind.values()[random.nextInt(3)]);
    }

    Layer layer() {
        if (kind == Kind.MAX) {
            MaxPoolingLayer.Builder builder = with(MaxPoolingLayer.builder(size[0], size[1]));
            return (up ? builder.roundUp() : builder).build();
        }
        AveragePoolingLayer.Builder builder = with(AveragePoolingLayer.builder(size[0], size[1]));
        builder = up ? builder.roundUp() : builder;
        return (kind == Kind.MEAN_COUNTED ? builder.countPadding() : builder).build();
    }

    private <B extends WindowBuilder<B>> B with(B builder) {
        builder.stride(stride[0], stride[1]).dilation(dilation[0], dilation[1]);
        return switch (rule) {
            case GIVEN -> builder.padding(pads[0], pads[1], pads[2], pads[3]);
            case SAME -> builder.samePadding();
            case SAME_UPPER -> builder.sameUpperPadding();
            case SAME_LOWER -> builder.sameLowerPadding();
        };
    }

    private int length(int axis) {
        return axis == 0 ? input.height() : input.width();
    }

    /** The cells before the plane, and after it. */
    private int[] around(int axis) {
        if (rule == Rule.GIVEN) {
            return new int[] {pads[axis], pads[axis + 2]};
        }
        int outputs = rule == Rule.SAME ? length(axis) : (length(axis) + stride[axis] - 1) / stride[axis];
        int steps = rule == Rule.SAME ? 1 : stride[axis];
        int both = Math.max(0, (outputs - 1) * steps + (size[axis] - 1) * dilation[axis] + 1 - length(axis));
        int less = both / 2;
        return rule == Rule.SAME_LOWER ? new int[] {both - less, less} : new int[] {less, both - less};
    }

    /** Where the windows along an axis start, the first cell of the plane being 0. */
    private List<Integer> starts(int axis) {
        int reach = (size[axis] - 1) * dilation[axis] + 1;
        int end = length(axis) + around(axis)[1];
        List<Integer> starts = new ArrayList<>();
        int start = -around(axis)[0];
        while (start + reach <= end) {
            starts.add(start);
            start += stride[axis];
        }
        boolean reached = start - stride[axis] + reach >= end;
        if (up && !reached && start < length(axis)) {
            starts.add(start);
        }
        return starts;
    }

    /** The cells of a plane that a window meets. */
    private List<Integer> cells(int firstRow, int firstCol) {
        List<Integer> cells = new ArrayList<>();
        for (int r = 0; r < size[0]; r++) {
            for (int c = 0; c < size[1]; c++) {
                int row = firstRow + r * dilation[0];
                int col = firstCol + c * dilation[1];
                if (row >= 0 && row < input.height() && col >= 0 && col < input.width()) {
                    cells.add(row * input.width() + col);
                }
            }
        }
        return cells;
    }

    /** By how many the sum of a window is divided. */
    private int divisor(int firstRow, int firstCol) {
        if (kind == Kind.MEAN) {
            return cells(firstRow, firstCol).size();
        }
        int count = 0;
        for (int r = 0; r < size[0]; r++) {
            for (int c = 0; c < size[1]; c++) {
                boolean above = firstRow + r * dilation[0] < input.height() + around(0)[1];
                count += above && firstCol + c * dilation[1] < input.width() + around(1)[1] ? 1 : 0;
            }
        }
        return count;
    }

    /** Whether there is a window, and each meets the plane. */
    boolean isPossible() {
        return !starts(0).isEmpty()
                && !starts(1).isEmpty()
                && starts(0).stream()
                        .allMatch(row -> starts(1).stream()
                                .noneMatch(col -> cells(row, col).isEmpty()));
    }

    Shape output() {
        return Shape.of(input.channels(), starts(0).size(), starts(1).size());
    }

    private interface Window {
        void take(int output, int firstCell, List<Integer> cells, int divisor);
    }

    private void eachWindow(int planes, Window window) {
        int output = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int row : starts(0)) {
                for (int col : starts(1)) {
                    int first = plane * input.height() * input.width();
                    window.take(output++, first, cells(row, col), divisor(row, col));
                }
            }
        }
    }

    private static int winner(double[] images, int first, List<Integer> cells) {
        int best = first + cells.get(0);
        for (int cell : cells) {
            best = images[first + cell] > images[best] ? first + cell : best;
        }
        return best;
    }

    double[] forward(double[] images) {
        int n = images.length / input.size();
        double[] outputs = new double[n * output().size()];
        eachWindow(n * input.channels(), (output, first, cells, divisor) -> {
            double sum = 0;
            for (int cell : cells) {
                sum += images[first + cell];
            }
            outputs[output] = kind == Kind.MAX ? images[winner(images, first, cells)] : sum / divisor;
        });
        return outputs;
    }

    double[] backprop(double[] images, double[] lossGradient) {
        double[] inputGradient = new double[images.length];
        eachWindow(images.length / input.height() / input.width(), (output, first, cells, divisor) -> {
            if (kind == Kind.MAX) {
                inputGradient[winner(images, first, cells)] += lossGradient[output];
                return;
            }
            for (int cell : cells) {
                inputGradient[first + cell] += lossGradient[output] / divisor;
            }
        });
        return inputGradient;
    }
}
