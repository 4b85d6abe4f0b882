package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;

/** A convolution as its definition has it: each weight meets each input that it belongs to. */
final class DirectConvolution implements ConvolutionMethod {
    private final ConvolutionPlan plan;
    private final double[] product;
    /** Null before the first way back: who only predicts needs none. */
    private DirectGradients gradients;

    DirectConvolution(ConvolutionPlan plan) {
        this.plan = plan;
        plan.prepare();
        product = plan.newProduct();
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

    private DirectGradients gradients() {
        if (gradients == null) {
            gradients = new DirectGradients(plan, product);
        }
        return gradients;
    }

    @Override
    public void useBackward(double[] weights, int from) {
        gradients().use(weights, from);
    }

    @Override
    public void begin() {
        gradients().begin();
    }

    @Override
    public void addGradients(
            double[] lossGradient, int part, double[] laidOut, double[] weightGradient, double[] biasGradient) {
        gradients().add(lossGradient, part, laidOut, weightGradient, biasGradient);
    }

    @Override
    public void findInputGradient(int part, double[] inputGradient) {
        gradients().findInputGradient(part, inputGradient);
    }

    @Override
    public void end(double[] weightGradient) {
        gradients().end(weightGradient);
    }
}
