package dev.purecnn.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import java.util.Optional;

/** A share of a batch and the replica of the chain that works on it. Its gradients are the sum over its images. */
final class Shard {
    private final LayerChain chain;
    private final int imageSize;
    private int firstImage;
    private double[] images = {};
    private int[] labels = {};
    private double[] spareImages = {};
    private int[] spareLabels = {};

    Shard(LayerChain chain) {
        this.chain = chain;
        this.imageSize = chain.shapes().get(0).size();
    }

    LayerChain chain() {
        return chain;
    }

    /** Says how the loss is counted from now on. */
    void use(CrossEntropy loss) {
        chain.use(loss);
    }

    /**
     * Where the last {@link #run} met a NaN or infinity first, with the number of its image in the batch. Parameters' gradients
     * are not searched, for they may be added up by now: {@link LayerChain#findNotFiniteParameter} on the first shard's chain
     * searches those.
     */
    Optional<NotFinite> findNotFinite() {
        return chain.findNotFinite().map(found -> found.withImagesFrom(firstImage));
    }

    /** Takes images {@code from} to {@code to - 1} forward and back; notes the loss of each, and whether it was right. */
    void run(Dataset batch, int from, int to, long step, double[] losses, boolean[] correct) {
        firstImage = from;
        load(batch, from, to);
        chain.samples(step, from);
        double[] probabilities = chain.forward(images);
        System.arraycopy(chain.losses(labels), 0, losses, from, labels.length);
        int classes = probabilities.length / labels.length;
        for (int i = 0; i < labels.length; i++) {
            correct[from + i] = Evaluation.mostProbable(probabilities, i * classes, classes) == labels[i];
        }
        chain.backpropLabelsParameters(labels);
    }

    private void load(Dataset batch, int from, int to) {
        makeRoom(to - from);
        for (int i = from; i < to; i++) {
            batch.copyImage(i, images, (i - from) * imageSize);
            labels[i - from] = batch.label(i);
        }
    }

    /** Arrays of exactly that many images. Those of the size before are kept: the last batch of an epoch is an odd one. */
    private void makeRoom(int numSamples) {
        if (labels.length == numSamples) {
            return;
        }
        double[] otherImages = spareImages;
        int[] otherLabels = spareLabels;
        spareImages = images;
        spareLabels = labels;
        boolean fits = otherLabels.length == numSamples;
        images = fits ? otherImages : new double[numSamples * imageSize];
        labels = fits ? otherLabels : new int[numSamples];
    }
}
