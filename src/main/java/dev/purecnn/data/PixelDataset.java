package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Objects;

/** Images kept as 8-bit pixels, an eighth of what doubles take, and scaled on the way out. */
final class PixelDataset extends LabelledImages {
    private static final String WHERE = "Dataset.of";
    private static final int MEMORY_PER_IMAGE =
            48; // its array's header and padding, places in growing lists, its label

    private final byte[][] images;
    private final PixelScaling scaling;

    /** Trusts its caller, a reader of this package: the arrays are checked, and become the dataset's own. */
    PixelDataset(byte[][] images, int[] labels, Shape shape, int classes, PixelScaling scaling) {
        super(images.length, labels, shape, classes);
        this.images = images;
        this.scaling = scaling;
        scaling.check("PixelScaling", shape);
    }

    /** Images that were made from pictures; the arrays become the dataset's own. */
    PixelDataset(byte[][] images, int[] labels, Preprocessing preprocessing, List<String> classNames) {
        super(images.length, labels, preprocessing, classNames);
        this.images = images;
        this.scaling = preprocessing.scaling();
    }

    /** How many bytes all images together may take by default: three quarters of the heap. */
    static long defaultMemory() {
        return Runtime.getRuntime().maxMemory() / 4 * 3;
    }

    /** How many images fit in some memory, with all that is needed to gather them. */
    static long mostImages(long memory, Shape shape) {
        return memory / ((long) shape.size() + MEMORY_PER_IMAGE);
    }

    static Dataset checked(byte[][] pixels, int[] labels, Shape shape, int classes) {
        Objects.requireNonNull(pixels, "pixels");
        int[] labelCopies = Objects.requireNonNull(labels, "labels").clone();
        Objects.requireNonNull(shape, "shape");
        DatasetChecks.labels(WHERE, labelCopies, pixels.length, classes);
        byte[][] copies = DatasetChecks.images(WHERE, pixels, shape, byte[]::clone, image -> image.length);
        return new PixelDataset(copies, labelCopies, shape, classes, PixelScaling.UNIT);
    }

    @Override
    void copy(int index, double[] target, int offset) {
        scaling.scale(images[index], target, offset);
    }
}
