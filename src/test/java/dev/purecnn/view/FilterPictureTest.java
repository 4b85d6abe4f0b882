package dev.purecnn.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.CNN;
import dev.purecnn.TestNetworks;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterPictureTest {
    /** Edge of a weight, in pixels; then the gaps between filters and between channels that go with it. */
    private static final int CELL = 8;

    private static final int FILTER_GAP = 4 + CELL / 2;
    private static final int CHANNEL_GAP = 3 + CELL / 8;

    @TempDir
    Path directory;

    private static Parameter weights(Shape shape, double... values) {
        Parameter weights = new Parameter("weights", shape);
        System.arraycopy(values, 0, weights.values(), 0, values.length);
        return weights;
    }

    private static int grey(BufferedImage image, int col, int row) {
        int colour = image.getRGB(col, row) & 0xFFFFFF;
        assertThat(colour % 0x010101).as("grey").isZero();
        return colour / 0x010101;
    }

    /** Two filters of two channels, 1 x 2 weights each. */
    @Test
    void image_smallFilters_showsEachOnItsOwnScale() {
        Parameter weights = weights(Shape.of(4, 1, 2), -1, 0, 1, 3, 10, 10, 20, 15);
        BufferedImage image = FilterPicture.of(weights, 2).cellSize(CELL).image();
        int filterStep = 2 * CELL + FILTER_GAP;
        int channelStep = CELL + CHANNEL_GAP;
        int middle = FILTER_GAP + CELL / 2;
        assertThat(image.getWidth()).isEqualTo(FILTER_GAP + 2 * filterStep);
        assertThat(image.getHeight()).isEqualTo(2 * FILTER_GAP + CELL + channelStep);
        // the first filter's range is -1 to 3, the second's 10 to 20
        assertThat(grey(image, middle, middle)).isEqualTo(0);
        assertThat(grey(image, middle + CELL, middle)).isEqualTo(64); // 255 / 4
        assertThat(grey(image, middle, middle + channelStep)).isEqualTo(128);
        assertThat(grey(image, middle + CELL, middle + channelStep)).isEqualTo(255);
        assertThat(grey(image, middle + filterStep, middle)).isEqualTo(0);
        assertThat(grey(image, middle + filterStep + CELL, middle)).isEqualTo(0);
        assertThat(grey(image, middle + filterStep, middle + channelStep)).isEqualTo(255);
        assertThat(grey(image, middle + filterStep + CELL, middle + channelStep))
                .isEqualTo(128);
        assertThat(grey(image, 0, 0)).isEqualTo(255); // paper
    }

    @Test
    void image_everyPixelOfWeight_isFilled() {
        BufferedImage image = FilterPicture.of(weights(Shape.of(1, 2, 1), 0, 1), 1)
                .cellSize(CELL)
                .image();
        for (int row = 0; row < 2 * CELL; row++) {
            for (int col = 0; col < CELL; col++) {
                assertThat(grey(image, FILTER_GAP + col, FILTER_GAP + row)).isEqualTo(row < CELL ? 0 : 255);
            }
        }
        assertThat(grey(image, FILTER_GAP - 1, FILTER_GAP)).isEqualTo(128); // its frame
        assertThat(grey(image, FILTER_GAP + CELL, FILTER_GAP + 2 * CELL)).isEqualTo(128);
    }

    @Test
    void image_constantFilter_isMidGrey() {
        for (double value : new double[] {0, -3, 1e300, Double.MIN_VALUE}) {
            BufferedImage image = FilterPicture.of(weights(Shape.of(1, 1, 2), value, value), 1)
                    .image();
            assertThat(grey(image, image.getWidth() / 2, image.getHeight() / 2)).isEqualTo(128);
        }
    }

    @Test
    void image_widestAndNarrowestRanges_goFromBlackToWhite() {
        double[][] ranges = {{-Double.MAX_VALUE, Double.MAX_VALUE}, {0, Double.MIN_VALUE}, {1, Math.nextUp(1.0)}};
        for (double[] range : ranges) {
            BufferedImage image = FilterPicture.of(weights(Shape.of(1, 1, 2), range), 1)
                    .cellSize(CELL)
                    .image();
            assertThat(grey(image, FILTER_GAP + 1, FILTER_GAP + 1)).isEqualTo(0);
            assertThat(grey(image, FILTER_GAP + CELL + 1, FILTER_GAP + 1)).isEqualTo(255);
        }
    }

    @Test
    void image_manyFilters_goOnInNextBand() {
        double[] values = new double[70 * 2];
        values[2 * 33] = 1; // filter 33: white, black; all others are mid grey
        BufferedImage image = FilterPicture.of(weights(Shape.of(70, 1, 2), values), 1)
                .cellSize(CELL)
                .image();
        assertThat(image.getWidth()).isEqualTo(FILTER_GAP + 32 * (2 * CELL + FILTER_GAP));
        assertThat(image.getHeight()).isEqualTo(FILTER_GAP + 3 * (CELL + FILTER_GAP));
        int left = FILTER_GAP + (2 * CELL + FILTER_GAP);
        int top = FILTER_GAP + (CELL + FILTER_GAP);
        assertThat(grey(image, left + 1, top + 1)).isEqualTo(255);
        assertThat(grey(image, left + CELL + 1, top + 1)).isEqualTo(0);
    }

    @Test
    void of_layersOfAnyDepth_fitsScreenByDefault() {
        for (ConvolutionalLayer layer : List.of(
                new ConvolutionalLayer(1, 1, 1),
                new ConvolutionalLayer(1, 16, 3),
                new ConvolutionalLayer(16, 32, 3),
                ConvolutionalLayer.builder(2, 40).filterSize(3, 11).padding(0).build())) {
            BufferedImage image = FilterPicture.of(layer).image();
            assertThat(image.getWidth()).isBetween(1, 1600);
        }
    }

    @Test
    void of_layer_arrangesChannelsAsRows() {
        BufferedImage deep =
                FilterPicture.of(new ConvolutionalLayer(6, 2, 3)).cellSize(CELL).image();
        BufferedImage wide =
                FilterPicture.of(new ConvolutionalLayer(2, 6, 3)).cellSize(CELL).image();
        assertThat(deep.getHeight()).isGreaterThan(deep.getWidth());
        assertThat(wide.getWidth()).isGreaterThan(wide.getHeight());
    }

    /** In three groups, a filter has 6 / 3 planes. */
    @Test
    void of_layerInGroups_showsPlanesOfEachFilter() {
        ConvolutionalLayer layer = ConvolutionalLayer.builder(6, 3).groups(3).build();
        layer.connect(Shape.of(6, 4, 5), new Random(1));
        BufferedImage image = FilterPicture.of(layer).image();
        assertThat(pixels(image))
                .containsExactly(
                        pixels(FilterPicture.of(layer.parameters().get(0), 2).image()));
    }

    @Test
    void picture_anyUse_leavesNetworkAlone() throws IOException {
        CNN cnn = TestNetworks.small(1).build();
        String before = cnn.fingerprint();
        for (int layer : new int[] {0, 3}) {
            FilterPicture picture =
                    FilterPicture.of((ConvolutionalLayer) cnn.layers().get(layer));
            picture.image();
            picture.savePng(directory.resolve("filters.png"));
        }
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }

    @Test
    void picture_ofLayer_staysWhenLayerLearns() {
        CNN cnn = TestNetworks.small(1).build();
        FilterPicture picture =
                FilterPicture.of((ConvolutionalLayer) cnn.layers().get(0));
        int[] before = pixels(picture.image());
        Arrays.fill(cnn.parameters().get(0).values(), 0.0);
        assertThat(pixels(picture.image())).isEqualTo(before);
        assertThat(pixels(FilterPicture.of((ConvolutionalLayer) cnn.layers().get(0))
                        .image()))
                .isNotEqualTo(before);
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    // ---- files

    @Test
    void savePng_anyPicture_readsBackAlikeAndLeavesNothingElse() throws IOException {
        FilterPicture picture = FilterPicture.of(weights(Shape.of(2, 1, 2), 1, 2, 3, 5), 1);
        Path file = directory.resolve("filters.png");
        Files.writeString(file, "an older file");
        picture.savePng(file);
        assertThat(pixels(ImageIO.read(file.toFile()))).isEqualTo(pixels(picture.image()));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void savePng_noSuchDirectory_saysSo() {
        Path file = directory.resolve("missing").resolve("filters.png");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(
                        () -> FilterPicture.of(new ConvolutionalLayer(1, 1, 3)).savePng(file))
                .withMessageContaining(
                        "expected an existing directory, got " + file.getParent() + ". Create it first.");
    }

    @Test
    void savePng_directory_saysSo() {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(
                        () -> FilterPicture.of(new ConvolutionalLayer(1, 1, 3)).savePng(directory))
                .withMessageContaining("expected a file's name, got a directory. Add a name to it.");
        assertThat(directory).isEmptyDirectory();
    }

    // ---- bad use

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 5, 8})
    void of_channelsThatDoNotDivide_isRefused(int channels) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterPicture.of(weights(Shape.of(4, 1, 2)), channels))
                .withMessage("FilterPicture: expected channels that divide the 4 planes of weights (4 x 1 x 2), got "
                        + channels + ". Pass the number of planes of one filter.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void of_weightsNotFinite_isRefused(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FilterPicture.of(weights(Shape.of(2, 1, 2), 1, 2, value, 3), 1))
                .withMessage("FilterPicture: expected finite weights, got " + value
                        + " in filter 1. Train with a lower learning rate.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 16385, Integer.MAX_VALUE})
    void cellSize_impossible_isRefused(int pixels) {
        FilterPicture picture = FilterPicture.of(new ConvolutionalLayer(1, 1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> picture.cellSize(pixels))
                .withMessage("FilterPicture: expected a cellSize from 1 to 16384 pixels, got " + pixels
                        + ". Use some 8 to 24.");
    }

    @Test
    void cellSize_pictureTooLarge_isRefused() {
        FilterPicture picture = FilterPicture.of(new ConvolutionalLayer(1, 1, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> picture.cellSize(16384))
                .withMessageStartingWith("FilterPicture: expected at most 16384 pixels each way, got ")
                .withMessageEndingWith(". Use a smaller cellSize, or show a smaller layer.");
    }

    @Test
    void arguments_null_areNamed() {
        FilterPicture picture = FilterPicture.of(new ConvolutionalLayer(1, 1, 3));
        assertThatNullPointerException()
                .isThrownBy(() -> FilterPicture.of(null))
                .withMessage("layer");
        assertThatNullPointerException()
                .isThrownBy(() -> FilterPicture.of(null, 1))
                .withMessage("weights");
        assertThatNullPointerException().isThrownBy(() -> picture.savePng(null)).withMessage("file");
    }
}
