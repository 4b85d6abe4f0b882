package dev.purecnn.layer;

import dev.purecnn.internal.convolution.ChannelNorms;
import dev.purecnn.internal.convolution.ConvolutionRun;
import dev.purecnn.internal.convolution.StageShape;
import java.util.List;

/**
 * Layers of a chain that run as one, with the bits that they give one by one; see {@link ConvolutionRun}. In training, batch normalization
 * needs the outputs of all images before the first can go on: then its run is taken layer by layer, and so on the way back.
 */
final class FusedLayers extends AbstractLayer<FusedLayers.RunBuffers> {
    private final List<StageShape> stages;
    private final List<ConvolutionalLayer> convolutions;
    /** Of each stage; null for none. */
    private final List<BatchNormLayer> normLayers;

    private final List<AbstractLayer<?>> members;
    private final Shape result;
    private final double[][] weights;
    private final double[][] biases;
    private final ChannelNorms[] norms;
    private final boolean normalizes;
    private final double[][] weightGradients;
    private final double[][] biasGradients;
    private ConvolutionRun run;
    private boolean training;

    FusedLayers(
            List<StageShape> stages,
            List<ConvolutionalLayer> convolutions,
            List<BatchNormLayer> normLayers,
            List<AbstractLayer<?>> members,
            Shape result) {
        this.stages = stages;
        this.convolutions = convolutions;
        this.normLayers = normLayers;
        this.members = members;
        this.result = result;
        weights = new double[stages.size()][];
        biases = new double[stages.size()][];
        norms = new ChannelNorms[stages.size()];
        weightGradients = new double[stages.size()][];
        biasGradients = new double[stages.size()][];
        boolean some = false;
        for (int i = 0; i < weights.length; i++) {
            List<Parameter> parameters = convolutions.get(i).parameters();
            weights[i] = parameters.get(0).values();
            biases[i] = parameters.size() > 1 ? parameters.get(1).values() : null;
            BatchNormLayer norm = normLayers.get(i);
            if (norm != null) {
                norms[i] = new ChannelNorms(norm.output().channels());
                some = true;
            }
        }
        normalizes = some;
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
        for (int i = 0; i < members.size(); i++) {
            members.get(i).training(begins);
        }
    }

    @Override
    void forward(double[] images, RunBuffers buffers) {
        forward(images, buffers, training);
    }

    private void forward(double[] images, RunBuffers buffers, boolean keep) {
        buffers.kept = keep;
        if (keep && normalizes) {
            double[] values = images;
            for (int i = 0; i < members.size(); i++) {
                values = members.get(i).forward(values);
            }
            System.arraycopy(values, 0, buffers.output, 0, values.length);
            return;
        }
        for (int i = 0; i < members.size(); i++) {
            members.get(i).forget(); // whoever looks at one of them calls it first
        }
        for (int i = 0; i < norms.length; i++) {
            if (norms[i] != null) {
                normLayers.get(i).give(norms[i]);
            }
        }
        buffers.run.forward(images, buffers.n, weights, biases, norms, buffers.output, keep);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    void backprop(double[] lossGradient, RunBuffers buffers, double[] inputGradient) {
        if (!buffers.kept) { // a prediction turns out to be more, as in a gradient check
            forward(buffers.images, buffers, true);
        }
        if (normalizes) {
            backpropOneByOne(lossGradient, inputGradient);
            return;
        }
        for (int i = 0; i < weights.length; i++) {
            List<Parameter> parameters = convolutions.get(i).parameters();
            weightGradients[i] = parameters.get(0).gradient();
            biasGradients[i] = biases[i] == null ? null : parameters.get(1).gradient();
        }
        buffers.run.backprop(
                buffers.images, buffers.n, buffers.output, lossGradient, weightGradients, biasGradients, inputGradient);
    }

    private void backpropOneByOne(double[] lossGradient, double[] inputGradient) {
        double[] gradient = lossGradient;
        for (int i = members.size() - 1; i > 0; i--) {
            gradient = members.get(i).backprop(gradient);
        }
        if (inputGradient == null) {
            members.get(0).backpropParameters(gradient);
        } else {
            System.arraycopy(members.get(0).backprop(gradient), 0, inputGradient, 0, inputGradient.length);
        }
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
