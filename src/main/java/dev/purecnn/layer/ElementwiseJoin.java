package dev.purecnn.layer;

import java.util.List;

/** Sums or products value by value, from the first branch to the last. Branches with one value per channel are spread over the planes. */
final class ElementwiseJoin extends Join {
    private final boolean product;
    private final Shape shape;
    private final int plane;
    /** Which branches have one value for each plane. */
    private final boolean[] spread;

    ElementwiseJoin(List<Shape> outputs, boolean product) {
        this.product = product;
        Shape largest = outputs.get(0);
        for (Shape output : outputs) {
            largest = output.size() > largest.size() ? output : largest;
        }
        shape = largest;
        plane = shape.height() * shape.width();
        spread = new boolean[outputs.size()];
        for (int b = 0; b < spread.length; b++) {
            Shape output = outputs.get(b);
            spread[b] = !output.equals(shape);
            if (spread[b] && !output.equals(Shape.vector(shape.channels()))) {
                throw mismatch(
                        "equal shapes, or as many channels of one value",
                        outputs,
                        "Use the same strides, padding and number of filters in all branches.");
            }
        }
    }

    @Override
    Shape shape() {
        return shape;
    }

    @Override
    void forward(double[][] outputs, double[] joined) {
        combine(outputs[0], spread[0], outputs[1], spread[1], joined);
        for (int b = 2; b < outputs.length; b++) {
            combine(joined, false, outputs[b], spread[b], joined);
        }
    }

    private void combine(double[] left, boolean leftSpread, double[] right, boolean rightSpread, double[] joined) {
        if (leftSpread || rightSpread) {
            combineSpread(left, leftSpread, right, rightSpread, joined);
        } else if (product) {
            for (int i = 0; i < joined.length; i++) {
                joined[i] = left[i] * right[i];
            }
        } else {
            add(left, right, joined);
        }
    }

    static void add(double[] left, double[] right, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = left[i] + right[i];
        }
    }

    private void combineSpread(
            double[] left, boolean leftSpread, double[] right, boolean rightSpread, double[] joined) {
        for (int p = 0; p * plane < joined.length; p++) {
            for (int i = p * plane; i < (p + 1) * plane; i++) {
                double a = left[leftSpread ? p : i];
                double b = right[rightSpread ? p : i];
                joined[i] = product ? a * b : a + b;
            }
        }
    }

    @Override
    boolean passesGradient(int branch) {
        return !product && !spread[branch];
    }

    @Override
    void backprop(int branch, double[] joinedGradient, double[][] outputs, double[] gradient) {
        for (int p = 0; p * plane < joinedGradient.length; p++) {
            double sum = 0;
            for (int i = p * plane; i < (p + 1) * plane; i++) {
                double g = joinedGradient[i] * others(branch, outputs, p, i);
                sum += g;
                if (!spread[branch]) {
                    gradient[i] = g;
                }
            }
            if (spread[branch]) {
                gradient[p] = sum;
            }
        }
    }

    /** What a branch's value is multiplied with: the product of the other branches' values. */
    private double others(int branch, double[][] outputs, int p, int i) {
        double others = 1;
        for (int b = 0; product && b < outputs.length; b++) {
            if (b != branch) {
                others *= outputs[b][spread[b] ? p : i];
            }
        }
        return others;
    }
}
