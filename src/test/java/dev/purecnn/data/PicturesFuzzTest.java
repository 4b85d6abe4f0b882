package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/**
 * Files with random faults, of all kinds of pictures: read or refused, in no more memory than their pixels may take.
 * {@code -Dpurecnn.seed} draws other faults, {@code -Dpurecnn.fuzz.runs} more of them.
 */
class PicturesFuzzTest {
    private static final long SEED = Long.getLong("purecnn.seed", 20_251_127L);
    private static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 600);
    private static final boolean THOROUGH = RUNS >= 20_000;
    private static final long MAX_PIXELS = 1_000_000;
    private static final long MOST_BYTES = (4 << 20) + 12 * MAX_PIXELS;

    private static List<byte[]> originals() throws IOException {
        List<byte[]> originals = new ArrayList<>();
        byte[] exif = IdxTest.bytes("49492a0008000000 0100 1201 0300 01000000 06000000 00000000");
        for (SamplePicture sample : SamplePicture.all()) {
            byte[] file = sample.file();
            originals.add(file);
            if (sample.name().startsWith("png-rgb") && file.length < 1000) {
                originals.add(PicturesTest.pngWith(file, "eXIf", exif));
            } else if (sample.name().startsWith("jpeg-4")) {
                originals.add(PicturesTest.jpegWith(file, 0xe1, TestFiles.concat(TestFiles.utf8("Exif\0\0"), exif)));
            }
        }
        return originals;
    }

    @Test
    void read_mutatedFiles_areReadOrRefusedAsDocumented() throws IOException {
        List<byte[]> originals = originals();
        int refused = 0;
        double slowest = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(SEED * 1_000_003 + run);
            byte[] mutant = Mutants.mutant(originals.get(run % originals.size()), random);
            mutant = random.nextInt(4) > 0 ? withRightSums(mutant) : mutant;
            long allocated = TestFiles.allocatedBytes();
            long start = System.nanoTime();
            try {
                Picture picture = Pictures.read(new ByteArrayInputStream(mutant), MAX_PIXELS);
                assertThat((long) picture.width() * picture.height()).isLessThanOrEqualTo(MAX_PIXELS);
            } catch (ImageFormatException e) {
                assertThat(e).hasMessageStartingWith("picture, byte " + e.position() + ": expected ");
                assertThat(e.getMessage()).endsWith(".").contains(", got ").matches("\\P{Cntrl}+");
                refused++;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("-Dpurecnn.seed=" + SEED + ", run " + run, e);
            }
            slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
            assertThat(TestFiles.allocatedBytes() - allocated)
                    .as("bytes allocated: -Dpurecnn.seed=" + SEED + ", run " + run)
                    .isLessThan(MOST_BYTES);
        }
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 4, RUNS - RUNS / 50);
        if (THOROUGH) {
            assertThat(slowest).as("seconds of the slowest").isLessThan(1);
        }
    }

    /** Corrects the checksums of a PNG file, so that the decoder gets to see what is wrong with it. */
    private static byte[] withRightSums(byte[] png) {
        int start = 8;
        while (png.length > 8 && png[0] == (byte) 0x89 && start + 12 <= png.length) {
            int length = ByteBuffer.wrap(png).getInt(start);
            if (length < 0 || length > png.length - start - 12) {
                break;
            }
            CRC32 sum = new CRC32();
            sum.update(png, start + 4, 4 + length);
            ByteBuffer.wrap(png).putInt(start + 8 + length, (int) sum.getValue());
            start += 12 + length;
        }
        return png;
    }
}
