package dev.purecnn.layer;

import dev.purecnn.internal.convolution.ConvolutionRun;
import dev.purecnn.internal.convolution.StageShape;
import java.util.List;

/** Layers of a chain that run as one, with the bits that they give one by one; see {@link ConvolutionRun}. */
final class FusedLayers extends AbstractLayer<FusedLayers.RunBuffers> {
    private final List<StageShape> stages;
    private final List<ConvolutionalLayer> convolutions;
    private final List<AbstractLayer<?>> members;
    private final Shape result;
    private final double[][] weights;
    private final double[][] biases;
    private final double[][] weightGradients;
    private final double[][] biasGradients;
    private ConvolutionRun run;
    private boolean training;

    FusedLayers(
            List<StageShape> stages,
            List<ConvolutionalLayer> convolutions,
            List<AbstractLayer<?>> members,
            Shape result) {
        this.stages = stages;
        this.convolutions = convolutions;
        this.members = members;
        this.result = result;
        weights = new double[stages.size()][];
        biases = new double[stages.size()][];
        weightGradients = new double[stages.size()][];
        biasGradients = new double[stages.size()][];
        for (int i = 0; i < weights.length; i++) {
            List<Parameter> parameters = convolutions.get(i).parameters();
            weights[i] = parameters.get(0).values();
            biases[i] = parameters.size() > 1 ? parameters.get(1).values() : null;
        }
    }

    /** How many layers these are. */
    int size() {
        return members.size();
    }

    /** With the run, so that layers which share buffers share those of its arithmetic as well. */
    static final class RunBuffers extends Buffers {
        private final ConvolutionRun run;
        /** Whether the last forward pass kept what it takes to go back. */
        private boolean kept;

        private RunBuffers(int n, FusedLayers layer) {
            super(n, layer);
            run = layer.run;
        }
    }

    @Override
    RunBuffers newBuffers(int n) {
        if (run == null) {
            run = new ConvolutionRun(stages);
        }
        return new RunBuffers(n, this);
    }

    @Override
    Shape fit(Shape images) {
        return result;
    }

    @Override
    int largestBuffer() {
        int largest = 0;
        for (AbstractLayer<?> member : members) {
            largest = Math.max(largest, member.output().size());
        }
        return largest;
    }

    @Override
    public void training(boolean begins) {
        training = begins;
    }

    @Override
    void forward(double[] images, RunBuffers buffers) {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).forget(); // whoever looks at one of them calls it first
        }
        buffers.kept = training;
        buffers.run.forward(images, buffers.n, weights, biases, buffers.output, training);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    void backprop(double[] lossGradient, RunBuffers buffers, double[] inputGradient) {
        if (!buffers.kept) { // a prediction turns out to be more, as in a gradient check
            buffers.run.forward(buffers.images, buffers.n, weights, biases, buffers.output, true);
            buffers.kept = true;
        }
        for (int i = 0; i < weights.length; i++) {
            List<Parameter> parameters = convolutions.get(i).parameters();
            weightGradients[i] = parameters.get(0).gradient();
            biasGradients[i] = biases[i] == null ? null : parameters.get(1).gradient();
        }
        buffers.run.backprop(
                buffers.images, buffers.n, buffers.output, lossGradient, weightGradients, biasGradients, inputGradient);
    }

    /** What error messages say is about the first layer. */
    @Override
    String name() {
        return members.get(0).name();
    }

    @Override
    FusedLayers unfittedReplica() {
        throw new UnsupportedOperationException("a chain replicates its layers, and fuses them again");
    }
}
