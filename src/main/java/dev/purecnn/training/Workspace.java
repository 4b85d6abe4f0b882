package dev.purecnn.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.LayerChain;

/** What one thread works in: its images, and the memory that it lends to the chain of each shard it takes on. */
final class Workspace {
    private final LayerChain lender;
    private final int imageSize;
    private double[] images = {};
    private int[] labels = {};
    private double[] spareImages = {};
    private int[] spareLabels = {};

    Workspace(LayerChain lender) {
        this.lender = lender;
        this.imageSize = lender.shapes().get(0).size();
    }

    /** Takes images {@code from} to {@code to - 1} of a batch, and lets that replica of the chain work here. */
    void prepare(LayerChain chain, Dataset batch, int from, int to) {
        chain.borrowMemory(lender);
        makeRoom(to - from);
        for (int i = from; i < to; i++) {
            batch.copyImage(i, images, (i - from) * imageSize);
            labels[i - from] = batch.label(i);
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
