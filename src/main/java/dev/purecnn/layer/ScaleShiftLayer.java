package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * A fixed scale and shift per channel: {@code output = scales[c] * input + shifts[c]}, or one for all channels. It learns nothing; use
 * it to bring images to the range that a network was trained on, or a {@link BatchNormLayer} to learn one.
 *
 * <pre>{@code
 * // (pixel - mean) / deviation, for means 0.5 and 0.4 and deviations 0.25 and 0.2
 * new ScaleShiftLayer(new double[] {4, 5}, new double[] {-2, -2});
 * }</pre>
 */
public final class ScaleShiftLayer extends BasicLayer {
    private final double[] scales;
    private final double[] shifts;

    /**
     * A scale and shift for images of as many channels, or of any number if there is one of each.
     *
     * @param scales what the values of each channel are multiplied by; finite
     * @param shifts what is added to them; finite, as many as scales
     * @throws IllegalArgumentException if there is none, their numbers differ, or one is not finite
     */
    public ScaleShiftLayer(double[] scales, double[] shifts) {
        this.scales = scales.clone();
        this.shifts = shifts.clone();
        boolean finite = DoubleStream.concat(Arrays.stream(scales), Arrays.stream(shifts))
                .allMatch(Double::isFinite);
        if (scales.length == 0 || scales.length != shifts.length || !finite) {
            throw new IllegalArgumentException("ScaleShiftLayer: expected as many finite shifts as scales, at least 1,"
                    + " got " + scales.length + " scales and " + shifts.length + " shifts"
                    + (finite ? "" : ", not all finite") + ". Give one of each per channel.");
        }
    }

    /** The layer that a {@link #description} is of. */
    static ScaleShiftLayer of(LayerDescription description) {
        return new ScaleShiftLayer(numbers(description.text("scales")), numbers(description.text("shifts")));
    }

    private static double[] numbers(String text) {
        try {
            return Arrays.stream(text.split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("ScaleShiftLayer: expected numbers, separated by spaces, got "
                    + Quoted.of(text) + ". Correct the layer's description.");
        }
    }

    private static String text(double[] numbers) {
        return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    @Override
    Shape fit(Shape images) {
        if (scales.length != 1 && scales.length != images.channels()) {
            throw new IllegalArgumentException("ScaleShiftLayer: expected " + scales.length + " channels, got "
                    + images.channels() + " (" + images + "). Give one scale and shift per channel.");
        }
        return images;
    }

    private int cells() {
        return input().size() / scales.length;
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        int cells = cells();
        for (int from = 0, plane = 0; from < images.length; from += cells, plane++) {
            double scale = scales[plane % scales.length];
            double shift = shifts[plane % scales.length];
            for (int i = from; i < from + cells; i++) {
                buffers.output[i] = scale * images[i] + shift;
            }
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        int cells = cells();
        for (int from = 0, plane = 0; from < lossGradient.length; from += cells, plane++) {
            double scale = scales[plane % scales.length];
            for (int i = from; i < from + cells; i++) {
                inputGradient[i] = scale * lossGradient[i];
            }
        }
    }

    @Override
    public LayerDescription description() {
        return super.description().with("scales", text(scales)).with("shifts", text(shifts));
    }

    @Override
    ScaleShiftLayer unfittedReplica() {
        return new ScaleShiftLayer(scales, shifts);
    }

    /** The notebook's form with the number of scales, such as {@code <ScaleShiftLayer: 3>}. */
    @Override
    public String toString() {
        return "<ScaleShiftLayer: " + scales.length + ">";
    }
}
