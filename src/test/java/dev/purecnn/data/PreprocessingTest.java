package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreprocessingTest {
    private static final Preprocessing ALL = Preprocessing.builder(Shape.of(3, 4, 5))
            .resize(Resize.FIT)
            .background(0x0a0b0c)
            .scaling(PixelScaling.standardized(new double[] {0.485, 0.1, -0.0}, new double[] {0.229, 1.0 / 3, 1e-9}))
            .build();

    /** Grey levels 10 * row + col. */
    private static Picture picture(int height, int width) {
        int[] pixels = new int[height * width];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 10 * (i / width) + i % width;
        }
        return Picture.ofGrey(pixels, width, height);
    }

    private static byte[] pixels(Resize resize, int height, int width, Picture picture) {
        return Preprocessing.builder(Shape.of(1, height, width))
                .resize(resize)
                .background(0xc8c8c8) // grey 200
                .build()
                .pixels(picture);
    }

    @Test
    void centerCrop_oddRemainder_losesTheLastRowOrColumn() {
        assertThat(pixels(Resize.CENTER_CROP, 2, 2, picture(2, 5))).containsExactly(1, 2, 11, 12);
        assertThat(pixels(Resize.CENTER_CROP, 2, 2, picture(5, 2))).containsExactly(10, 11, 20, 21);
        assertThat(pixels(Resize.CENTER_CROP, 2, 2, picture(4, 2))).containsExactly(10, 11, 20, 21);
        assertThat(pixels(Resize.CENTER_CROP, 1, 2, picture(3, 4))).containsExactly(6, 8); // rows 0 and 1: 5.5, 7.5
        assertThat(pixels(Resize.CENTER_CROP, 1, 5, picture(9, 3))).hasSize(5); // at least one row
    }

    @Test
    void fit_oddRemainder_putsTheLastRowOrColumnBelowOrRight() {
        byte grey = (byte) 200;
        assertThat(pixels(Resize.FIT, 4, 2, picture(1, 2))).containsExactly(grey, grey, 0, 1, grey, grey, grey, grey);
        assertThat(pixels(Resize.FIT, 2, 4, picture(2, 1))).containsExactly(grey, 0, grey, grey, grey, 10, grey, grey);
        assertThat(pixels(Resize.FIT, 2, 2, picture(2, 2))).containsExactly(0, 1, 10, 11);
    }

    @Test
    void fit_withoutBackground_padsWithBlack() {
        Preprocessing fit =
                Preprocessing.builder(Shape.of(1, 2, 1)).resize(Resize.FIT).build();

        assertThat(fit.pixels(Picture.ofGrey(new int[] {9}, 1, 1))).containsExactly(9, 0);
    }

    @Test
    void stretch_anySize_fillsTheTarget() {
        assertThat(pixels(Resize.STRETCH, 1, 2, picture(2, 4))).containsExactly(6, 8); // 5.5 and 7.5
    }

    @Test
    void exact_otherSize_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Preprocessing.builder(Shape.of(1, 3, 4)).build().apply(picture(4, 3)))
                .withMessageContaining("expected a picture of 3 x 4, got 4 x 3.");
    }

    @Test
    void apply_colours_areChannelsInOrder() {
        Picture two = Picture.ofRgb(new int[] {0x102030, 0xfffefd}, 2, 1);

        assertThat(Preprocessing.builder(Shape.of(3, 1, 2)).build().pixels(two))
                .containsExactly(0x10, 0xff, 0x20, 0xfe, 0x30, 0xfd);
        assertThat(Preprocessing.builder(Shape.of(1, 1, 2)).build().pixels(two))
                .containsExactly(29, 254); // 4.784 + 18.784 + 5.472 = 29.04; 254.185
    }

    /** 128 / 255 of 200 over 127 / 255 of 10: 105.37; of 0 over 255: 127; of 255 over 0: 128. */
    @Test
    void apply_transparent_isBlendedWithTheBackground() {
        Picture half = Picture.ofArgb(new int[] {0x80c800ff, 0x00ffffff, 0xff010203}, 3, 1);
        Preprocessing blending =
                Preprocessing.builder(Shape.of(3, 1, 3)).background(0x0aff00).build();

        assertThat(blending.pixels(half)).containsExactly(105, 10, 1, 127, 255, 2, 128, 0, 3);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Preprocessing.builder(Shape.of(3, 1, 3)).build().apply(half))
                .withMessageContaining("expected an opaque picture, got opacity 128 of 255 at row 0, column 0.");
    }

    @Test
    void apply_standardized_isPerChannel() {
        PixelScaling scaling = PixelScaling.standardized(new double[] {0.5, 0.25, 0}, new double[] {0.5, 0.25, 2});
        Preprocessing preprocessing =
                Preprocessing.builder(Shape.of(3, 1, 1)).scaling(scaling).build();

        assertThat(preprocessing.apply(Picture.ofRgb(new int[] {0xff00ff}, 1, 1)))
                .containsExactly(1, -1, 0.5);
        assertThat(scaling.scale(2, 51)).isEqualTo(0.1);
    }

    @Test
    void standardized_badNumbers_areRefused() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e-310}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PixelScaling.standardized(new double[] {0.5}, new double[] {bad}))
                    .withMessageContaining("positive, finite deviation, got 0.5 and " + bad + " for channel 0.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelScaling.standardized(new double[] {Double.NaN}, new double[] {1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PixelScaling.standardized(new double[2], new double[] {1}))
                .withMessageContaining("got 2 means and 1 deviations");
        PixelScaling two = PixelScaling.standardized(new double[2], new double[] {1, 2});
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Preprocessing.builder(Shape.of(3, 1, 1)).scaling(two).build())
                .withMessageContaining("for each of 3 channels (3 x 1 x 1), got 2");
    }

    @Test
    void build_badSettings_areRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> Preprocessing.builder(null))
                .withMessage("shape");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Preprocessing.builder(Shape.of(4, 2, 2)).build())
                .withMessageContaining("expected 1 channel or 3, got 4.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Preprocessing.builder(Shape.of(1, 2, 2)).background(0xff000000))
                .withMessageContaining("got 0xff000000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Preprocessing.builder(Shape.of(1, 2, 2))
                        .resize(Resize.MNIST)
                        .build())
                .withMessageContaining("expected the shape 1 x 28 x 28 for Resize.MNIST, got 1 x 2 x 2.");
    }

    @Test
    void map_everySetting_comesBack() {
        Preprocessing plain = Preprocessing.builder(Shape.of(1, 6, 7))
                .scaling(PixelScaling.ZERO_MEAN)
                .build();
        for (Preprocessing original : List.of(ALL, plain, Preprocessing.mnist())) {
            Preprocessing copy = Preprocessing.fromMap(original.toMap());

            assertThat(copy).isEqualTo(original).hasSameHashCodeAs(original).hasToString(original.toString());
        }
        assertThat(plain).isNotEqualTo(ALL);
        assertThat(plain.toMap()).isEqualTo(Map.of("resize", "EXACT", "scaling", "ZERO_MEAN", "shape", "1 x 6 x 7"));
    }

    private static void assertDamaged(String key, String value, String message) {
        Map<String, String> map = new HashMap<>(ALL.toMap());
        map.put(key, value);
        assertThatIllegalArgumentException()
                .as(key + "=" + value)
                .isThrownBy(() -> Preprocessing.fromMap(map))
                .withMessageContaining(message);
    }

    @Test
    void fromMap_damagedEntries_areNamed() {
        for (String key : ALL.toMap().keySet()) {
            Map<String, String> map = new HashMap<>(ALL.toMap());
            map.remove(key);
            if (!key.equals("background")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Preprocessing.fromMap(map))
                        .withMessageContaining("expected the entry " + key + ", got none");
            }
        }
        assertDamaged("shape", "3 x 4", "shape: expected three sizes, such as 3 x 64 x 64, got \"3 x 4\"");
        assertDamaged("shape", "3 x 0 x 4", "at least 1");
        assertDamaged("shape", "3 x 999999999 x 999999999", "at most 2147483647 values");
        assertDamaged("shape", "2 x 4 x 4", "expected 1 channel or 3, got 2");
        assertDamaged("resize", "CROP\u001b[2J", "resize: expected a name of Resize, got \"CROP\\u001b[2J\"");
        assertDamaged("background", "fffffff", "background: expected six hexadecimal digits");
        assertDamaged("scaling", "x".repeat(100_000), "got \"" + "x".repeat(100) + "...");
        assertDamaged("scaling", "UNIT", "entry: expected no others, got \"means\"");
        assertDamaged("means", "1 2", "expected a mean and a deviation per channel, got 2 means and 3");
        assertDamaged("means", "1 2 x", "means: expected numbers, got \"x\"");
        assertDamaged("deviations", "1 2 NaN", "positive, finite deviation, got");
        assertDamaged("deviations", "1 2 0", "positive, finite deviation, got");
        assertDamaged("colour", "1", "entry: expected no others, got \"colour\"");
    }

    @Test
    void picture_badArguments_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Picture.ofArgb(new int[5], 2, 3))
                .withMessageContaining("expected 6 pixels (2 x 3), got 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Picture.ofRgb(new int[0], 0, 3))
                .withMessageContaining("at least 1, got 0 and 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Picture.ofGrey(new int[] {0, 256}, 1, 2))
                .withMessageContaining("from 0 to 255, got 256 at row 1, column 0");
        assertThatNullPointerException().isThrownBy(() -> Picture.ofGrey((byte[]) null, 1, 1));
    }

    @Test
    void picture_madeFromArrays_keepsACopy() {
        int[] pixels = {0x01020304, 0xff000000};
        Picture picture = Picture.ofArgb(pixels, 1, 2);
        pixels[0] = 0;
        picture.argb()[1] = 0;

        assertThat(picture.argb()).containsExactly(0x01020304, 0xff000000);
        assertThat(picture.argb(1, 0)).isEqualTo(0xff000000);
        assertThat(Picture.ofRgb(new int[] {0x01020304}, 1, 1).argb(0, 0)).isEqualTo(0xff020304);
        assertThat(Picture.ofGrey(new byte[] {-1}, 1, 1)).isEqualTo(Picture.ofRgb(new int[] {0xffffff}, 1, 1));
        assertThat(picture).hasToString("Picture(1 x 2)").isNotEqualTo(Picture.ofArgb(picture.argb(), 2, 1));
    }

    @Test
    void views_ofPreparedPictures_passThePreprocessingOn() {
        Dataset source = new PreparedDataset(ALL);
        PreparedDataset other = new PreparedDataset(Preprocessing.mnist());
        Augmentation augmentation = Augmentation.builder().shift(1).build();
        for (Dataset view : List.of(
                source.take(1),
                source.shuffled(1),
                source.skip(0).take(1),
                source.concat(source),
                source.augmented(augmentation, 1).epoch(3),
                source.mapLabels(3, label -> label),
                source.withClassNames(List.of("a", "b")))) {
            assertThat(view.preprocessing()).contains(ALL);
        }
        assertThat(source.map(Shape.of(3, 4, 5), (image, result) -> {}).preprocessing())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.concat(new PreparedDataset(
                        Preprocessing.builder(Shape.of(3, 4, 5)).build())))
                .withMessageContaining(
                        "expected pictures prepared as Preprocessing(3 x 4 x 5, FIT, background 0a0b0c, st")
                .withMessageContaining("got Preprocessing(3 x 4 x 5, EXACT, UNIT).");
        assertThat(other.shape()).isEqualTo(Shape.of(1, 28, 28));
    }

    private record PreparedDataset(Preprocessing prepared) implements Dataset {
        @Override
        public int size() {
            return 2;
        }

        @Override
        public Shape shape() {
            return prepared.shape();
        }

        @Override
        public int classes() {
            return 2;
        }

        @Override
        public int label(int index) {
            return index;
        }

        @Override
        public void copyImage(int index, double[] target, int offset) {}

        @Override
        public Optional<Preprocessing> preprocessing() {
            return Optional.of(prepared);
        }
    }

    /** Speckled paper of a level, and on it a stroke. */
    private static Picture page(int side, int paper, int ink, int noise, int left, int top, int pen, int length) {
        Random random = new Random(5);
        int[] pixels = new int[side * side];
        for (int i = 0; i < pixels.length; i++) {
            int row = i / side - top;
            int col = i % side - left;
            boolean stroke = row >= 0 && row < length && col >= 0 && col < pen
                    || row >= length - pen && row < length && col >= 0 && col < length / 2; // an L
            int level = (stroke ? ink : paper) + (noise == 0 ? 0 : random.nextInt(2 * noise + 1) - noise);
            pixels[i] = Math.max(0, Math.min(255, level));
        }
        return Picture.ofGrey(pixels, side, side);
    }

    private static void assertLooksLike(byte[] digit, byte[] expected, int most) {
        long difference = 0;
        for (int i = 0; i < digit.length; i++) {
            difference += Math.abs((digit[i] & 0xff) - (expected[i] & 0xff));
        }
        assertThat(difference / 784.0).isLessThan(most);
    }

    @Test
    void mnist_anyPaperPenSizeAndPlace_givesTheSameDigit() {
        Preprocessing mnist = Preprocessing.mnist();
        byte[] expected = mnist.pixels(page(100, 255, 0, 0, 40, 20, 6, 60));
        assertThat(expected).contains((byte) 255);

        assertLooksLike(mnist.pixels(page(100, 0, 255, 0, 10, 35, 6, 60)), expected, 1); // inverted, moved
        assertLooksLike(mnist.pixels(page(100, 120, 60, 0, 40, 20, 6, 60)), expected, 1); // pencil on grey paper
        assertLooksLike(mnist.pixels(page(100, 200, 60, 40, 40, 20, 6, 60)), expected, 8); // noise
        assertLooksLike(mnist.pixels(page(1000, 255, 0, 0, 300, 250, 60, 600)), expected, 6); // large
        assertLooksLike(mnist.pixels(page(400, 255, 0, 0, 30, 100, 2, 200)), expected, 8); // thin
        assertLooksLike(mnist.pixels(page(100, 255, 30, 60, 30, 20, 3, 60)), expected, 8); // thin and noisy
    }

    /** Paper from 90 on the left to 230 on the right: its dark side is darker than ink on the light one. */
    @Test
    void mnist_shadowOnThePaper_isNotInk() {
        Preprocessing mnist = Preprocessing.mnist();
        Picture even = page(200, 255, 155, 0, 80, 40, 10, 120);
        int[] shaded = even.argb();
        for (int i = 0; i < shaded.length; i++) {
            int paper = 90 + 140 * (i % 200) / 200;
            shaded[i] = (shaded[i] & 0xff) == 255 ? paper : Math.max(0, paper - 80);
        }

        assertLooksLike(mnist.pixels(Picture.ofGrey(shaded, 200, 200)), mnist.pixels(even), 6);
    }

    /** An L of 20 x 10 with arms of 2: its mass 40 + 16, its centre in column (40 * 0.5 + 16 * 5.5) / 56 = 1.93 of 0..9. */
    @Test
    void mnist_digit_isCentredByMass() {
        byte[] digit = Preprocessing.mnist().pixels(page(60, 255, 0, 0, 7, 33, 2, 20));

        int firstCol = 28;
        int firstRow = 28;
        for (int i = 0; i < 784; i++) {
            if (digit[i] != 0) {
                firstCol = Math.min(firstCol, i % 28);
                firstRow = Math.min(firstRow, i / 28);
            }
        }
        assertThat(firstCol).isEqualTo(14 - 2);
        assertThat(firstRow).isEqualTo(14 - 12); // centre in row (40 * 9.5 + 16 * 18.5) / 56 = 12.07
        assertThat(digit[2 * 28 + 12]).isEqualTo((byte) 255);
    }

    @Test
    void mnist_emptyPicture_isRefused() {
        for (Picture empty : List.of(
                page(50, 255, 255, 0, 0, 0, 1, 1),
                page(50, 128, 128, 3, 0, 0, 1, 1),
                Picture.ofArgb(new int[100], 10, 10),
                Picture.ofGrey(new int[] {7}, 1, 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Preprocessing.mnist().apply(empty))
                    .withMessageContaining("expected handwriting, got a picture without ink");
        }
    }

    @Test
    void mnist_imagesOfMnist_stayNearlyWhatTheyAre() throws IOException {
        Dataset test = MnistCsv.builder().maxRows(300).load(Path.of("data/mnist_test.csv.gz"));
        double difference = 0;
        for (int i = 0; i < test.size(); i++) {
            double[] image = test.image(i);
            int[] pixels = new int[784];
            for (int p = 0; p < 784; p++) {
                pixels[p] = (int) Math.rint(image[p] * 255);
            }
            double[] prepared = Preprocessing.mnist().apply(Picture.ofGrey(pixels, 28, 28));
            for (int p = 0; p < 784; p++) {
                difference += Math.abs(prepared[p] - image[p]);
            }
        }
        assertThat(difference / test.size() / 784)
                .as("mean difference per pixel")
                .isLessThan(0.02);
    }
}
