package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is opened again, after an interrupt, is the one that was opened first, or refused. */
class ChangedFileTest {
    private static final String CONTENT = "7,0,255\n2,31,40\n";

    @TempDir
    private Path folder;

    /** Opens, has something happen to the file, and opens again. */
    private void assertRefused(IOAction change, String got) throws IOException {
        Path file = Files.write(folder.resolve("digits.csv"), utf8(CONTENT));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        FileIdentity identity = FileIdentity.of(file);
        new SharedFile(file, identity).close();

        change.run(file);

        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> new SharedFile(file, identity).close())
                .withMessageStartingWith(file + ": expected the file as it was when it was opened, got " + got)
                .withMessageEndingWith(". Leave files alone while they are open.");
    }

    private interface IOAction {
        void run(Path file) throws IOException;
    }

    @Test
    void open_again_refusesWhatHasChanged() throws IOException {
        assertRefused(file -> Files.write(file, utf8(CONTENT + "1,2,3\n")), "one of 22 bytes instead of 16");
        assertRefused(file -> Files.write(file, new byte[0]), "one of 0 bytes instead of 16");
        assertRefused(file -> Files.write(file, utf8(CONTENT.replace('7', '8'))), "one changed at ");
        assertRefused(
                file -> {
                    Path other = Files.write(folder.resolve("other"), utf8(CONTENT));
                    Files.setLastModifiedTime(other, FileTime.fromMillis(1_000_000));
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                },
                "another of the same size");
    }

    @Test
    void open_removedFile_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("digits.csv"), utf8(CONTENT));
        FileIdentity identity = FileIdentity.of(file);
        Files.delete(file);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> new SharedFile(file, identity));
    }

    /** Closes the channel as an interrupt in the middle of reading does. */
    private static void interruptReading(Path file, FileChannel channel) {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ClosedByInterruptException.class)
                .isThrownBy(() -> channel.read(ByteBuffer.allocate(1), 0));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).exists();
    }

    @Test
    void copyImage_anotherFileAfterAnInterrupt_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("digits.csv"), utf8(CONTENT));
        SharedFile shared = new SharedFile(file, FileIdentity.of(file));
        ByteBuffer target = ByteBuffer.allocate(7);

        interruptReading(file, shared.channel());
        shared.read(0, target);
        assertThat(target.array()).isEqualTo(utf8("7,0,255"));

        interruptReading(file, shared.channel());
        Path other = Files.write(folder.resolve("other"), utf8(CONTENT.replace('7', '8')));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> shared.read(0, target.clear()))
                .withMessageContaining("expected the file as it was when it was opened");
        shared.close();
    }

    /** Without an interrupt the file that was opened is read on, even if the path leads to another. */
    @Test
    void copyImage_replacedFile_readsTheOneThatWasOpened() throws IOException {
        Path file = Files.write(folder.resolve("digits.csv"), utf8(CONTENT));
        try (FileDataset opened = MnistCsv.builder().shape(Shape.vector(2)).open(file)) {
            Path other = Files.write(folder.resolve("other"), utf8(CONTENT.replace("31", "13")));
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

            assertThat(opened.image(1)).containsExactly(31 / 255.0, 40 / 255.0);
            Files.write(file, utf8("rubbish"));
            assertThat(opened.image(1)).containsExactly(31 / 255.0, 40 / 255.0);
        }
    }

    @Test
    void copyImage_idxThatWasCut_saysWhere() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), IdxTest.bytes("00000803 00000002 00000001 00000002 0102 0304"));
        Path labels = Files.write(folder.resolve("labels"), IdxTest.bytes("00000801 00000002 0700"));
        try (FileDataset opened = Idx.open(images, labels, 10, PixelScaling.UNIT)) {
            Files.write(images, IdxTest.bytes("00000803"));

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> opened.image(1))
                    .withMessageContaining("byte 18: expected 2 more bytes of image 1, got the end of the file.");
        }
    }
}
