package dev.purecnn.layer;

import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * Passes everything on as it is, but puts a NaN or infinity somewhere once: in one image of one training step, at a cell
 * drawn from a seed. Its replicas do the same, so that exactly the one who has the image does it.
 */
public final class NotFiniteLayer implements Layer {

    /** What the value is put into. */
    public enum Target {
        /** The layer's output. */
        OUTPUT,
        /** The layer's input gradient. */
        INPUT_GRADIENT,
        /** The gradient of a parameter, which the layer has for this target alone. */
        PARAMETER_GRADIENT
    }

    private static final int CELLS = 3; // of the parameter

    private final Target target;
    private final double value;
    private final long step;
    private final int image;
    private final long seed;
    private final Parameter parameter;
    private int size;
    private double[] output = {};
    private double[] inputGradient = {};
    /** The image's number among those of the last forward; negative if it is not among them. */
    private int place = -1;

    private long stepNow = -1;
    private int firstImage;

    /**
     * A layer for images of any shape.
     *
     * @param step how many training steps there are before the one in which it happens
     * @param image the number of the image within its batch
     * @param seed what the cell is drawn from
     */
    public NotFiniteLayer(Target target, double value, long step, int image, long seed) {
        this(target, value, step, image, seed, new Parameter("cells", Shape.vector(CELLS)));
    }

    private NotFiniteLayer(Target target, double value, long step, int image, long seed, Parameter parameter) {
        this.target = target;
        this.value = value;
        this.step = step;
        this.image = image;
        this.seed = seed;
        this.parameter = parameter;
    }

    @Override
    public Shape connect(Shape input, RandomGenerator random) {
        size = input.size();
        return input;
    }

    @Override
    public void samples(long trainingStep, int firstImageOfBatch) {
        stepNow = trainingStep;
        firstImage = firstImageOfBatch;
    }

    @Override
    public double[] forward(double[] images) {
        if (output.length != images.length) {
            output = new double[images.length];
            inputGradient = new double[images.length];
        }
        int number = image - firstImage;
        place = stepNow == step && number < images.length / size ? number : -1;
        System.arraycopy(images, 0, output, 0, images.length);
        spoil(Target.OUTPUT, output, place * size, size);
        return output;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        System.arraycopy(lossGradient, 0, inputGradient, 0, lossGradient.length);
        spoil(Target.INPUT_GRADIENT, inputGradient, place * size, size);
        spoil(Target.PARAMETER_GRADIENT, parameter.gradient(), 0, CELLS);
        return inputGradient;
    }

    private void spoil(Target now, double[] values, int from, int length) {
        if (target == now && place >= 0) {
            values[from + new Random(seed).nextInt(length)] = value;
        }
    }

    @Override
    public List<Parameter> parameters() {
        return target == Target.PARAMETER_GRADIENT ? List.of(parameter) : List.of();
    }

    @Override
    public NotFiniteLayer replica() {
        NotFiniteLayer copy = new NotFiniteLayer(target, value, step, image, seed, parameter.replica());
        copy.size = size;
        return copy;
    }

    @Override
    public String toString() {
        return "<NotFiniteLayer: " + target + ">";
    }
}
