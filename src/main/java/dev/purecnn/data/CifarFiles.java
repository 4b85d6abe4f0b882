package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Files of the CIFAR collections: records of one or two labels, a byte each, and 32 x 32 pixels in three colours.
 *
 * @param name of the public class that reads them
 * @param kind for messages
 * @param classes for each label of a record, the number of its classes
 * @param label which of the labels counts
 * @param namesFile the file beside them that has the names of the classes, one per line
 */
record CifarFiles(String name, String kind, int[] classes, int label, String namesFile) {
    private static final Shape SHAPE = Shape.of(3, 32, 32);
    private static final int LONGEST_NAMES_FILE = 1 << 16;

    Dataset load(PixelScaling scaling, Path... files) throws IOException {
        Objects.requireNonNull(scaling, "scaling");
        Objects.requireNonNull(files, "files");
        if (files.length == 0) {
            throw new IllegalArgumentException(
                    name + ".load: expected at least 1 file, got none. Name the files to read.");
        }
        List<byte[]> images = new ArrayList<>();
        IntStream.Builder labels = IntStream.builder();
        for (Path file : files) {
            try (BinaryFile in = BinaryFile.open(Objects.requireNonNull(file, "file"), kind)) {
                read(in, record -> {
                    labels.add(record[label]);
                    images.add(Arrays.copyOfRange(record, classes.length, record.length));
                    in.checkMemory(images.size(), SHAPE);
                });
            }
        }
        byte[][] pixels = images.toArray(new byte[0][]);
        Dataset dataset = new PixelDataset(pixels, labels.build().toArray(), SHAPE, classes[label], scaling);
        List<String> names = classNames(files[0]);
        return names.isEmpty() ? dataset : dataset.withClassNames(names);
    }

    FileDataset open(PixelScaling scaling, Path... files) throws IOException {
        Objects.requireNonNull(scaling, "scaling");
        Objects.requireNonNull(files, "files");
        FileDataset opened = FileDataset.joined(
                name + ".open", files.length, shard -> open(scaling, Objects.requireNonNull(files[shard], "file")));
        try {
            return opened.named(classNames(files[0]));
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private FileDataset open(PixelScaling scaling, Path file) throws IOException {
        IntStream.Builder labels = IntStream.builder();
        FileIdentity identity;
        try (BinaryFile in = BinaryFile.open(file, kind)) {
            in.checkPlain();
            identity = in.identity();
            read(in, record -> labels.add(record[label]));
        }
        RecordFile images = new RecordFile(file, identity, classes.length, recordLength());
        int[] numbers = labels.build().toArray();
        return new FileDataset(images, numbers.length, numbers, SHAPE, classes[label], scaling);
    }

    private int recordLength() {
        return classes.length + SHAPE.size();
    }

    /** Takes a record that has been checked. */
    private interface Records {
        void take(byte[] record) throws IOException;
    }

    private void read(BinaryFile in, Records records) throws IOException {
        long start = in.position();
        byte[] record = in.read(recordLength(), "the first image");
        while (record.length > 0) {
            checkRecord(in, record, start);
            records.take(record);
            start = in.position();
            record = in.readUpTo(recordLength());
        }
    }

    private void checkRecord(BinaryFile in, byte[] record, long start) throws ImageFormatException {
        for (int i = 0; i < Math.min(classes.length, record.length); i++) {
            int number = record[i] & 0xff;
            if (number >= classes[i]) {
                throw in.refusal(
                        start + i,
                        "a label from 0 to " + (classes[i] - 1),
                        String.valueOf(number),
                        "Check that this is " + kind + " of the binary version.");
            }
        }
        if (record.length < recordLength()) {
            throw in.refusal(
                    start,
                    "images of " + recordLength() + " bytes",
                    record.length + " at the end of the file",
                    "Fetch the file again.");
        }
    }

    /** The names in the file beside a file of images; none if there is no such file. */
    private List<String> classNames(Path images) throws IOException {
        Path file = images.resolveSibling(namesFile);
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        if (Files.size(file) > LONGEST_NAMES_FILE) {
            throw new ImageFormatException(
                    file,
                    0,
                    "expected at most " + LONGEST_NAMES_FILE + " bytes of class names, got " + Files.size(file)
                            + ". Fetch the file again, or remove it.");
        }
        List<String> names = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (names.stream().distinct().count() != classes[label] || names.size() != classes[label]) {
            throw new ImageFormatException(
                    file,
                    0,
                    "expected " + classes[label] + " different class names, one per line, got " + names.size()
                            + " lines. Fetch the file again, or remove it.");
        }
        return names;
    }
}
