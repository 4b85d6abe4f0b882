package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.concat;
import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.data.MnistCsv.Header;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MnistCsvTest {
    private static final String ROWS = "7,0,51,102,153,204,255\n2,1,2,3,4,5,6\n";
    private static final Path MNIST_TEST = Path.of("data", "mnist_test.csv.gz");

    @TempDir
    private Path folder;

    /** Reads 1 x 2 x 3 images. */
    private static MnistCsv.Builder small() {
        return MnistCsv.builder().shape(Shape.of(1, 2, 3));
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private Path file(String text) throws IOException {
        return file("digits.csv", utf8(text));
    }

    private static void assertHoldsRows(Dataset dataset) {
        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.shape()).isEqualTo(Shape.of(1, 2, 3));
        assertThat(dataset.classes()).isEqualTo(10);
        assertThat(dataset.label(0)).isEqualTo(7);
        assertThat(dataset.label(1)).isEqualTo(2);
        assertThat(dataset.image(0)).containsExactly(0 / 255.0, 51 / 255.0, 102 / 255.0, 153 / 255.0, 204 / 255.0, 1.0);
        assertThat(dataset.image(1)).containsExactly(1 / 255.0, 2 / 255.0, 3 / 255.0, 4 / 255.0, 5 / 255.0, 6 / 255.0);
    }

    @ParameterizedTest
    @EnumSource(Header.class)
    void load_twoRows_answersLabelsAndPixels(Header header) throws IOException {
        String names = header == Header.YES ? "label,a,b,c,d,e,f\n" : "";

        assertHoldsRows(small().header(header).load(file(names + ROWS)));
    }

    @Test
    void load_zeroMean_isCentredExactly() throws IOException {
        Dataset dataset = small().scaling(PixelScaling.ZERO_MEAN).load(file(ROWS));

        assertThat(dataset.image(0))
                .containsExactly(-0.5, 51 / 255.0 - 0.5, 102 / 255.0 - 0.5, 153 / 255.0 - 0.5, 204 / 255.0 - 0.5, 0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"digits.csv.gz", "digits.csv", "digits"})
    void load_gzip_isSeenByContentWhateverItsName(String name) throws IOException {
        assertHoldsRows(small().load(file(name, gzip(utf8(ROWS)))));
    }

    @Test
    void load_plainFileNamedGz_isReadAsText() throws IOException {
        assertHoldsRows(small().load(file("digits.csv.gz", utf8(ROWS))));
    }

    @Test
    void load_gzipInSeveralMembers_isReadToItsEnd() throws IOException {
        byte[] first = gzip(utf8("7,0,51,102,153,204,255\n2,1,2"));
        byte[] second = gzip(utf8(",3,4,5,6\n"));

        assertHoldsRows(small().load(file("digits.csv.gz", concat(first, second))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7,0,51,102,153,204,255\n2,1,2,3,4,5,6", // no end of the last line
                "7,0,51,102,153,204,255\n2,1,2,3,4,5,6\n\n", // blank last line
                "7,0,51,102,153,204,255\r\n2,1,2,3,4,5,6\r\n",
                "7,0,51,102,153,204,255\r\n2,1,2,3,4,5,6\r\n\r\n",
                "7,0,51,102,153,204,255\r2,1,2,3,4,5,6\r",
                "\uFEFF7,0,51,102,153,204,255\n2,1,2,3,4,5,6\n",
                "\uFEFFlabel,p1,p2,p3,p4,p5,p6\r\n7,0,51,102,153,204,255\r\n2,1,2,3,4,5,6\r\n",
                "7, 0, 51, 102, 153, 204, 255\n2 ,1 ,2 ,3 ,4 ,5 ,6 \n", // spaces around numbers
                "  7  ,  0  ,51,102,153,204,255\n2,1,2,3,4,5,6\n",
                "007,000,0051,102,153,204,00000255\n2,01,02,03,04,05,06\n", // leading zeros
            })
    void load_harmlessVariants_readTheSame(String text) throws IOException {
        assertHoldsRows(small().load(file(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label,1x1,1x2,1x3,2x1,2x2,2x3", // as on Kaggle
                "label,pixel0,pixel1,pixel2,pixel3,pixel4,pixel5",
                "\"label\",\"p0\",\"p1\",\"p2\",\"p3\",\"p4\",\"p5\"",
                "chiffre,é1,é2,é3,é4,é5,\uD83D\uDE00x",
            })
    void load_namesInFirstRow_areDetected(String names) throws IOException {
        assertHoldsRows(small().load(file(names + "\n" + ROWS)));
    }

    @Test
    void load_headerYes_passesOverNumbersToo() throws IOException {
        assertHoldsRows(small().header(Header.YES).load(file("0,1,2,3,4,5,999\n" + ROWS)));
    }

    @Test
    void load_maxRows_answersTheFirst() throws IOException {
        assertThat(small().maxRows(2).load(file(ROWS)).size()).isEqualTo(2);
        Dataset one = small().maxRows(1).load(file(ROWS));
        assertThat(one.size()).isEqualTo(1);
        assertThat(one.label(0)).isEqualTo(7);
    }

    @Test
    void load_maxRows_doesNotLookBehindThem() throws IOException {
        assertHoldsRows(small().maxRows(2).load(file(ROWS + "rubbish\n\n\u0000")));
        assertHoldsRows(small().maxRows(2).load(file("label,a,b,c,d,e,f\n" + ROWS + "rubbish")));
    }

    @Test
    void load_shapeAndClasses_areTheBuilders() throws IOException {
        Dataset dataset =
                MnistCsv.builder().shape(Shape.of(2, 1, 1)).classes(300).load(file("299,8,9\n"));

        assertThat(dataset.shape()).isEqualTo(Shape.of(2, 1, 1));
        assertThat(dataset.classes()).isEqualTo(300);
        assertThat(dataset.label(0)).isEqualTo(299);
    }

    @Test
    void load_moreRowsThanTheFirstArrayHolds_keepsTheirOrder() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append(i % 10)
                    .append(',')
                    .append(i % 256)
                    .append(',')
                    .append(i / 256)
                    .append('\n');
        }

        Dataset dataset = MnistCsv.builder().shape(Shape.of(1, 1, 2)).load(file(text.toString()));

        assertThat(dataset.size()).isEqualTo(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(dataset.label(i)).isEqualTo(i % 10);
            assertThat(dataset.image(i)).containsExactly(i % 256 / 255.0, i / 256 / 255.0);
        }
    }

    @Test
    void load_builderUsedAgain_leavesTheFirstDatasetAlone() throws IOException {
        MnistCsv.Builder builder = small();
        Dataset first = builder.load(file(ROWS));

        Dataset second = builder.scaling(PixelScaling.ZERO_MEAN).maxRows(1).load(file(ROWS));

        assertHoldsRows(first);
        assertThat(second.image(0)[0]).isEqualTo(-0.5);
    }

    @Test
    void load_mnist_hasItsClassesInTheKnownNumbers() throws IOException {
        Dataset mnist = MnistCsv.load(MNIST_TEST);

        int[] perClass = new int[10];
        IntStream.range(0, mnist.size()).forEach(i -> perClass[mnist.label(i)]++);
        assertThat(mnist.shape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(mnist.size()).isEqualTo(10_000);
        // counted from the original t10k-labels-idx1-ubyte, as published in many places
        assertThat(perClass).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
        assertThat(Arrays.stream(mnist.image(0)).max()).hasValue(1.0);
    }

    @Test
    void load_mnistMaxRows_answersTheFirst() throws IOException {
        Dataset mnist = MnistCsv.load(MNIST_TEST, 5);

        assertThat(IntStream.range(0, mnist.size()).map(mnist::label)).containsExactly(7, 2, 1, 0, 4);
    }

    @Test
    void builder_impossibleValues_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MnistCsv.builder().maxRows(0))
                .withMessage(
                        "MnistCsv.Builder.maxRows: expected at least 1 row, got 0. Leave it out to read all rows.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MnistCsv.builder().classes(0))
                .withMessage("MnistCsv.Builder.classes: expected at least 1 class, got 0."
                        + " Give the number of different labels.");
        assertThatIllegalArgumentException().isThrownBy(() -> MnistCsv.load(MNIST_TEST, -1));
    }

    @Test
    void builder_nulls_areNamed() {
        assertThatNullPointerException().isThrownBy(() -> MnistCsv.load(null)).withMessage("file");
        assertThatNullPointerException().isThrownBy(() -> small().shape(null)).withMessage("shape");
        assertThatNullPointerException().isThrownBy(() -> small().scaling(null)).withMessage("scaling");
        assertThatNullPointerException().isThrownBy(() -> small().header(null)).withMessage("header");
    }
}
