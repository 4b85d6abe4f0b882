package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetTest {
    private static final Shape SHAPE = Shape.of(1, 1, 3);

    /** Image i is {i, i + 0.25, i + 0.5} with label i % 4. */
    private static Dataset numbered(int size) {
        double[][] images = new double[size][];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            images[i] = new double[] {i, i + 0.25, i + 0.5};
            labels[i] = i % 4;
        }
        return Dataset.of(images, labels, SHAPE, 4);
    }

    private static int[] numbers(Dataset dataset) {
        return IntStream.range(0, dataset.size())
                .map(i -> (int) dataset.image(i)[0])
                .toArray();
    }

    @Test
    void of_validArrays_answersWhatWentIn() {
        Dataset dataset = numbered(6);

        assertThat(dataset.size()).isEqualTo(6);
        assertThat(dataset.shape()).isEqualTo(SHAPE);
        assertThat(dataset.classes()).isEqualTo(4);
        assertThat(dataset.label(5)).isEqualTo(1);
        assertThat(dataset.image(5)).containsExactly(5.0, 5.25, 5.5);
    }

    @Test
    void of_arraysChangedLater_keepsItsOwn() {
        double[][] images = {{1, 2, 3}, {4, 5, 6}};
        int[] labels = {0, 1};
        Dataset dataset = Dataset.of(images, labels, SHAPE, 2);

        images[0][1] = 99;
        images[1] = null;
        labels[1] = 7;
        dataset.image(0)[2] = 99;

        assertThat(dataset.image(0)).containsExactly(1, 2, 3);
        assertThat(dataset.image(1)).containsExactly(4, 5, 6);
        assertThat(dataset.label(1)).isEqualTo(1);
    }

    @Test
    void of_noImages_isEmpty() {
        assertThat(Dataset.of(new double[0][], new int[0], SHAPE, 1).size()).isZero();
    }

    @Test
    void of_fewerLabelsThanImages_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[3][3], new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected one label per image, got 3 images and 2 labels."
                        + " Give every image its label.");
    }

    @Test
    void of_imageOfAnotherSize_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[][] {{1, 2, 3}, {4, 5}}, new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected 3 values (1 x 1 x 3) per image, got 2 in image 1."
                        + " Convert the image or give the shape that it has.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void of_valueNotFinite_isNamed(double bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[][] {{1, 2, 3}, {4, 5, bad}}, new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected finite values, got " + bad
                        + " in image 1, pixel 2. Clean the data first.");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void of_labelOutOfRange_isNamed(int bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[2][3], new int[] {1, bad}, SHAPE, 2))
                .withMessage("Dataset.of: expected labels from 0 to 1, got " + bad
                        + " for image 1. Correct the label or raise the number of classes.");
    }

    @Test
    void of_noClasses_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[0][], new int[0], SHAPE, 0))
                .withMessage("Dataset.of: expected at least 1 class, got 0. Give the number of different labels.");
    }

    @Test
    void of_nulls_areNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of((double[][]) null, new int[1], SHAPE, 2))
                .withMessage("images");
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of(new double[1][3], null, SHAPE, 2))
                .withMessage("labels");
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of(new double[1][3], new int[1], null, 2))
                .withMessage("shape");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new double[][] {{1, 2, 3}, null}, new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected an array, got null for image 1. Leave the image and its label out.");
    }

    @Test
    void take_someOfThem_answersTheFirst() {
        Dataset view = numbered(6).take(4);

        assertThat(numbers(view)).containsExactly(0, 1, 2, 3);
        assertThat(view.label(3)).isEqualTo(3);
        assertThat(view.shape()).isEqualTo(SHAPE);
        assertThat(view.classes()).isEqualTo(4);
    }

    @Test
    void skip_someOfThem_answersTheRest() {
        assertThat(numbers(numbered(6).skip(4))).containsExactly(4, 5);
    }

    @Test
    void takeAndSkip_noneOrAll_areAllowed() {
        assertThat(numbered(6).take(0).size()).isZero();
        assertThat(numbered(6).skip(6).size()).isZero();
        assertThat(numbers(numbered(3).take(3))).containsExactly(0, 1, 2);
        assertThat(numbers(numbered(3).skip(0))).containsExactly(0, 1, 2);
    }

    @Test
    void take_moreThanThereAre_saysHowMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(100).take(200))
                .withMessage("Dataset.take: expected a count from 0 to 100, got 200."
                        + " There are 100 images; ask for no more.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(100).shuffled(1).take(10).take(11))
                .withMessage("Dataset.take: expected a count from 0 to 10, got 11."
                        + " There are 10 images; ask for no more.");
    }

    @Test
    void skip_negativeCount_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(5).skip(-1))
                .withMessage("Dataset.skip: expected a count from 0 to 5, got -1."
                        + " There are 5 images; ask for no more.");
    }

    /** Orders from an independent Python version of java.util.Random's documented generator and of the shuffle. */
    @ParameterizedTest
    @CsvSource({
        "0, 4 8 9 6 3 5 2 1 7 0",
        "42, 4 6 2 1 7 9 8 5 3 0",
        "-1, 8 4 7 1 9 2 6 0 5 3",
        "123456789012, 1 5 7 9 8 0 3 4 6 2"
    })
    void shuffled_seed_givesTheDocumentedOrder(long seed, String order) {
        assertThat(numbers(numbered(10).shuffled(seed)))
                .containsExactly(Arrays.stream(order.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @Test
    void shuffled_manyImages_holdsEachOnceWithItsLabel() {
        Dataset view = numbered(1000).shuffled(-5);

        assertThat(numbers(view)).doesNotHaveDuplicates().hasSize(1000);
        for (int i = 0; i < view.size(); i++) {
            assertThat(view.label(i)).isEqualTo((int) view.image(i)[0] % 4);
        }
    }

    @Test
    void views_ofViews_compose() {
        Dataset shuffled = numbered(10).shuffled(42);
        int[] order = numbers(shuffled);

        assertThat(numbers(shuffled.skip(2).take(3))).containsExactly(order[2], order[3], order[4]);
        assertThat(numbers(numbered(10).skip(7).shuffled(3))).containsExactlyInAnyOrder(7, 8, 9);
    }

    static List<Dataset> kinds() {
        byte[][] pixels = {{0, 1, 2}, {3, 4, 5}};
        return List.of(
                numbered(2),
                numbered(4).skip(1).take(2),
                new PixelDataset(pixels, new int[2], SHAPE, 4, PixelScaling.UNIT));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void labelAndCopyImage_noSuchImage_sayHowManyThereAre(Dataset dataset) {
        for (int bad : new int[] {-1, 2, Integer.MAX_VALUE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.label(bad))
                    .withMessage("Dataset.label: expected an image index below 2, got " + bad
                            + ". Images are numbered from 0 to size() - 1.");
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.copyImage(bad, new double[3], 0))
                    .withMessage("Dataset.copyImage: expected an image index below 2, got " + bad
                            + ". Images are numbered from 0 to size() - 1.");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void copyImage_noRoom_isRefused(Dataset dataset) {
        for (int offset : new int[] {-1, 3, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> dataset.copyImage(0, new double[5], offset))
                    .withMessage("Dataset.copyImage: expected room for 3 values at offset " + offset
                            + ", got an array of 5. Make the target larger or correct the offset.");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> dataset.copyImage(0, new double[2], 0));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void copyImage_offset_leavesTheRestAlone(Dataset dataset) {
        double[] target = {-7, -7, -7, -7, -7, -7};

        dataset.copyImage(1, target, 2);

        double[] image = dataset.image(1);
        assertThat(target).containsExactly(-7, -7, image[0], image[1], image[2], -7);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void copyImage_manyTimes_allocatesNothing(Dataset dataset) {
        double[] target = new double[6];

        assertThat(TestFiles.fewestAllocatedBytes(() -> {
                    dataset.copyImage(1, target, 3);
                    target[0] += dataset.label(1);
                }))
                .isZero();
    }

    @Test
    void scale_eitherScaling_isExact() {
        for (int pixel = 0; pixel < 256; pixel++) {
            assertThat(PixelScaling.UNIT.scale(pixel)).isEqualTo(pixel / 255.0);
            assertThat(PixelScaling.ZERO_MEAN.scale(pixel)).isEqualTo(pixel / 255.0 - 0.5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void scale_notAPixel_isRefused(int bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelScaling.UNIT.scale(bad))
                .withMessage("PixelScaling: expected a pixel from 0 to 255, got " + bad
                        + ". Bytes are signed in Java: write pixel & 0xff.");
    }
}
