package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.concat;
import static dev.purecnn.data.TestFiles.cut;
import static dev.purecnn.data.TestFiles.damaged;
import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.storedGzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.layer.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gzip of one member and of many. */
class GunzipTest {
    private static final byte[] ROWS = utf8("7,0,255\n2,31,40\n");

    @TempDir
    private Path folder;

    private static byte[] unpacked(byte[] packed, int bufferSize) throws IOException {
        try (Gunzip in = new Gunzip(new ByteArrayInputStream(packed), bufferSize)) {
            return in.readAllBytes();
        }
    }

    private static byte[] times(byte[] member, int count) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(member);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1 << 14})
    void read_members_areJoined(int bufferSize) throws IOException {
        byte[] random = new byte[100_000];
        new Random(1).nextBytes(random);
        byte[] packed = concat(gzip(ROWS), gzip(new byte[0]), storedGzip(random), gzip(random), gzip(ROWS));

        assertThat(unpacked(packed, bufferSize)).isEqualTo(concat(ROWS, random, random, ROWS));
        assertThat(unpacked(concat(packed, new byte[1000]), bufferSize)).hasSize(200_000 + 2 * ROWS.length);
    }

    /** Flags 4, 8, 16 and 2: extra field, name, comment, checksum of the header. */
    @Test
    void read_headerWithEverything_isPassedOver() throws IOException {
        byte[] plain = gzip(ROWS);
        byte[] header = concat(
                new byte[] {0x1f, (byte) 0x8b, 8, 4 + 8 + 16 + 2, 1, 2, 3, 4, 0, 3},
                new byte[] {3, 0, 'x', 0, 'y'},
                utf8("digits.csv\0"),
                utf8("by hand\0"),
                new byte[] {9, 9});
        byte[] packed = concat(header, Arrays.copyOfRange(plain, 10, plain.length));

        assertThat(unpacked(concat(packed, packed), 3)).isEqualTo(concat(ROWS, ROWS));
    }

    @Test
    void load_thousandsOfEmptyMembers_areReadLikeNothing() throws IOException {
        byte[] empty = times(gzip(new byte[0]), 20_000);
        MnistCsv.Builder tiny = MnistCsv.builder().shape(Shape.vector(2));
        Path around = Files.write(folder.resolve("a.csv.gz"), concat(empty, gzip(ROWS), empty));
        Path alone = Files.write(folder.resolve("b.csv.gz"), empty);

        assertThat(tiny.load(around).size()).isEqualTo(2);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny.load(alone))
                .withMessage(alone + ", row 1, column 1: expected at least one image, got the end of the file."
                        + " Check that this is the right file.");
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.load(alone, alone))
                .withMessage(alone + ", byte 0: expected 4 more bytes of the header, got the end of the file."
                        + " Fetch the file again.");
        assertThatExceptionOfType(ImageFormatException.class).isThrownBy(() -> Cifar10.load(alone));
    }

    /** The JDK's stream takes it for the end, and half the file for all of it. */
    @Test
    void read_damagedLaterMember_isRefused() throws IOException {
        byte[] first = gzip(ROWS);
        byte[] packed = concat(first, first);
        for (int i = first.length; i < first.length + 3; i++) {
            byte[] damaged = damaged(packed, i);
            assertThatExceptionOfType(ZipException.class).isThrownBy(() -> unpacked(damaged, 1 << 14));
        }
        for (int length = first.length + 1; length < packed.length; length++) {
            byte[] cut = cut(packed, length);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> unpacked(cut, 1 << 14));
        }
        assertThatExceptionOfType(ZipException.class)
                .isThrownBy(() -> unpacked(concat(first, utf8("\0\0x")), 1 << 14))
                .withMessage("more bytes after its end");
    }
}
