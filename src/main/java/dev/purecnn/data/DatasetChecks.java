package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** The checks that every dataset makes at its public edge. */
final class DatasetChecks {

    private DatasetChecks() {}

    static void count(String where, int count, int size) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException(where + ": expected a count from 0 to " + size + ", got " + count
                    + ". There are " + size + " images; ask for no more.");
        }
    }

    static void index(String where, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(where + ": expected an image index below " + size + ", got " + index
                    + ". Images are numbered from 0 to size() - 1.");
        }
    }

    static void room(String where, double[] target, int offset, int imageSize) {
        if (offset < 0 || offset > target.length - imageSize) {
            throw new IllegalArgumentException(
                    where + ": expected room for " + imageSize + " values at offset " + offset + ", got an array of "
                            + target.length + ". Make the target larger or correct the offset.");
        }
    }

    static void classes(String where, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException(
                    where + ": expected at least 1 class, got " + classes + ". Give the number of different labels.");
        }
    }

    /** One label per image, each the number of a class. */
    static void labels(String where, int[] labels, int images, int classes) {
        classes(where, classes);
        if (images != labels.length) {
            throw new IllegalArgumentException(where + ": expected one label per image, got " + images + " images and "
                    + labels.length + " labels. Give every image its label.");
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(where + ": expected labels from 0 to " + (classes - 1) + ", got "
                        + labels[i] + " for image " + i + ". Correct the label or raise the number of classes.");
            }
        }
    }

    /** Copies arrays, one per image, and checks the copies, so that nothing can change in between. */
    static <T> T[] images(String where, T[] images, Shape shape, UnaryOperator<T> copy, ToIntFunction<T> length) {
        T[] copies = images.clone();
        for (int i = 0; i < copies.length; i++) {
            if (copies[i] == null) {
                throw new IllegalArgumentException(where + ": expected an array, got null for image " + i
                        + ". Leave the image and its label out.");
            }
            copies[i] = copy.apply(copies[i]);
            if (length.applyAsInt(copies[i]) != shape.size()) {
                throw new IllegalArgumentException(where + ": expected " + shape.size() + " values (" + shape
                        + ") per image, got " + length.applyAsInt(copies[i]) + " in image " + i
                        + ". Convert the image or give the shape that it has.");
            }
        }
        return copies;
    }

    /** Refuses images without labels. */
    static void labelled(String where, Dataset dataset) {
        if (!dataset.isLabelled()) {
            throw new IllegalArgumentException(where + ": expected labelled images, got images that were loaded"
                    + " without labels. Load them with labels, or only predict them.");
        }
    }

    /** For each class whether some image has its label. */
    static boolean[] occurringLabels(String where, Dataset dataset) {
        labelled(where, dataset);
        boolean[] occurs = new boolean[dataset.classes()];
        for (int i = 0; i < dataset.size(); i++) {
            occurs[dataset.label(i)] = true;
        }
        return occurs;
    }
}
