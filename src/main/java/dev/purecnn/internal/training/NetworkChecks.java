package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.internal.text.ClassNames;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.OutputLayer;
import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Objects;

/**
 * What a network expects of the images that it is given.
 *
 * @param input the shape of an image
 * @param classes how many the network has
 * @param classNames in the order of the labels; empty if the classes have no names
 * @param preprocessing how pictures become images; null if there is none
 */
public record NetworkChecks(Shape input, int classes, List<String> classNames, Preprocessing preprocessing) {

    /** Checks that names and preprocessing, if there are any, are those of such a network. */
    public NetworkChecks {
        classNames = classNames.isEmpty() ? List.of() : ClassNames.checked("CNN", classNames, classes);
        if (preprocessing != null && !preprocessing.shape().equals(input)) {
            throw new IllegalArgumentException(
                    "CNN: expected preprocessing to " + input + ", the network's images, got " + preprocessing.shape()
                            + ". Build the network for the shape of the preprocessing.");
        }
    }

    /** Layers, at least one, that end with an output layer. */
    public static void output(Layer[] layers) {
        Layer last = layers[layers.length - 1];
        while (last instanceof LayerChain chain) {
            last = chain.layers().get(chain.layers().size() - 1);
        }
        if (!(last instanceof OutputLayer)) {
            throw new IllegalArgumentException("CNN: expected an output layer at the end, got " + last
                    + ". End the network with a DenseSoftmaxLayer.");
        }
    }

    /** One image of the right size, all numbers. */
    public static void image(Shape input, double[] image) {
        Objects.requireNonNull(image, "image");
        if (image.length != input.size()) {
            throw new IllegalArgumentException("CNN: expected " + input.size() + " values (" + input
                    + ") for an image, got " + image.length + ". Pass one image, in channel, row, column order.");
        }
        finite(input, image, 0);
    }

    /** Whole images of the right size, all numbers; returns how many. */
    static int images(Shape input, double[] images) {
        int count = count(input, images);
        finite(input, images, 0);
        return count;
    }

    /** Whole images of the right size; returns how many. */
    static int count(Shape input, double[] images) {
        Objects.requireNonNull(images, "images");
        if (images.length == 0 || images.length % input.size() != 0) {
            throw new IllegalArgumentException("CNN: expected a multiple of " + input.size() + " values (" + input
                    + ") for whole images, got " + images.length + ". Pass the images back to back.");
        }
        return images.length / input.size();
    }

    /** Whole images, of which the first has that number, all numbers. */
    static void finite(Shape input, double[] images, int firstImage) {
        double zero0 = 0; // each NaN if a value is infinite or NaN; four, for a single sum would wait for each addition
        double zero1 = 0;
        double zero2 = 0;
        double zero3 = 0;
        int whole = images.length & -4;
        for (int i = 0; i < whole; i += 4) {
            zero0 += images[i] * 0.0;
            zero1 += images[i + 1] * 0.0;
            zero2 += images[i + 2] * 0.0;
            zero3 += images[i + 3] * 0.0;
        }
        for (int i = whole; i < images.length; i++) {
            zero0 += images[i] * 0.0;
        }
        if ((zero0 + zero1) + (zero2 + zero3) == 0) {
            return;
        }
        for (int i = 0; i < images.length; i++) {
            if (!Double.isFinite(images[i])) {
                throw new IllegalArgumentException(
                        "CNN: expected finite values, got " + images[i] + " in image " + (firstImage + i / input.size())
                                + " at value " + i % input.size() + ". Clean the image first.");
            }
        }
    }

    static void labels(int numSamples, int classes, int[] labels) {
        Objects.requireNonNull(labels, "labels");
        if (labels.length != numSamples) {
            throw new IllegalArgumentException("CNN: expected " + numSamples + " labels, one per image, got "
                    + labels.length + ". Pass as many labels as images.");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException("CNN: expected labels from 0 to " + (classes - 1) + ", got "
                        + labels[i] + " for image " + i + ". Correct the label, or end the network with more classes.");
            }
        }
    }

    /** Labelled images that fit the network, at least one. */
    public void labelled(Dataset images) {
        images(images);
        if (!images.isLabelled()) {
            throw new IllegalArgumentException(
                    "CNN: expected labelled images, got images that were loaded without labels."
                            + " Load them with labels, or only predict them.");
        }
        ClassNames.checkSame("CNN", classNames, images.classNames());
    }

    /** Images that fit the network, at least one; their labels do not matter. */
    public void images(Dataset images) {
        Objects.requireNonNull(images, "dataset");
        if (!images.shape().equals(input)) {
            throw new IllegalArgumentException("CNN: expected images of " + input + ", got " + images.shape()
                    + ". Build the network for such images, or load them in that shape.");
        }
        if (images.classes() > classes) {
            throw new IllegalArgumentException("CNN: expected at most " + classes + " classes, got " + images.classes()
                    + ". End the network with " + images.classes() + " classes.");
        }
        if (images.size() == 0) {
            throw new IllegalArgumentException(
                    "CNN: expected at least 1 image, got an empty dataset. Check where it comes from.");
        }
        Preprocessing other = images.preprocessing().orElse(preprocessing);
        if (preprocessing != null && !preprocessing.equals(other)) {
            throw new IllegalArgumentException("CNN: expected images made by " + preprocessing + ", got images made by "
                    + other + ". Load them with the network's own preprocessing().");
        }
    }

    /** Batches that are all large enough for a network with batch normalization, the last one of an epoch too. */
    static void batches(LayerChain chain, int sampleSize, int batchSize) {
        int least = chain.smallestTrainingBatch();
        int last = sampleSize % batchSize == 0 ? batchSize : sampleSize % batchSize;
        if (Math.min(batchSize, last) >= least) {
            return;
        }
        String fix = batchSize < least
                ? "Train in batches of at least " + least + " with train and TrainingOptions.batchSize."
                : "Choose a batchSize that leaves no single image, or a sampleSize of " + (sampleSize - last) + ".";
        throw new IllegalArgumentException("CNN: expected batches of at least " + least
                + " images for a BatchNormLayer that gets 1 value per channel of an image, got one of "
                + Math.min(batchSize, last) + " (" + sampleSize + " images in batches of " + batchSize + "). " + fix);
    }

    static void sample(int sampleSize, Dataset train) {
        if (sampleSize < 1 || sampleSize > train.size()) {
            throw new IllegalArgumentException("CNN: expected a sampleSize from 1 to " + train.size()
                    + ", the number of training images, got " + sampleSize + ". Draw fewer, or load more images.");
        }
    }
}
