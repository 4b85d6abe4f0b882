package dev.purecnn.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Checks a layer's {@code backprop}, and names the gradient that is wrong: compares each gradient, of the inputs and of all
 * trained parameters, with centred differences of {@code forward}.
 *
 * <pre>{@code
 * GradientCheck.Result result = GradientCheck.check(new MyLayer(), Shape.of(2, 5, 6), 1L);
 * if (result.worstRelativeError() > 1e-7) {
 *     throw new AssertionError(result); // names the gradient, its value, and the right value
 * }
 * }</pre>
 *
 * <p>A whole {@link LayerChain} is checked in the same way. What is checked:
 *
 * <ul>
 *   <li>{@code backprop}, for the loss {@code sum of factor[i] * output[i]} with fixed random factors;
 *   <li>that a second {@code backprop} adds to the gradients of the parameters, and not to that of the input;
 *   <li>{@code backpropParameters};
 *   <li>where the layer is an {@link OutputLayer}: {@code backpropLabels}, for the sum of {@code losses} and random labels.
 * </ul>
 *
 * <p>The difference is {@code D(h) = (loss(x + h) - loss(x - h)) / 2h}, taken output by output before it is summed, and
 * improved by Richardson's extrapolation, {@code (4 D(h / 2) - D(h)) / 3}, whose error falls with the fourth power of
 * {@code h}. Two such values from neighbouring steps should agree; where they do not, as with a rectifier's bend nearby,
 * smaller steps are tried, and the pair that agrees best counts. The relative error of a gradient is {@code |analytic -
 * numeric| / max(|analytic|, |numeric|, floor)}, where the floor is a thousandth of the largest gradient in the same array,
 * or three millionths of the loss's summed terms if that is more: below it, rounding alone may move a difference by more than 1e-7 of it.
 *
 * <p>Without {@link #values}, images are drawn with all values different and none near 0, away from the bends of pooling layers
 * and rectifiers. Parameters are what {@code connect} drew; they are the same afterwards, and their gradients are 0.
 *
 * @see <a href="https://doi.org/10.1098/rsta.1911.0009">Richardson 1911</a>
 */
public final class GradientCheck {
    private static final double LARGEST_STEP = 1.0 / 256;
    private static final double FLOOR_OF_LARGEST = 1e-3;
    /** Terms are rounded to 2^-53 of themselves, twice; at the largest step, the extrapolation makes 3e-13 of it. */
    private static final double FLOOR_OF_TERMS = 3e-6;
    /** Drawn images lie between minus this and this. */
    private static final double RANGE = 2.0;

    private final Layer layer;
    private final Shape input;
    private int n = 2;
    private long seed = 1;
    private double[] images;

    private List<Slot> slots;
    private Result worst;
    private long compared;

    private GradientCheck(Layer layer, Shape input) {
        this.layer = Objects.requireNonNull(layer, "layer");
        this.input = Objects.requireNonNull(input, "input");
    }

    /**
     * {@return the worst gradient of a layer on two random images}
     *
     * @param layer a layer or a chain; connected now if it was not
     * @param input the shape of one image
     * @param seed of weights, images and loss
     * @throws IllegalArgumentException if the layer does not take such images, or returns arrays of wrong lengths
     */
    public static Result check(Layer layer, Shape input, long seed) {
        return of(layer, input).seed(seed).run();
    }

    /**
     * {@return a check with options, by default of two random images, with seed 1}
     *
     * @param layer a layer or a chain; connected when the check runs if it was not
     * @param input the shape of one image
     */
    public static GradientCheck of(Layer layer, Shape input) {
        return new GradientCheck(layer, input);
    }

    /**
     * Sets how many images go through the layer at once.
     *
     * @param count at least 1
     * @return this check
     * @throws IllegalArgumentException if it is below 1
     */
    public GradientCheck images(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "GradientCheck: expected at least 1 image, got " + count + ". Use 2 to check batches, too.");
        }
        n = count;
        return this;
    }

    /**
     * Sets the images, instead of random ones.
     *
     * @param values whole images, back to back; not modified
     * @return this check
     * @throws IllegalArgumentException if they are not whole images
     */
    public GradientCheck values(double[] values) {
        if (values.length == 0 || values.length % input.size() != 0) {
            throw new IllegalArgumentException("GradientCheck: expected " + input.size() + " input values (" + input
                    + ") per image, got " + values.length + ". Pass whole images, back to back.");
        }
        images = values.clone();
        n = values.length / input.size();
        return this;
    }

    /**
     * Sets the seed of weights, images and loss.
     *
     * @param number any number
     * @return this check
     */
    public GradientCheck seed(long number) {
        seed = number;
        return this;
    }

    /**
     * The gradient with the largest relative error.
     *
     * @param where the call that gave it, and its array: {@code input}, or the name of a parameter and the number of its layer
     * @param index its index in that array
     * @param analytic the layer's value
     * @param numeric the value from centred differences
     * @param worstRelativeError the relative error; infinite if one of the two is NaN or infinite
     * @param compared how many gradients were compared in all
     */
    public record Result(
            String where, int index, double analytic, double numeric, double worstRelativeError, long compared) {

        /** Everything in one line. */
        @Override
        public String toString() {
            return "GradientCheck: worst relative error " + worstRelativeError + " of " + compared + " gradients, in "
                    + where + " at index " + index + ": analytic " + analytic + ", numeric " + numeric;
        }
    }

    /**
     * {@return the worst of all gradients}
     *
     * @throws IllegalArgumentException if the layer does not take such images, or returns arrays of wrong lengths
     */
    public Result run() {
        Random random = new Random(seed);
        Shape output = connect(random);
        double[] values = images == null ? draw(random) : images;
        double[] outputs = layer.forward(values).clone();
        int expected = output == null ? outputs.length - outputs.length % n : n * output.size();
        if (outputs.length != expected) {
            throw new IllegalArgumentException(
                    "GradientCheck: expected " + expected + " output values from forward with " + n + " images, got "
                            + outputs.length + ". Make connect and forward agree.");
        }
        worst = new Result("nothing", 0, 0.0, 0.0, -1.0, 0);
        compared = 0;
        slots = slots(values);
        checkOutputs(values, factors(outputs.length, random));
        if (isOutputLayer(layer)) {
            checkLabels(values, labels(outputs.length / n, random));
        }
        layer.parameters().forEach(Parameter::clearGradient);
        return new Result(worst.where, worst.index, worst.analytic, worst.numeric, worst.worstRelativeError, compared);
    }

    private void checkOutputs(double[] values, double[] factors) {
        forward(values);
        List<double[]> once = gradients(layer.backprop(factors), "backprop");
        List<double[]> twice = gradients(layer.backprop(factors), "backprop");
        Numbers numeric = differences(() -> layer.forward(values), factors, once);
        compare("backprop", once, numeric, 1);
        compare("two calls of backprop, which add up", twice, numeric, 2);

        forward(values);
        layer.backpropParameters(factors);
        compare("backpropParameters", gradients(once.get(0), "backprop"), numeric, 1);
    }

    private void checkLabels(double[] values, int[] labels) {
        OutputLayer last = (OutputLayer) layer;
        forward(values);
        List<double[]> once = gradients(last.backpropLabels(labels), "backpropLabels");
        List<double[]> twice = gradients(last.backpropLabels(labels), "backpropLabels");
        double[] ones = new double[n];
        Arrays.fill(ones, 1.0);
        Supplier<double[]> losses = () -> {
            layer.forward(values);
            return last.losses(labels);
        };
        Numbers numeric = differences(losses, ones, once);
        compare("backpropLabels", once, numeric, 1);
        compare("two calls of backpropLabels, which add up", twice, numeric, 2);
        if (layer instanceof LayerChain chain) {
            forward(values);
            chain.backpropLabelsParameters(labels);
            compare("backpropLabelsParameters", gradients(once.get(0), "backpropLabels"), numeric, 1);
        }
    }

    private void forward(double[] values) {
        layer.parameters().forEach(Parameter::clearGradient);
        layer.forward(values);
    }

    /** Copies of the gradients, in the order of the slots. */
    private List<double[]> gradients(double[] inputGradient, String call) {
        if (inputGradient.length != n * input.size()) {
            throw new IllegalArgumentException("GradientCheck: expected " + n * input.size() + " input gradients (" + n
                    + " images of " + input + ") from " + call + ", got " + inputGradient.length
                    + ". Return one per input value.");
        }
        List<double[]> gradients = new ArrayList<>();
        gradients.add(inputGradient.clone());
        trained(layer).forEach(parameter -> gradients.add(parameter.gradient().clone()));
        return gradients;
    }

    // ---- drawing

    /** Returns the output's shape, or null if the layer was connected before. */
    private Shape connect(Random random) {
        try {
            return layer.connect(input, random);
        } catch (IllegalStateException connectedAlready) {
            return null;
        }
    }

    /** Evenly spaced values in random order, each moved a little; an even number of places leaves none of them near 0. */
    private double[] draw(Random random) {
        int size = Math.multiplyExact(n, input.size());
        double[] values = new double[size];
        int places = size + size % 2;
        for (int i = 0; i < size; i++) {
            values[i] = RANGE * ((2.0 * i + 0.5 + random.nextDouble()) / places - 1);
        }
        for (int i = size - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
        return values;
    }

    private static double[] factors(int count, Random random) {
        double[] factors = new double[count];
        for (int i = 0; i < count; i++) {
            factors[i] = (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble());
        }
        return factors;
    }

    private int[] labels(int classes, Random random) {
        return random.ints(n, 0, classes).toArray();
    }

    private static boolean isOutputLayer(Layer layer) {
        if (layer instanceof LayerChain chain) {
            return isOutputLayer(chain.layers().get(chain.layers().size() - 1));
        }
        return layer instanceof OutputLayer;
    }

    // ---- what can be changed

    /** An array whose elements the loss depends on. The first is the input. */
    private record Slot(String name, double[] values, double largestStep) {}

    private List<Slot> slots(double[] values) {
        List<Slot> found = new ArrayList<>();
        // drawn values may move by a quarter of their least distance: RANGE / values.length / 2
        double step = images == null ? Math.min(LARGEST_STEP, RANGE / (4 * values.length + 4)) : LARGEST_STEP;
        found.add(new Slot("input", values, step));
        for (Leaf part : Leaf.of(layer)) {
            trained(part.layer()).forEach(p -> found.add(new Slot(p.name() + part.place(), p.values(), LARGEST_STEP)));
        }
        return found;
    }

    /** The parameters that have a gradient to check. */
    private static Stream<Parameter> trained(Layer layer) {
        return layer.parameters().stream().filter(Parameter::isTrained);
    }

    // ---- differences

    /** Numeric gradients, slot by slot, and the size of the loss's terms. */
    private record Numbers(List<double[]> gradients, double terms) {}

    private Numbers differences(Supplier<double[]> terms, double[] factors, List<double[]> analytic) {
        double size = 0;
        double[] now = terms.get();
        for (int i = 0; i < factors.length; i++) {
            size += Math.abs(factors[i] * now[i]);
        }
        CentredDifference difference = new CentredDifference(terms, factors);
        List<double[]> gradients = new ArrayList<>();
        for (int s = 0; s < slots.size(); s++) {
            Slot slot = slots.get(s);
            double scale = FLOOR_OF_LARGEST * largest(analytic.get(s));
            double[] numeric = new double[slot.values.length];
            for (int i = 0; i < numeric.length; i++) {
                double step = slot.largestStep * Math.max(1.0, Math.abs(slot.values[i]) / RANGE);
                numeric[i] = difference.find(slot.values, i, step, scale);
            }
            gradients.add(numeric);
        }
        return new Numbers(gradients, size);
    }

    // ---- comparing

    /** Compares the gradients from a call with the numeric ones; those of parameters should be {@code times} as large. */
    private void compare(String call, List<double[]> analytic, Numbers numeric, int times) {
        for (int s = 0; s < slots.size(); s++) {
            String where = slots.get(s).name + ", by " + call;
            compare(where, analytic.get(s), numeric.gradients.get(s), s == 0 ? 1 : times, numeric.terms);
        }
    }

    private void compare(String where, double[] analytic, double[] numeric, int times, double terms) {
        double largest = Math.max(largest(analytic), times * largest(numeric));
        double floor = Math.max(FLOOR_OF_LARGEST * largest, times * FLOOR_OF_TERMS * terms);
        for (int i = 0; i < analytic.length; i++) {
            double expected = times * numeric[i];
            double error = relativeError(analytic[i], expected, floor);
            if (error > worst.worstRelativeError) {
                worst = new Result(where, i, analytic[i], expected, error, 0);
            }
            compared++;
        }
    }

    private static double relativeError(double analytic, double numeric, double floor) {
        if (analytic == numeric) {
            return 0.0;
        }
        double scale = Math.max(floor, Math.max(Math.abs(analytic), Math.abs(numeric)));
        double error = Math.abs(analytic - numeric) / scale;
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    /** The largest magnitude among the finite values. */
    private static double largest(double[] values) {
        return Arrays.stream(values)
                .filter(Double::isFinite)
                .map(Math::abs)
                .max()
                .orElse(0.0);
    }
}
