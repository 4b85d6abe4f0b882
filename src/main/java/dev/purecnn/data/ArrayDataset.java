package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;

/** Images kept as the numbers they are. */
final class ArrayDataset extends LabelledImages {
    private static final String WHERE = "Dataset.of";

    private final double[][] images;

    private ArrayDataset(double[][] images, int[] labels, Shape shape, int classes) {
        super(images.length, labels, shape, classes);
        this.images = images;
    }

    static Dataset checked(double[][] images, int[] labels, Shape shape, int classes) {
        Objects.requireNonNull(images, "images");
        int[] labelCopies = Objects.requireNonNull(labels, "labels").clone();
        Objects.requireNonNull(shape, "shape");
        DatasetChecks.labels(WHERE, labelCopies, images.length, classes);
        double[][] copies = DatasetChecks.images(WHERE, images, shape, double[]::clone, image -> image.length);
        for (int i = 0; i < copies.length; i++) {
            checkFinite(copies[i], i);
        }
        return new ArrayDataset(copies, labelCopies, shape, classes);
    }

    private static void checkFinite(double[] image, int index) {
        for (int pixel = 0; pixel < image.length; pixel++) {
            if (!Double.isFinite(image[pixel])) {
                throw new IllegalArgumentException(WHERE + ": expected finite values, got " + image[pixel]
                        + " in image " + index + ", pixel " + pixel + ". Clean the data first.");
            }
        }
    }

    @Override
    void copy(int index, double[] target, int offset) {
        System.arraycopy(images[index], 0, target, offset, shape.size());
    }
}
