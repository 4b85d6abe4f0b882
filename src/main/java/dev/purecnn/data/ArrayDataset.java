package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;

/** Images kept as the numbers they are. */
final class ArrayDataset extends LabelledImages {
    private final double[][] images;

    /** Copies first and checks the copy, so that nobody can change a number in between. */
    ArrayDataset(double[][] images, int[] labels, Shape shape, int classes) {
        super(Objects.requireNonNull(labels, "labels").clone(), Objects.requireNonNull(shape, "shape"), classes);
        this.images = Objects.requireNonNull(images, "images").clone();
        DatasetChecks.classes("Dataset.of", classes);
        if (this.images.length != this.labels.length) {
            throw new IllegalArgumentException("Dataset.of: expected one label per image, got " + images.length
                    + " images and " + labels.length + " labels. Give every image its label.");
        }
        for (int i = 0; i < this.images.length; i++) {
            this.images[i] = checkedCopy(this.images[i], i);
            checkLabel(i);
        }
    }

    private double[] checkedCopy(double[] original, int index) {
        if (original == null) {
            throw new IllegalArgumentException("Dataset.of: expected an array, got null for image " + index
                    + ". Leave the image and its label out.");
        }
        double[] image = original.clone();
        if (image.length != shape.size()) {
            throw new IllegalArgumentException("Dataset.of: expected " + shape.size() + " values (" + shape
                    + ") per image, got " + image.length + " in image " + index
                    + ". Convert the image or give the shape that it has.");
        }
        for (int pixel = 0; pixel < image.length; pixel++) {
            if (!Double.isFinite(image[pixel])) {
                throw new IllegalArgumentException("Dataset.of: expected finite values, got " + image[pixel]
                        + " in image " + index + ", pixel " + pixel + ". Clean the data first.");
            }
        }
        return image;
    }

    private void checkLabel(int index) {
        if (labels[index] < 0 || labels[index] >= classes) {
            throw new IllegalArgumentException("Dataset.of: expected labels from 0 to " + (classes - 1) + ", got "
                    + labels[index] + " for image " + index + ". Correct the label or raise the number of classes.");
        }
    }

    @Override
    void copy(int index, double[] target, int offset) {
        System.arraycopy(images[index], 0, target, offset, shape.size());
    }
}
