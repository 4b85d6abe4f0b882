package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
    private static final Augmentation EVERYTHING = Augmentation.builder()
            .shift(2)
            .rotate(15)
            .zoom(0.8, 1.2)
            .flipHorizontally()
            .flipVertically()
            .noise(0.1)
            .cutout(3)
            .fill(-0.5)
            .build();

    private static Dataset copies(double[] image, Shape shape, int count) {
        double[][] images = new double[count][];
        Arrays.fill(images, image);
        return Dataset.of(images, new int[count], shape, 1);
    }

    private static Dataset random(int count, Shape shape) {
        Random random = new Random(1);
        double[][] images = new double[count][];
        for (int i = 0; i < count; i++) {
            images[i] = random.doubles(shape.size()).toArray();
        }
        return Dataset.of(images, IntStream.range(0, count).toArray(), shape, count);
    }

    /** Two channels that hold where each cell is: its row and its column. */
    private static Dataset places(int height, int width, int count) {
        double[] image = new double[2 * height * width];
        for (int i = 0; i < height * width; i++) {
            image[i] = i / width;
            image[height * width + i] = i % width;
        }
        return copies(image, Shape.of(2, height, width), count);
    }

    private static Dataset augmented(Dataset source, Consumer<Augmentation.Builder> options) {
        Augmentation.Builder builder = Augmentation.builder();
        options.accept(builder);
        return source.augmented(builder.build(), 42);
    }

    @Test
    void augmented_byNothing_changesNothing() {
        Dataset source = random(3, Shape.of(2, 3, 5));
        Dataset view = augmented(source, options -> {});

        for (int i = 0; i < 3; i++) {
            assertThat(view.image(i)).isEqualTo(source.image(i));
            assertThat(view.label(i)).isEqualTo(i);
        }
        assertThat(view.size()).isEqualTo(3);
        assertThat(view.shape()).isEqualTo(source.shape());
        assertThat(view.classes()).isEqualTo(3);
    }

    /** Shifts by an independent Python version of the draws: rows, then columns. */
    @ParameterizedTest
    @CsvSource({"42, 0, 0, 0, -1", "42, 0, 1, 2, 2", "42, 1, 0, 0, 1", "43, 0, 0, 0, 0", "-5, 7, 99, 0, 1"})
    void shift_ofSeedEpochAndImage_isTheDocumentedDraw(long seed, int epoch, int image, int rows, int cols) {
        Augmentation shift = Augmentation.builder().shift(2).build();
        Dataset view = places(5, 7, image + 1).augmented(shift, seed).epoch(epoch);

        double[] result = view.image(image);

        assertThat(result[2 * 7 + 3]).isEqualTo(2 - rows);
        assertThat(result[5 * 7 + 2 * 7 + 3]).isEqualTo(3 - cols);
    }

    @Test
    void shift_anyImage_movesAllCellsAlikeAndFillsTheRest() {
        Dataset source = random(200, Shape.of(2, 5, 7));
        Dataset view = augmented(source, options -> options.shift(3).fill(-9));
        boolean[][] seen = new boolean[7][7];
        for (int i = 0; i < 200; i++) {
            double[] result = view.image(i);
            boolean found = false;
            for (int rows = -3; rows <= 3; rows++) {
                for (int cols = -3; cols <= 3; cols++) {
                    if (Arrays.equals(result, shifted(source.image(i), 2, 5, 7, rows, cols))) {
                        seen[rows + 3][cols + 3] = true;
                        found = true;
                    }
                }
            }
            assertThat(found).as("image %d", i).isTrue();
        }
        assertThat(Arrays.stream(seen).mapToInt(row ->
                        (int) IntStream.range(0, 7).filter(i -> row[i]).count()))
                .allMatch(count -> count >= 5);
    }

    private static double[] shifted(double[] image, int channels, int height, int width, int rows, int cols) {
        double[] result = new double[image.length];
        Arrays.fill(result, -9);
        for (int c = 0; c < channels; c++) {
            for (int row = Math.max(0, rows); row < Math.min(height, height + rows); row++) {
                for (int col = Math.max(0, cols); col < Math.min(width, width + cols); col++) {
                    result[(c * height + row) * width + col] = image[(c * height + row - rows) * width + col - cols];
                }
            }
        }
        return result;
    }

    @Test
    void flips_eachWay_areExactAndDoneToHalfOfThem() {
        Dataset view = augmented(
                places(3, 4, 4000), options -> options.flipHorizontally().flipVertically());
        int[] counts = new int[4];
        for (int i = 0; i < 4000; i++) {
            double[] result = view.image(i);
            boolean vertical = result[0] == 2;
            boolean horizontal = result[12] == 3;
            counts[(vertical ? 2 : 0) + (horizontal ? 1 : 0)]++;
            for (int cell = 0; cell < 12; cell++) {
                assertThat(result[cell]).isEqualTo(vertical ? 2 - cell / 4 : cell / 4);
                assertThat(result[12 + cell]).isEqualTo(horizontal ? 3 - cell % 4 : cell % 4);
            }
        }
        assertThat(Arrays.stream(counts)).allMatch(count -> count > 850 && count < 1150); // 5.5 standard deviations
    }

    /** Interpolation is exact for places, so that the result's inner cells tell where each came from. */
    @Test
    void rotateAndZoom_anyImage_areAsTheFormulaSays() {
        Dataset view = augmented(
                places(21, 31, 500), options -> options.rotate(30).zoom(0.5, 2).fill(-1e9));
        double smallestZoom = 9;
        double largestZoom = 0;
        double largestAngle = 0;
        for (int i = 0; i < 500; i++) {
            double[] result = view.image(i);
            int centre = 10 * 31 + 15;
            int plane = 21 * 31;
            double down = result[centre + 31] - 10;
            double across = result[plane + centre + 31] - 15;
            assertThat(result[centre]).isCloseTo(10, within(1e-9));
            assertThat(result[plane + centre]).isCloseTo(15, within(1e-9));
            assertThat(result[centre + 1] - 10).isCloseTo(-across, within(1e-9));
            assertThat(result[plane + centre + 1] - 15).isCloseTo(down, within(1e-9));
            double zoom = 1 / Math.hypot(down, across);
            smallestZoom = Math.min(smallestZoom, zoom);
            largestZoom = Math.max(largestZoom, zoom);
            largestAngle = Math.max(largestAngle, Math.toDegrees(Math.abs(Math.atan2(across, down))));
        }
        assertThat(smallestZoom).isBetween(0.5, 0.52);
        assertThat(largestZoom).isBetween(1.95, 2.0);
        assertThat(largestAngle).isBetween(29.0, 30.0);
    }

    /** Values between the smallest and the largest of image and fill, and the mean of neighbours half-way. */
    @Test
    void zoom_fixedFactor_interpolates() {
        Dataset view = augmented(
                copies(new double[] {1, 2, 4, 8}, Shape.of(1, 1, 4), 1),
                options -> options.zoom(2, 2).fill(-1));

        assertThat(view.image(0)).containsExactly(1.75, 2.5, 3.5, 5);
    }

    @Test
    void noise_manyValues_isNormal() {
        Dataset view = augmented(copies(new double[999], Shape.of(1, 27, 37), 100), options -> options.noise(0.5));
        double[] values = IntStream.range(0, 100)
                .mapToObj(view::image)
                .flatMapToDouble(Arrays::stream)
                .toArray();

        assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(0, within(0.01));
        assertThat(Arrays.stream(values).map(v -> v * v).average().orElseThrow())
                .isCloseTo(0.25, within(0.01));
        assertThat(share(values, 0.5)).isCloseTo(0.6827, within(0.01));
        assertThat(share(values, 1.0)).isCloseTo(0.9545, within(0.005));
        assertThat(share(values, 1.5)).isCloseTo(0.9973, within(0.002));
        assertThat(Arrays.stream(values).distinct().count()).isGreaterThan(99_800);
    }

    private static double share(double[] values, double limit) {
        return (double) Arrays.stream(values).filter(v -> Math.abs(v) < limit).count() / values.length;
    }

    @Test
    void cutout_anyImage_blanksOneSquareInAllChannels() {
        double[] ones = new double[2 * 5 * 6];
        Arrays.fill(ones, 1);
        Dataset view = augmented(
                copies(ones, Shape.of(2, 5, 6), 500),
                options -> options.cutout(3).fill(7));
        boolean[] centres = new boolean[30];
        for (int i = 0; i < 500; i++) {
            double[] result = view.image(i);
            int matches = 0;
            for (int centre = 0; centre < 30; centre++) {
                if (Arrays.equals(result, cut(centre / 6, centre % 6))) {
                    centres[centre] = true;
                    matches++;
                }
            }
            assertThat(matches).as("image %d", i).isEqualTo(1);
        }
        assertThat(centres).containsOnly(true);
    }

    private static double[] cut(int centreRow, int centreCol) {
        double[] expected = new double[60];
        for (int i = 0; i < 60; i++) {
            boolean inside = Math.abs(i % 30 / 6 - centreRow) <= 1 && Math.abs(i % 6 - centreCol) <= 1;
            expected[i] = inside ? 7 : 1;
        }
        return expected;
    }

    /** What else is asked for changes no draw. */
    @Test
    void draws_withMoreAskedFor_areTheSame() {
        Dataset source = random(20, Shape.of(1, 6, 6));
        Dataset shifted = augmented(source, options -> options.shift(2));
        Dataset more = augmented(source, options -> options.shift(2).cutout(2).fill(9));
        for (int i = 0; i < 20; i++) {
            double[] cut = more.image(i);
            double[] whole = shifted.image(i);
            for (int cell = 0; cell < 36; cell++) {
                assertThat(cut[cell]).isIn(9.0, whole[cell]);
            }
        }
    }

    @Test
    void epoch_another_givesOtherImages() {
        Dataset view = random(4, Shape.of(1, 6, 5)).augmented(EVERYTHING, 1);

        assertThat(view.epoch(0).image(3)).isEqualTo(view.image(3));
        assertThat(view.epoch(1).image(3))
                .isNotEqualTo(view.image(3))
                .isEqualTo(view.epoch(1).image(3));
        assertThat(view.epoch(5).epoch(1).image(3)).isEqualTo(view.epoch(1).image(3));
    }

    @Test
    void epoch_ofViews_isForwarded() {
        Dataset source = random(6, Shape.of(1, 6, 5));
        Dataset view = source.augmented(EVERYTHING, 1);
        Dataset other = view.epoch(3);

        assertThat(view.skip(2).epoch(3).image(1)).isEqualTo(other.image(3));
        assertThat(view.shuffled(1).split(0.5, 2).rest().epoch(3).image(0))
                .isEqualTo(other.shuffled(1).split(0.5, 2).rest().image(0));
        assertThat(source.concat(view).epoch(3).image(8)).isEqualTo(other.image(2));
        assertThat(view.concat(source).epoch(3).image(2)).isEqualTo(other.image(2));
        assertThat(view.mapLabels(1, label -> 0).epoch(3).image(5)).isEqualTo(other.image(5));
        assertThat(view.mapLabels(1, label -> 0).epoch(3).label(5)).isZero();
        Dataset mapped = view.map(view.shape(), (image, result) -> System.arraycopy(image, 0, result, 0, image.length));
        assertThat(mapped.epoch(3).image(5)).isEqualTo(other.image(5));
        Dataset twice = view.augmented(EVERYTHING, 2);
        assertThat(twice.epoch(3).image(5))
                .isEqualTo(other.augmented(EVERYTHING, 2).epoch(3).image(5));
    }

    @Test
    void epoch_ofViewsWithoutAugmentation_isTheSameDataset() {
        Dataset source = random(6, Shape.of(1, 6, 5));
        Dataset mapped = source.map(source.shape(), (image, result) -> {});

        for (Dataset view : new Dataset[] {
            source, source.take(3), source.concat(source), mapped, source.mapLabels(6, label -> label)
        }) {
            assertThat(view.epoch(3)).isSameAs(view);
        }
    }

    @Test
    void copyImage_byManyThreadsInAnyOrder_givesTheSameBits() {
        Dataset view = random(50, Shape.of(3, 8, 7)).augmented(EVERYTHING, -3).epoch(2);
        double[][] expected = IntStream.range(0, 50).mapToObj(view::image).toArray(double[][]::new);

        assertThat(IntStream.range(0, 20_000)
                        .parallel()
                        .filter(i -> !Arrays.equals(view.image(i * 7 % 50), expected[i * 7 % 50])))
                .isEmpty();
    }

    @Test
    void copyImage_manyTimes_allocatesNothing() {
        Dataset view = random(2, Shape.of(1, 6, 5)).augmented(EVERYTHING, 1);
        double[] target = new double[32];
        Arrays.fill(target, -7);

        assertThat(TestFiles.fewestAllocatedBytes(() -> view.copyImage(1, target, 1)))
                .isZero();
        assertThat(target[0]).isEqualTo(-7);
        assertThat(target[31]).isEqualTo(-7);
    }

    @Test
    void labelAndCopyImage_misused_areRefused() {
        Dataset view = random(2, Shape.of(1, 6, 5)).augmented(EVERYTHING, 1);

        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> view.label(2))
                .withMessageStartingWith("Dataset.label: expected an image index below 2, got 2.");
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> view.copyImage(-1, new double[30], 0))
                .withMessageStartingWith("Dataset.copyImage: expected an image index below 2, got -1.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.copyImage(0, new double[30], 1))
                .withMessageStartingWith("Dataset.copyImage: expected room for 30 values at offset 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> view.epoch(-1))
                .withMessage("Dataset.epoch: expected an epoch of at least 0, got -1. Epochs are counted from 0.");
    }

    @Test
    void augmented_bySizesOfTheWholeImage_isRefused() {
        Dataset source = random(2, Shape.of(1, 6, 5));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> augmented(source, options -> options.shift(5)))
                .withMessage("Dataset.augmented: expected shifts of less than 5 cells, for images of 1 x 6 x 5, got 5."
                        + " Leave something of the image.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> augmented(source, options -> options.cutout(Integer.MAX_VALUE)))
                .withMessageStartingWith("Dataset.augmented: expected cut-outs of less than 5 cells");
        assertThatNullPointerException()
                .isThrownBy(() -> source.augmented(null, 1))
                .withMessage("augmentation");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 180.5, Double.NaN})
    void rotate_badAngle_isRefused(double bad) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.builder().rotate(bad))
                .withMessage("Augmentation.rotate: expected from 0 to 180 degrees, got " + bad
                        + ". Rotations go both ways as it is.");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "NaN, 1", "1, 0.9", "1, NaN", "1, 101", "1e-300, 1", "Infinity, Infinity"})
    void zoom_badFactors_areRefused(double smallest, double largest) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.builder().zoom(smallest, largest))
                .withMessageStartingWith("Augmentation.zoom: expected a ")
                .withMessageEndingWith(". Write zoom(0.9, 1.1).");
    }

    @Test
    void builder_otherBadNumbers_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.builder().shift(-1))
                .withMessage("Augmentation.shift: expected at least 0 cells, got -1. Shifts go both ways as it is.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.builder().cutout(-1))
                .withMessageStartingWith("Augmentation.cutout: expected at least 0 cells, got -1.");
        for (double bad : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Augmentation.builder().noise(bad))
                    .withMessageStartingWith("Augmentation.noise: expected a standard deviation of at least 0, got ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Augmentation.builder().fill(Double.NaN))
                .withMessageStartingWith("Augmentation.fill: expected a finite value, got NaN.");
    }
}
