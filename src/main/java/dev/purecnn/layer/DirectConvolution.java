package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/** A convolution as its definition has it: each weight meets each input that it belongs to. */
final class DirectConvolution implements ConvolutionMethod {
    private static final int[] AT_START = {0};

    private final ConvolutionPlan plan;
    private final double[] product;
    private final double[] gradient;
    private final double[] zeros;
    private final double[] ones;
    /** Null where dot products find the weight gradient. */
    private final WeightSums weightSums;

    DirectConvolution(ConvolutionPlan plan) {
        this.plan = plan;
        plan.prepare();
        product = plan.newProduct();
        gradient = plan.newGradient();
        zeros = new double[plan.input.channels()];
        ones = new double[plan.columns];
        Arrays.fill(ones, 1.0);
        weightSums = WeightSums.of(plan);
    }

    @Override
    public double[] newInputs(int parts) {
        return plan.newInputs(parts);
    }

    @Override
    public void useForward(double[] weights, int from) {
        plan.forward.pack(weights, from);
    }

    @Override
    public void forward(double[] images, int part, double[] laidOut, double[] biases, double[] outputs) {
        plan.layOutInput(images, part, laidOut);
        Kernels.active().multiply(plan.forward, biases, laidOut, part * plan.inputSize, product, 0);
        plan.putOutput(product, outputs, part);
    }

    @Override
    public void useBackward(double[] weights, int from) {
        for (ConvolutionPlan.Phase phase : plan.phases) {
            phase.backward().pack(weights, from);
        }
    }

    @Override
    public void begin() {
        if (weightSums != null) {
            weightSums.clear();
        }
    }

    /** Each weight's gradient is the loss gradient against the inputs that the weight met; a bias met only ones. */
    @Override
    public void addGradients(
            double[] lossGradient, int part, double[] laidOut, double[] weightGradient, double[] biasGradient) {
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

    @Override
    public void findInputGradient(int part, double[] inputGradient) {
        for (ConvolutionPlan.Phase phase : plan.phases) {
            Product backward = phase.backward();
            Kernels.active().multiply(backward, zeros, gradient, 0, product, 0);
            phase.putInputGradient(product, inputGradient, part);
        }
    }

    @Override
    public void end(double[] weightGradient) {
        if (weightSums != null) {
            weightSums.addTo(weightGradient);
        }
    }
}
