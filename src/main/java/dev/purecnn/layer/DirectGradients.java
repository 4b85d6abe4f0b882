package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/** The way back through a {@link DirectConvolution}. */
final class DirectGradients {
    private static final int[] AT_START = {0};

    private final ConvolutionPlan plan;
    private final double[] product;
    private final double[] gradient;
    private final double[] zeros;
    private final double[] ones;
    /** Null where dot products find the weight gradient. */
    private final WeightSums weightSums;

    /**
     * Makes what the plan needs for the way back.
     *
     * @param product room for any product of the plan; anything may stand there between two calls
     */
    DirectGradients(ConvolutionPlan plan, double[] product) {
        this.plan = plan;
        this.product = product;
        plan.prepareBackward();
        gradient = plan.newGradient();
        zeros = new double[plan.input.channels()];
        ones = new double[plan.columns];
        Arrays.fill(ones, 1.0);
        weightSums = WeightSums.of(plan);
    }

    /** As {@link ConvolutionMethod#useBackward}. */
    void use(double[] weights, int from) {
        for (ConvolutionPlan.Phase phase : plan.phases) {
            phase.backward().pack(weights, from);
        }
    }

    /** As {@link ConvolutionMethod#begin}. */
    void begin() {
        if (weightSums != null) {
            weightSums.clear();
        }
    }

    /** Each weight's gradient is the loss gradient against the inputs that the weight met; a bias met only ones. */
    void add(double[] lossGradient, int part, double[] laidOut, double[] weightGradient, double[] biasGradient) {
        plan.layOutGradient(lossGradient, part, gradient);
        if (weightSums == null) {
            dot(plan.inputOffsets, laidOut, part * plan.inputSize, weightGradient);
        } else {
            weightSums.add(gradient, laidOut, part);
        }
        dot(AT_START, ones, 0, biasGradient);
    }

    private void dot(int[] offsets, double[] b, int bFrom, double[] sums) {
        Kernels.active()
                .dot(
                        plan.output.channels(),
                        plan.columns,
                        offsets,
                        gradient,
                        plan.gradientStart,
                        plan.gradientPlane,
                        b,
                        bFrom,
                        sums);
    }

    /** As {@link ConvolutionMethod#findInputGradient}. */
    void findInputGradient(int part, double[] inputGradient) {
        for (ConvolutionPlan.Phase phase : plan.phases) {
            Product backward = phase.backward();
            Kernels.active().multiply(backward, zeros, gradient, 0, product, 0);
            phase.putInputGradient(product, inputGradient, part);
        }
    }

    /** As {@link ConvolutionMethod#end}. */
    void end(double[] weightGradient) {
        if (weightSums != null) {
            weightSums.addTo(weightGradient);
        }
    }
}
