package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Datasets of bytes in memory. */
class PixelDatasetTest {
    private static final Shape SHAPE = Shape.of(1, 1, 3);

    @Test
    void of_bytes_areUnsignedAndScaledToOne() {
        byte[][] pixels = {{0, 51, 127}, {(byte) 128, (byte) 204, (byte) 255}};

        Dataset dataset = Dataset.of(pixels, new int[] {1, 0}, SHAPE, 3);

        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.shape()).isEqualTo(SHAPE);
        assertThat(dataset.classes()).isEqualTo(3);
        assertThat(dataset.label(0)).isEqualTo(1);
        assertThat(dataset.isLabelled()).isTrue();
        assertThat(dataset.image(0)).containsExactly(0, 51 / 255.0, 127 / 255.0);
        assertThat(dataset.image(1)).containsExactly(128 / 255.0, 204 / 255.0, 1);
    }

    @Test
    void of_bytesChangedLater_keepsItsOwn() {
        byte[][] pixels = {{0, 51, 102}, {1, 2, 3}};
        int[] labels = {0, 1};
        Dataset dataset = Dataset.of(pixels, labels, SHAPE, 2);

        pixels[0][1] = 99;
        pixels[1] = null;
        labels[1] = 7;

        assertThat(dataset.image(0)).containsExactly(0, 0.2, 0.4);
        assertThat(dataset.image(1)).containsExactly(1 / 255.0, 2 / 255.0, 3 / 255.0);
        assertThat(dataset.label(1)).isEqualTo(1);
    }

    /** 200 images of a megabyte: as doubles they would take 1.6 GB. */
    @Test
    void of_largeImages_areKeptAsBytes() {
        byte[][] pixels = new byte[200][];
        Arrays.fill(pixels, new byte[1 << 20]);
        long before = TestFiles.allocatedBytes();

        Dataset dataset = Dataset.of(pixels, new int[200], Shape.of(1, 1024, 1024), 1);

        assertThat(TestFiles.allocatedBytes() - before).isLessThan(201L << 20);
        assertThat(dataset.size()).isEqualTo(200);
    }

    @Test
    void of_badArrays_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new byte[3][3], new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected one label per image, got 3 images and 2 labels."
                        + " Give every image its label.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new byte[][] {{1, 2, 3}, {4, 5}}, new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected 3 values (1 x 1 x 3) per image, got 2 in image 1."
                        + " Convert the image or give the shape that it has.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new byte[][] {{1, 2, 3}, null}, new int[2], SHAPE, 2))
                .withMessage("Dataset.of: expected an array, got null for image 1. Leave the image and its label out.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new byte[1][3], new int[] {2}, SHAPE, 2))
                .withMessageStartingWith("Dataset.of: expected labels from 0 to 1, got 2 for image 0.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dataset.of(new byte[0][3], new int[0], SHAPE, 0))
                .withMessageStartingWith("Dataset.of: expected at least 1 class, got 0.");
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of((byte[][]) null, new int[1], SHAPE, 2))
                .withMessage("pixels");
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of(new byte[1][3], null, SHAPE, 2))
                .withMessage("labels");
        assertThatNullPointerException()
                .isThrownBy(() -> Dataset.of(new byte[1][3], new int[1], null, 2))
                .withMessage("shape");
    }
}
