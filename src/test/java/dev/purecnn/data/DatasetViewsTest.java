package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts, sums and images under a function that a dataset can be seen as. */
class DatasetViewsTest {
    private static final Shape SHAPE = Shape.of(1, 1, 3);

    /** Image i is {i, i + 0.25, i + 0.5} with label i % classes. */
    static Dataset numbered(int size, int classes) {
        double[][] images = new double[size][];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            images[i] = new double[] {i, i + 0.25, i + 0.5};
            labels[i] = i % classes;
        }
        return Dataset.of(images, labels, SHAPE, classes);
    }

    static int[] numbers(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .map(i -> (int) dataset.image(i)[0])
                .toArray();
    }

    private static long count(Dataset dataset, int label) {
        return IntStream.range(0, dataset.size())
                .filter(i -> dataset.label(i) == label)
                .count();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.04, 0", "0.05, 1", "0.3, 3", "0.72, 7", "1, 10"})
    void split_fraction_isRoundedToWholeImages(double fraction, int size) {
        DatasetSplit parts = numbered(10, 4).split(fraction, 1);

        assertThat(parts.first().size()).isEqualTo(size);
        assertThat(parts.rest().size()).isEqualTo(10 - size);
    }

    @Test
    void split_seed_cutsTheDocumentedOrder() {
        DatasetSplit parts = numbered(10, 4).split(0.3, 42);

        assertThat(numbers(parts.first())).containsExactly(4, 6, 2);
        assertThat(numbers(parts.rest())).containsExactly(1, 7, 9, 8, 5, 3, 0);
    }

    /** From the same order, 4 6 2 1 7 9 8 5 3 0: of the even and of the odd ones, two of five each. */
    @Test
    void stratifiedSplit_seed_takesTheFirstOfEachClass() {
        DatasetSplit parts = numbered(10, 2).stratifiedSplit(0.4, 42);

        assertThat(numbers(parts.first())).containsExactly(4, 6, 1, 7);
        assertThat(numbers(parts.rest())).containsExactly(2, 9, 8, 5, 3, 0);
    }

    @Test
    void stratifiedSplit_manyImages_givesEachClassItsShare() {
        Dataset uneven = numbered(1000, 10).take(955).concat(numbered(33, 10));
        for (double fraction : new double[] {0, 0.1, 0.5, 0.8123, 1}) {
            DatasetSplit parts = uneven.stratifiedSplit(fraction, 7);

            for (int label = 0; label < 10; label++) {
                assertThat(count(parts.first(), label)).isEqualTo(Math.round(fraction * count(uneven, label)));
            }
            int[] all = numbers(parts.first().concat(parts.rest()));
            Arrays.sort(all);
            int[] expected = numbers(uneven);
            Arrays.sort(expected);
            assertThat(all).isEqualTo(expected);
        }
    }

    @Test
    void stratifiedSplit_classesWithoutImages_areLeftOut() {
        DatasetSplit parts = numbered(3, 100).stratifiedSplit(1, 0);

        assertThat(parts.first().size()).isEqualTo(3);
        assertThat(parts.first().classes()).isEqualTo(100);
        assertThat(numbered(0, 3).stratifiedSplit(0.5, 1).rest().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.001, 1.001, Double.NaN, Double.POSITIVE_INFINITY, 90})
    void split_badFraction_isRefused(double bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(10, 4).split(bad, 1))
                .withMessage("Dataset.split: expected a fraction from 0 to 1, got " + bad
                        + ". Write 0.9 for nine images in ten.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(10, 4).stratifiedSplit(bad, 1))
                .withMessageStartingWith("Dataset.stratifiedSplit: expected a fraction from 0 to 1, got " + bad);
    }

    @Test
    void concat_two_holdsTheFirstThenTheSecond() {
        Dataset both = numbered(2, 4).concat(numbered(10, 4).skip(7));

        assertThat(numbers(both)).containsExactly(0, 1, 7, 8, 9);
        assertThat(IntStream.range(0, 5).map(both::label)).containsExactly(0, 1, 3, 0, 1);
        assertThat(both.shape()).isEqualTo(SHAPE);
        assertThat(both.classes()).isEqualTo(4);
    }

    @Test
    void concat_empty_isTheOther() {
        assertThat(numbers(numbered(0, 4).concat(numbered(2, 4)))).containsExactly(0, 1);
        assertThat(numbers(numbered(2, 4).concat(numbered(0, 4)))).containsExactly(0, 1);
    }

    @Test
    void concat_unlikeDatasets_saysWhatDiffers() {
        Dataset wide = Dataset.of(new double[1][4], new int[1], Shape.of(1, 1, 4), 4);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(2, 4).concat(wide))
                .withMessage("Dataset.concat: expected images of 1 x 1 x 3, got 1 x 1 x 4."
                        + " Bring both to one shape with map.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(2, 4).concat(numbered(2, 5)))
                .withMessage("Dataset.concat: expected 4 classes, got 5."
                        + " Bring both to the same classes with mapLabels.");
        assertThatNullPointerException()
                .isThrownBy(() -> numbered(2, 4).concat(null))
                .withMessage("other");
    }

    @Test
    void concat_moreThanAnIntCounts_isRefused() {
        Dataset doubling = numbered(1, 1);
        for (int i = 0; i < 30; i++) {
            doubling = doubling.concat(doubling);
        }
        Dataset half = doubling;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> half.concat(half))
                .withMessage(
                        "Dataset.concat: expected at most 2147483647 images, got 2147483648." + " Take fewer of them.");
    }

    @Test
    void map_function_isAskedAtEachReading() {
        Dataset mapped = numbered(3, 2).map(Shape.of(2, 1, 1), (image, result) -> {
            result[0] = image[0] + image[2];
            result[1] = -image[1];
            image[0] = 99; // its own to change
        });

        for (int i = 0; i < 2; i++) {
            assertThat(mapped.image(2)).containsExactly(4.5, -2.25);
        }
        assertThat(mapped.shape()).isEqualTo(Shape.of(2, 1, 1));
        assertThat(mapped.size()).isEqualTo(3);
        assertThat(mapped.classes()).isEqualTo(2);
        assertThat(mapped.label(1)).isEqualTo(1);
    }

    @Test
    void map_ofItself_givesEachItsArrays() {
        BiConsumer<double[], double[]> reversed = (image, result) -> {
            for (int i = 0; i < image.length; i++) {
                result[i] = image[image.length - 1 - i] + 1;
            }
        };
        Dataset twice = numbered(5, 2).map(SHAPE, reversed).map(SHAPE, reversed);

        assertThat(twice.image(3)).containsExactly(5, 5.25, 5.5);
    }

    @Test
    void map_byManyThreads_givesTheSame() {
        Dataset mapped = numbered(1000, 2).map(SHAPE, (image, result) -> {
            for (int i = 0; i < image.length; i++) {
                result[i] = 2 * image[i];
            }
        });

        assertThat(IntStream.range(0, 100_000)
                        .parallel()
                        .filter(i -> mapped.image(i % 1000)[1] != 2 * (i % 1000 + 0.25)))
                .isEmpty();
    }

    @Test
    void map_nulls_areNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> numbered(2, 2).map(null, (image, result) -> {}))
                .withMessage("shape");
        assertThatNullPointerException()
                .isThrownBy(() -> numbered(2, 2).map(SHAPE, null))
                .withMessage("function");
    }

    @Test
    void mapLabels_function_givesEachClassItsLabel() {
        Dataset mapped = numbered(5, 4).mapLabels(2, label -> label / 2);

        assertThat(IntStream.range(0, 5).map(mapped::label)).containsExactly(0, 0, 1, 1, 0);
        assertThat(mapped.classes()).isEqualTo(2);
        assertThat(numbers(mapped)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void mapLabels_badFunction_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(5, 4).mapLabels(3, label -> label))
                .withMessage("Dataset.mapLabels: expected labels from 0 to 2, got 3 for label 3."
                        + " Correct the function or raise the number of classes.");
        assertThatIllegalArgumentException().isThrownBy(() -> numbered(5, 4).mapLabels(3, label -> -label));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(5, 4).mapLabels(0, label -> 0))
                .withMessageStartingWith("Dataset.mapLabels: expected at least 1 class, got 0.");
        assertThatNullPointerException()
                .isThrownBy(() -> numbered(5, 4).mapLabels(3, null))
                .withMessage("function");
    }

    /** The letters of EMNIST: 26 classes, numbered from 1. */
    @Test
    void mapLabels_labelsThatDoNotOccur_areNotAskedAbout() {
        int[] labels = IntStream.rangeClosed(1, 26).toArray();
        Dataset letters = Dataset.of(new double[26][3], labels, SHAPE, 27);

        Dataset fromZero = letters.mapLabels(26, letter -> letter - 1);

        assertThat(IntStream.range(0, 26).map(fromZero::label))
                .containsExactly(IntStream.range(0, 26).boxed().toArray(Integer[]::new));
        assertThat(fromZero.classes()).isEqualTo(26);
        assertThat(numbered(3, 10).mapLabels(1, label -> label / 3).label(2)).isZero();
        assertThat(numbered(0, 10).mapLabels(1, label -> -7).size()).isZero();
    }

    @Test
    void filter_condition_keepsTheImagesAndClasses() {
        List<Integer> asked = new ArrayList<>();

        Dataset odd = numbered(10, 4).filter(label -> {
            asked.add(label);
            return label % 2 == 1;
        });

        assertThat(numbers(odd)).containsExactly(1, 3, 5, 7, 9);
        assertThat(IntStream.range(0, 5).map(odd::label)).containsExactly(1, 3, 1, 3, 1);
        assertThat(odd.classes()).isEqualTo(4);
        assertThat(asked).containsExactly(0, 1, 2, 3);
        assertThat(numbered(10, 4).filter(label -> false).size()).isZero();
        assertThat(numbers(numbered(10, 4).shuffled(42).filter(label -> label == 0)))
                .containsExactly(4, 8, 0);
    }

    @Test
    void filter_null_isNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> numbered(2, 2).filter(null))
                .withMessage("condition");
    }

    @Test
    void onlyClasses_some_areNumberedInTheGivenOrder() {
        Dataset digits = numbered(20, 10);

        Dataset threesAndEights = digits.onlyClasses(3, 8);
        assertThat(numbers(threesAndEights)).containsExactly(3, 8, 13, 18);
        assertThat(IntStream.range(0, 4).map(threesAndEights::label)).containsExactly(0, 1, 0, 1);
        assertThat(threesAndEights.classes()).isEqualTo(2);

        Dataset eightsAndThrees = digits.onlyClasses(8, 3);
        assertThat(numbers(eightsAndThrees)).containsExactly(3, 8, 13, 18);
        assertThat(IntStream.range(0, 4).map(eightsAndThrees::label)).containsExactly(1, 0, 1, 0);

        assertThat(numbered(3, 10).onlyClasses(9).size()).isZero();
        assertThat(numbered(3, 10).onlyClasses(9).classes()).isEqualTo(1);
    }

    @Test
    void onlyClasses_names_follow() {
        Dataset pets = numbered(9, 3).withClassNames(List.of("cat", "dog", "horse"));

        assertThat(pets.onlyClasses(2, 0).classNames()).containsExactly("horse", "cat");
        assertThat(pets.onlyClasses(2, 0).shuffled(1).onlyClasses(1).classNames())
                .containsExactly("cat");
    }

    @Test
    void onlyClasses_badClasses_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(9, 3).onlyClasses())
                .withMessage("Dataset.onlyClasses: expected at least 1 class, got none. Name the classes to keep.");
        for (int bad : new int[] {-1, 3, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> numbered(9, 3).onlyClasses(1, bad))
                    .withMessage("Dataset.onlyClasses: expected classes from 0 to 2, got " + bad
                            + ". Name classes of this dataset.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(9, 3).onlyClasses(2, 0, 2))
                .withMessage("Dataset.onlyClasses: expected different classes, got 2 twice. Name each class once.");
    }

    static Stream<Dataset> kinds() {
        Dataset two = numbered(2, 4);
        BiConsumer<double[], double[]> copy = (image, result) -> System.arraycopy(image, 0, result, 0, image.length);
        return List.of(
                two.take(1).concat(two.skip(1)),
                numbered(10, 4).split(0.2, 3).first(),
                numbered(10, 4).stratifiedSplit(0.8, 3).rest(),
                two.map(SHAPE, copy),
                two.mapLabels(5, label -> label + 1),
                two.filter(label -> true),
                two.onlyClasses(1, 0),
                two.withClassNames(List.of("a", "b", "c", "d")))
                .stream();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void labelAndCopyImage_misused_areRefused(Dataset dataset) {
        for (int bad : new int[] {-1, dataset.size(), Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.label(bad))
                    .withMessageStartingWith("Dataset.label: expected an image index below " + dataset.size());
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.copyImage(bad, new double[3], 0))
                    .withMessageStartingWith("Dataset.copyImage: expected an image index below " + dataset.size());
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dataset.copyImage(0, new double[5], 3))
                .withMessageStartingWith("Dataset.copyImage: expected room for 3 values at offset 3");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void copyImage_manyTimes_allocatesNothingAndLeavesTheRestAlone(Dataset dataset) {
        double[] target = {-7, -7, -7, -7, -7};

        assertThat(TestFiles.fewestAllocatedBytes(() -> dataset.copyImage(1, target, 1)))
                .isZero();
        assertThat(target[0]).isEqualTo(-7);
        assertThat(target[4]).isEqualTo(-7);
        assertThat(Arrays.copyOfRange(target, 1, 4)).containsExactly(dataset.image(1));
    }
}
