package dev.purecnn.layer;

import java.util.List;
import java.util.Locale;

/** How the outputs of parallel branches become one. Made for the shapes of one image's outputs. */
abstract class Join {

    /** The ways to join, by the names that descriptions give them. */
    enum Kind {
        SUM {
            @Override
            Join of(List<Shape> outputs) {
                return new ElementwiseJoin(outputs, false);
            }
        },
        CONCATENATION {
            @Override
            Join of(List<Shape> outputs) {
                return new Concatenation(outputs);
            }
        },
        PRODUCT {
            @Override
            Join of(List<Shape> outputs) {
                return new ElementwiseJoin(outputs, true);
            }
        };

        abstract Join of(List<Shape> outputs);

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The shape of what the outputs become. */
    abstract Shape shape();

    abstract void forward(double[][] outputs, double[] joined);

    /** Whether the gradient of a branch's output is just that of the joined outputs. */
    abstract boolean passesGradient(int branch);

    /** Computes the gradient of a branch's output, if it does not just pass. */
    abstract void backprop(int branch, double[] joinedGradient, double[][] outputs, double[] gradient);

    static IllegalArgumentException mismatch(String expected, List<Shape> outputs, String fix) {
        StringBuilder shapes = new StringBuilder();
        for (Shape output : outputs) {
            shapes.append(shapes.isEmpty() ? "" : ", ").append(output);
        }
        return new IllegalArgumentException(
                "ParallelLayer: expected branches whose outputs have " + expected + ", got " + shapes + ". " + fix);
    }
}
