package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Labelled images, all of one shape.
 *
 * <p>Images are read by index, in any order; the same index always gives the same image. The views {@link #take}, {@link #skip},
 * {@link #shuffled}, {@link #split}, {@link #filter}, {@link #onlyClasses}, {@link #concat}, {@link #map}, {@link #mapLabels} and
 * {@link #augmented} share the images of the dataset they come from.
 *
 * <pre>{@code
 * Dataset all = MnistCsv.load(Path.of("data/mnist_train.csv.gz"));
 * Dataset sample = all.shuffled(42).take(3000);
 * Dataset rest = all.shuffled(42).skip(3000);
 *
 * double[] batch = new double[2 * all.shape().size()];
 * all.copyImage(0, batch, 0);
 * all.copyImage(1, batch, all.shape().size());
 * }</pre>
 *
 * <p>Datasets of this library are immutable, and any number of threads may read them at once. Your own must allow concurrent
 * reads too, since training uses several threads.
 */
public interface Dataset {

    /** {@return the number of images, at least 0} */
    int size();

    /** {@return the shape of every image} */
    Shape shape();

    /** {@return the number of classes, at least 1, whether or not each has an image here} */
    int classes();

    /**
     * The names of the classes, if they are known: those of the folders of an {@link ImageFolder}, or those given to
     * {@link #withClassNames}. Views keep them, except for {@link #mapLabels}. Datasets that both have names can only be used
     * together if their names are the same, in the same order. Your own dataset that wraps another should return its names.
     *
     * @return {@code classes()} different names in the order of the labels; or an empty list
     */
    default List<String> classNames() {
        return List.of();
    }

    /**
     * How the images were made from pictures, if they were: a network built from this dataset prepares pictures in the same way.
     * Views keep it, except for {@link #map}; concatenated datasets must not have two different ones. Your own dataset that wraps
     * another should return its preprocessing.
     *
     * @return empty if the images do not come from pictures
     */
    default Optional<Preprocessing> preprocessing() {
        return Optional.empty();
    }

    /**
     * {@return the class of an image, from 0 to {@code classes() - 1}}
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such image
     */
    int label(int index);

    /**
     * Whether the images have labels. Without them every label is 0, and the images can only be predicted: training, testing, and
     * views that depend on labels refuse them.
     *
     * @return true unless this dataset, or one that it shows, was loaded without labels
     */
    default boolean isLabelled() {
        return true;
    }

    /**
     * Copies an image into an array, without allocating.
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @param target receives {@code shape().size()} values, in the order channel, row, column; other values stay as they are
     * @param offset where in {@code target} the first value goes
     * @throws IndexOutOfBoundsException if there is no such image
     * @throws IllegalArgumentException if the target has no room for a whole image at that offset
     */
    void copyImage(int index, double[] target, int offset);

    /**
     * {@return an image in a new array of {@code shape().size()} values, in the order channel, row, column}
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @throws IndexOutOfBoundsException if there is no such image
     */
    default double[] image(int index) {
        double[] image = new double[shape().size()];
        copyImage(index, image, 0);
        return image;
    }

    /**
     * {@return a view of the first images}
     *
     * @param count how many, from 0 to {@code size()}
     * @throws IllegalArgumentException if there are not that many
     */
    default Dataset take(int count) {
        DatasetChecks.count("Dataset.take", count, size());
        return Selection.of(this, IntStream.range(0, count).toArray());
    }

    /**
     * {@return a view of all but the first images}
     *
     * @param count how many to leave out, from 0 to {@code size()}
     * @throws IllegalArgumentException if there are not that many
     */
    default Dataset skip(int count) {
        DatasetChecks.count("Dataset.skip", count, size());
        return Selection.of(this, IntStream.range(count, size()).toArray());
    }

    /**
     * {@return a view of all images in a random order}
     *
     * <p>The order depends only on the seed and the size, and is the same on every JDK: for each {@code i} from
     * {@code size() - 1} down to 1, images {@code i} and {@code random.nextInt(i + 1)} change places, where {@code random} is
     * {@code new java.util.Random(seed)}.
     *
     * @param seed any number; equal seeds give equal orders
     * @see <a href="https://doi.org/10.1145/364520.364540">Durstenfeld 1964, the Fisher-Yates shuffle</a>
     */
    default Dataset shuffled(long seed) {
        return Selection.of(this, Selection.permutation(size(), seed));
    }

    /**
     * Splits the images at random into two views.
     *
     * <pre>{@code
     * DatasetSplit parts = all.split(0.9, 42); // of 1000 images, 900 and 100
     * }</pre>
     *
     * @param fraction the share of the first part, from 0 to 1; it gets {@code Math.round(fraction * size())} images
     * @param seed any number; equal seeds give equal parts
     * @return the first images of {@code shuffled(seed)}, and the rest of them
     * @throws IllegalArgumentException if the fraction is not from 0 to 1
     */
    default DatasetSplit split(double fraction, long seed) {
        return DatasetSplit.random(this, fraction, seed);
    }

    /**
     * Splits the images at random into two views that have the same share of each class. Reads every label once or twice.
     *
     * @param fraction the share of the first part, from 0 to 1; of a class of {@code n} images it gets
     *     {@code Math.round(fraction * n)}
     * @param seed any number; equal seeds give equal parts
     * @return the first images of each class in {@code shuffled(seed)}, and the rest of them, both in that order
     * @throws IllegalArgumentException if the fraction is not from 0 to 1, or the images have no labels
     */
    default DatasetSplit stratifiedSplit(double fraction, long seed) {
        return DatasetSplit.stratified(this, fraction, seed);
    }

    /**
     * {@return a view of these images, then those of another dataset}
     *
     * <pre>{@code
     * Dataset all = train.concat(test);
     * all.image(train.size()); // the first of test
     * }</pre>
     *
     * @param other has images of the same shape, in the same classes
     * @throws IllegalArgumentException if shape, classes, names or preprocessing differ, or there are more images than an int can
     *     count; names and preprocessing differ only if both datasets have some
     */
    default Dataset concat(Dataset other) {
        return new ConcatDataset(this, other);
    }

    /**
     * {@return a view of images that a function makes of these, each time that one is read; with the same labels}
     *
     * <pre>{@code
     * Dataset grey = colour.map(Shape.of(1, 32, 32), (image, result) -> {
     *     for (int i = 0; i < result.length; i++) {
     *         result[i] = (image[i] + image[1024 + i] + image[2048 + i]) / 3;
     *     }
     * });
     * }</pre>
     *
     * @param shape the shape of the results
     * @param function takes an image of {@code this.shape().size()} values, which it may change, and an array of
     *     {@code shape.size()} values, all of which it sets; it must not keep them. Equal images must give equal results. Several
     *     threads call it at once, with their own arrays
     */
    default Dataset map(Shape shape, BiConsumer<double[], double[]> function) {
        return new MappedDataset(this, shape, function);
    }

    /**
     * {@return a view of the same images with other labels; the classes have no names until {@link #withClassNames} gives them
     * some}
     *
     * <pre>{@code
     * Dataset oddOrEven = digits.mapLabels(2, digit -> digit % 2);
     * }</pre>
     *
     * @param classes the new number of classes, at least 1
     * @param function maps labels to new ones; called once now for each label that occurs
     * @throws IllegalArgumentException if {@code classes} is below 1, a new label is not below {@code classes}, or the images
     *     have no labels
     */
    default Dataset mapLabels(int classes, IntUnaryOperator function) {
        return RelabelledDataset.mapped(this, classes, function);
    }

    /**
     * {@return a view of the images whose label a condition accepts, maybe none; classes and labels stay as they are}
     *
     * <pre>{@code
     * Dataset withoutOnes = digits.filter(digit -> digit != 1);
     * }</pre>
     *
     * @param condition called once now for each label that occurs
     * @throws IllegalArgumentException if the images have no labels
     */
    default Dataset filter(IntPredicate condition) {
        return Selection.filtered(this, condition);
    }

    /**
     * {@return a view of the images of some classes, maybe none; the classes are numbered from 0 in the order given, and keep
     * their names}
     *
     * <pre>{@code
     * Dataset threesAndEights = digits.onlyClasses(3, 8); // 3 becomes 0, 8 becomes 1
     * }</pre>
     *
     * @param classes at least one label of this dataset, none twice
     * @throws IllegalArgumentException if there is no such class, one is given twice, or the images have no labels
     */
    default Dataset onlyClasses(int... classes) {
        return RelabelledDataset.only(this, classes);
    }

    /**
     * {@return a view of the same images with names for their classes}
     *
     * <pre>{@code
     * Dataset pets = MnistCsv.builder().classes(2).load(file).withClassNames(List.of("cat", "dog"));
     * }</pre>
     *
     * @param names one per class, in the order of the labels, all different, none blank; copied
     * @throws IllegalArgumentException if they are not
     */
    default Dataset withClassNames(List<String> names) {
        return new NamedDataset(this, names);
    }

    /**
     * {@return a view of the same images, changed at random each time that one is read, differently in each epoch} It shows epoch
     * 0; training asks it for each {@link #epoch}.
     *
     * <pre>{@code
     * Augmentation augmentation = Augmentation.builder().shift(2).rotate(10).build();
     * cnn.train(train.augmented(augmentation, 42), validation, options);
     * }</pre>
     *
     * @param augmentation what to do to the images
     * @param seed any number; equal seeds give equal changes
     * @throws IllegalArgumentException if it shifts by, or cuts out, as much as the images' height or width
     */
    default Dataset augmented(Augmentation augmentation, long seed) {
        return new AugmentedDataset(this, augmentation, seed);
    }

    /**
     * {@return these images as they are in an epoch} Training asks for it at the start of each epoch. Your own dataset that
     * changes with the epochs overrides it, and so does one that wraps another. All others are the same in every epoch.
     *
     * @param epoch how many epochs the network has been trained before, at least 0
     */
    default Dataset epoch(int epoch) {
        return this;
    }

    /**
     * Makes a dataset of images in memory.
     *
     * <pre>{@code
     * double[][] images = {{0.0, 0.5}, {1.0, 0.25}};
     * int[] labels = {0, 1};
     * Dataset pairs = Dataset.of(images, labels, Shape.of(1, 1, 2), 2);
     * }</pre>
     *
     * @param images one array of {@code shape.size()} finite values per image, in the order channel, row, column; copied
     * @param labels the class of each image, from 0 to {@code classes - 1}; copied
     * @param shape the shape of every image
     * @param classes the number of classes, at least 1
     * @return the dataset
     * @throws IllegalArgumentException if the numbers of labels and images differ, or an image, value, label or {@code classes}
     *     is not as above; names the image
     */
    static Dataset of(double[][] images, int[] labels, Shape shape, int classes) {
        return ArrayDataset.checked(images, labels, shape, classes);
    }

    /**
     * Makes a dataset of 8-bit images in memory, kept as bytes: an eighth of what doubles take.
     *
     * <pre>{@code
     * byte[][] pixels = {{0, 127}, {(byte) 255, 64}};
     * Dataset pairs = Dataset.of(pixels, new int[] {0, 1}, Shape.of(1, 1, 2), 2);
     * pairs.image(1); // {1.0, 0.25098...}
     * }</pre>
     *
     * @param pixels one array of {@code shape.size()} unsigned bytes per image, in the order channel, row, column; copied. The
     *     network sees them scaled to [0, 1] ({@link PixelScaling#UNIT})
     * @param labels the class of each image, from 0 to {@code classes - 1}; copied
     * @param shape the shape of every image
     * @param classes the number of classes, at least 1
     * @return the dataset
     * @throws IllegalArgumentException if the numbers of labels and images differ, or an image, label or {@code classes} is not
     *     as above; names the image
     */
    static Dataset of(byte[][] pixels, int[] labels, Shape shape, int classes) {
        return PixelDataset.checked(pixels, labels, shape, classes);
    }
}
