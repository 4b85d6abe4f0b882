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
 * <p>Reading is by index, in any order and any number of times; the same index always gives the same image. The
 * views {@link #take}, {@link #skip}, {@link #shuffled}, {@link #split}, {@link #filter}, {@link #onlyClasses},
 * {@link #concat}, {@link #map}, {@link #mapLabels} and {@link #augmented} share the images of the dataset they come from.
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
 * <p>Every dataset of this library never changes and may be read by any number of threads at once. An implementation
 * of your own must allow concurrent reads too, for training has several workers.
 */
public interface Dataset {

    /**
     * The number of images.
     *
     * @return at least 0
     */
    int size();

    /**
     * The shape of every image.
     *
     * @return channels, height and width
     */
    Shape shape();

    /**
     * The number of classes, whether or not each of them has an image here.
     *
     * @return at least 1
     */
    int classes();

    /**
     * The names of the classes, where they are known: those of the folders of an {@link ImageFolder}, or those given to
     * {@link #withClassNames}. Views keep them, except for {@link #mapLabels}. Datasets that both have names can only be
     * used together if the names are the same, in the same order.
     *
     * <p>A dataset of your own that wraps another should return its names here too.
     *
     * @return {@code classes()} different names in the order of the labels, or an empty list: none were given
     */
    default List<String> classNames() {
        return List.of();
    }

    /**
     * How the images were made from pictures, where they were: a network that is built from this dataset prepares the
     * pictures that it classifies in the same way. Views keep it, except for {@link #map}; datasets that are
     * concatenated must not have two different ones.
     *
     * <p>A dataset of your own that wraps another should return that one's here too.
     *
     * @return empty if the images do not come from pictures
     */
    default Optional<Preprocessing> preprocessing() {
        return Optional.empty();
    }

    /**
     * The class of an image.
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @return from 0 to {@code classes() - 1}
     * @throws IndexOutOfBoundsException if there is no such image
     */
    int label(int index);

    /**
     * Whether the labels say anything. Of images that came without labels, every label is 0: they are there to be
     * predicted. Training and testing refuse them, and so do views that go by labels.
     *
     * @return true unless this dataset, or one that it shows, was loaded without labels
     */
    default boolean isLabelled() {
        return true;
    }

    /**
     * Copies an image into an array, without allocating anything.
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @param target receives {@code shape().size()} values, in the order channel, row, column; the rest of it is left
     *     alone
     * @param offset where in {@code target} the first value goes
     * @throws IndexOutOfBoundsException if there is no such image
     * @throws IllegalArgumentException if the target has no room for a whole image at that offset
     */
    void copyImage(int index, double[] target, int offset);

    /**
     * An image in an array of its own.
     *
     * @param index the image, from 0 to {@code size() - 1}
     * @return a new array of {@code shape().size()} values, in the order channel, row, column
     * @throws IndexOutOfBoundsException if there is no such image
     */
    default double[] image(int index) {
        double[] image = new double[shape().size()];
        copyImage(index, image, 0);
        return image;
    }

    /**
     * The first images: a view, which copies none.
     *
     * @param count how many, from 0 to {@code size()}
     * @return images 0 to {@code count - 1}
     * @throws IllegalArgumentException if the count is negative, or larger than the number of images there are
     */
    default Dataset take(int count) {
        DatasetChecks.count("Dataset.take", count, size());
        return Selection.of(this, IntStream.range(0, count).toArray());
    }

    /**
     * All but the first images: a view, which copies none.
     *
     * @param count how many to leave out, from 0 to {@code size()}
     * @return images {@code count} to {@code size() - 1}
     * @throws IllegalArgumentException if the count is negative, or larger than the number of images there are
     */
    default Dataset skip(int count) {
        DatasetChecks.count("Dataset.skip", count, size());
        return Selection.of(this, IntStream.range(count, size()).toArray());
    }

    /**
     * The same images in a random order: a view, which copies none.
     *
     * <p>The order depends on the seed and the size alone, and is the same on every JDK: for each {@code i} from
     * {@code size() - 1} down to 1, images {@code i} and {@code random.nextInt(i + 1)} change places, where
     * {@code random} is {@code new java.util.Random(seed)}.
     *
     * @param seed any number; equal seeds give equal orders
     * @return all images, each once
     * @see <a href="https://doi.org/10.1145/364520.364540">Durstenfeld 1964, the Fisher-Yates shuffle</a>
     */
    default Dataset shuffled(long seed) {
        return Selection.of(this, Selection.permutation(size(), seed));
    }

    /**
     * Two parts, drawn at random: views, which copy no images.
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
     * Two parts, drawn at random so that each class has the same share in both: views, which copy no images. Reads every
     * label once or twice.
     *
     * @param fraction the share of the first part, from 0 to 1; of a class of {@code n} images it gets
     *     {@code Math.round(fraction * n)}
     * @param seed any number; equal seeds give equal parts
     * @return the images that come first of their class in {@code shuffled(seed)}, and the rest of them, both in that
     *     order
     * @throws IllegalArgumentException if the fraction is not from 0 to 1, or the images have no labels
     */
    default DatasetSplit stratifiedSplit(double fraction, long seed) {
        return DatasetSplit.stratified(this, fraction, seed);
    }

    /**
     * These images, then those of another dataset: a view, which copies none.
     *
     * <pre>{@code
     * Dataset all = train.concat(test);
     * all.image(train.size()); // the first of test
     * }</pre>
     *
     * @param other has images of the same shape, in the same classes
     * @return {@code size() + other.size()} images
     * @throws NullPointerException if the other is null
     * @throws IllegalArgumentException if shapes, classes, their names or the preprocessing differ, or there are more images than an int
     *     can count; names differ only where both datasets have some
     */
    default Dataset concat(Dataset other) {
        return new ConcatDataset(this, other);
    }

    /**
     * What a function makes of the images, with the same labels: a view, which keeps none, but asks the function each
     * time that an image is read.
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
     *     {@code shape.size()} values, of any content, all of which it sets; it must not keep them. For equal images it
     *     must give equal results, and allow calls by several threads at once, which get arrays of their own
     * @return as many images, of that shape
     * @throws NullPointerException if an argument is null
     */
    default Dataset map(Shape shape, BiConsumer<double[], double[]> function) {
        return new MappedDataset(this, shape, function);
    }

    /**
     * The same images with other labels: a view, which copies none. Its classes have no names until
     * {@link #withClassNames} gives them some.
     *
     * <pre>{@code
     * Dataset oddOrEven = digits.mapLabels(2, digit -> digit % 2);
     * }</pre>
     *
     * @param classes the new number of classes, at least 1
     * @param function asked for the new label of each label that occurs, right now and never again
     * @return as many images
     * @throws NullPointerException if the function is null
     * @throws IllegalArgumentException if {@code classes} is below 1, a new label is not below {@code classes}, or the
     *     images have no labels
     */
    default Dataset mapLabels(int classes, IntUnaryOperator function) {
        return RelabelledDataset.mapped(this, classes, function);
    }

    /**
     * The images whose label a condition accepts: a view, which copies none. The classes and labels stay as they are.
     *
     * <pre>{@code
     * Dataset withoutOnes = digits.filter(digit -> digit != 1);
     * }</pre>
     *
     * @param condition asked about each label that occurs, right now and never again
     * @return the images in their order, maybe none
     * @throws NullPointerException if the condition is null
     * @throws IllegalArgumentException if the images have no labels
     */
    default Dataset filter(IntPredicate condition) {
        return Selection.filtered(this, condition);
    }

    /**
     * The images of some classes, which are numbered again from 0, in the order given here: a view, which copies none.
     * The names of the classes move with them.
     *
     * <pre>{@code
     * Dataset threesAndEights = digits.onlyClasses(3, 8); // 3 becomes 0, 8 becomes 1
     * }</pre>
     *
     * @param classes at least one label of this dataset, none twice
     * @return the images of these classes in their order, maybe none
     * @throws NullPointerException if the array is null
     * @throws IllegalArgumentException if no class is given, there is no such class, one is given twice, or the images
     *     have no labels
     */
    default Dataset onlyClasses(int... classes) {
        return RelabelledDataset.only(this, classes);
    }

    /**
     * The same images in classes that have these names: a view, which copies no images.
     *
     * <pre>{@code
     * Dataset pets = MnistCsv.builder().classes(2).load(file).withClassNames(List.of("cat", "dog"));
     * }</pre>
     *
     * @param names one for each class, in the order of the labels, all different; copied
     * @return as many images, with the same labels
     * @throws NullPointerException if the list or a name is null
     * @throws IllegalArgumentException if there are not {@code classes()} names, a name is blank, or two are the same
     */
    default Dataset withClassNames(List<String> names) {
        return new NamedDataset(this, names);
    }

    /**
     * The same images, changed at random, in another way in each epoch: a view, which keeps none, but changes an image
     * each time that it is read. It is meant for training; {@link #epoch} says which epoch it shows, at first epoch 0.
     *
     * <pre>{@code
     * Augmentation augmentation = Augmentation.builder().shift(2).rotate(10).build();
     * cnn.train(train.augmented(augmentation, 42), validation, options);
     * }</pre>
     *
     * @param augmentation what is done to the images
     * @param seed any number; equal seeds give equal changes
     * @return as many images, with the same labels
     * @throws NullPointerException if the augmentation is null
     * @throws IllegalArgumentException if it shifts by, or cuts out, as much as the images' height or width
     */
    default Dataset augmented(Augmentation augmentation, long seed) {
        return new AugmentedDataset(this, augmentation, seed);
    }

    /**
     * These images as they are in an epoch. Training asks for it at the start of each epoch; a dataset of your own that
     * changes with the epochs answers accordingly, and one that wraps another asks that one. All others are the same in
     * every epoch, as this default says.
     *
     * @param epoch how many epochs the network has been trained before, at least 0
     * @return as many images, of the same shape and labels
     */
    default Dataset epoch(int epoch) {
        return this;
    }

    /**
     * A dataset of images in memory.
     *
     * <pre>{@code
     * double[][] images = {{0.0, 0.5}, {1.0, 0.25}};
     * int[] labels = {0, 1};
     * Dataset pairs = Dataset.of(images, labels, Shape.of(1, 1, 2), 2);
     * }</pre>
     *
     * @param images one array of {@code shape.size()} finite values per image, in the order channel, row, column;
     *     copied, so that later changes to it do no harm
     * @param labels the class of each image, from 0 to {@code classes - 1}; copied
     * @param shape the shape of every image
     * @param classes the number of classes, at least 1
     * @return the dataset
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there are not as many labels as images, an image is null or of another size,
     *     a value is NaN or infinite, a label is not below {@code classes}, or {@code classes} is below 1; names the
     *     image
     */
    static Dataset of(double[][] images, int[] labels, Shape shape, int classes) {
        return ArrayDataset.checked(images, labels, shape, classes);
    }

    /**
     * A dataset of 8-bit images in memory, kept as the bytes that they are, an eighth of what doubles take.
     *
     * <pre>{@code
     * byte[][] pixels = {{0, 127}, {(byte) 255, 64}};
     * Dataset pairs = Dataset.of(pixels, new int[] {0, 1}, Shape.of(1, 1, 2), 2);
     * pairs.image(1); // {1.0, 0.25098...}
     * }</pre>
     *
     * @param pixels one array of {@code shape.size()} unsigned bytes per image, in the order channel, row, column;
     *     copied. The network sees them scaled to [0, 1] ({@link PixelScaling#UNIT})
     * @param labels the class of each image, from 0 to {@code classes - 1}; copied
     * @param shape the shape of every image
     * @param classes the number of classes, at least 1
     * @return the dataset
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there are not as many labels as images, an image is null or of another size, a
     *     label is not below {@code classes}, or {@code classes} is below 1; names the image
     */
    static Dataset of(byte[][] pixels, int[] labels, Shape shape, int classes) {
        return PixelDataset.checked(pixels, labels, shape, classes);
    }
}
