package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;

/** What one thread works in: its images, and the memory that it lends to the chain of each shard it takes on. */
final class Workspace {
    private static final int[] FIRST_ROW = {0};

    private final LayerChain lender;
    private final int imageSize;
    private final double[] square = new double[1];
    private double[] images = {};
    private int[] labels = {};
    private double[] spareImages = {};
    private int[] spareLabels = {};

    Workspace(LayerChain lender) {
        this.lender = lender;
        this.imageSize = lender.shapes().get(0).size();
    }

    /**
     * Takes images {@code from} to {@code to - 1} of a batch, and lets that replica of the chain work here.
     *
     * @throws StepFault if one of them is not finite; some layers would hide it
     */
    void prepare(LayerChain chain, Dataset batch, int from, int to) {
        chain.borrowBuffers(lender);
        makeRoom(to - from);
        for (int i = from; i < to; i++) {
            batch.copyImage(i, images, (i - from) * imageSize);
            labels[i - from] = batch.label(i);
        }
        requireFinite(from);
    }

    /** The sum of the squares tells at once whether there is anything to look for. */
    private void requireFinite(int from) {
        square[0] = 0.0;
        Kernels.active().dot(1, images.length, FIRST_ROW, images, 0, 0, images, 0, square, 0);
        for (int i = 0; !Double.isFinite(square[0]) && i < images.length; i++) {
            if (!Double.isFinite(images[i])) {
                throw new StepFault(new NotFinite("the images", -1, from + i / imageSize, images[i]));
            }
        }
    }

    double[] images() {
        return images;
    }

    int[] labels() {
        return labels;
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
