package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads labelled images from CSV files, a format in which MNIST is common: one image per row, a label and the pixels in the order
 * channel, row, column.
 *
 * <pre>{@code
 * Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"), 20_000);
 * Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
 *
 * Dataset colour = MnistCsv.builder()
 *         .shape(Shape.of(3, 32, 32))
 *         .classes(100)
 *         .scaling(PixelScaling.ZERO_MEAN)
 *         .header(MnistCsv.Header.YES)
 *         .load(Path.of("cifar100.csv"));
 *
 * // the library itself prints nothing; the notebook's line is
 * System.out.println("done. (" + train.size() + ", " + (1 + train.shape().size()) + ")"); // done. (20000, 785)
 * }</pre>
 *
 * <p><b>The file</b> is plain or gzip, as its first bytes say; its name does not matter. Its text is UTF-8, with or without a
 * byte order mark, with any line ends. Only the last line may be blank. Values are separated by commas, or by the
 * {@link Builder#separator}, and not quoted. The label is in the column that the header says, or the first; see
 * {@link LabelColumn}. A label is a whole number from 0 to {@code classes - 1}, a pixel one from 0 to 255, in ASCII digits
 * without a sign; spaces around it and leading zeros are ignored. A row may take up to 64 characters per value.
 *
 * <p><b>Memory:</b> one byte per pixel: 48 MB for the 60,000 images of MNIST. A file of more images than fit is refused before
 * memory runs out; see {@link Builder#maxMemory}. {@link #open} leaves the images in their files, and takes sixteen bytes for
 * each.
 *
 * <p><b>Errors:</b> a file that holds anything else is refused with a {@link CsvFormatException} that says where and why; one
 * that cannot be read with another {@link IOException}. Nothing is skipped or guessed. Reading ends with the last row that was
 * asked for; what follows is not checked.
 *
 * <p>Needs opencsv on the class path or module path. Without it, methods that read throw an {@link IllegalStateException} that
 * names what to add.
 */
public final class MnistCsv {

    private MnistCsv() {}

    /** Whether the first row holds column names. */
    public enum Header {

        /** The first row is an image. */
        NONE,

        /** The first row holds names, as many as there are columns, and is skipped. */
        YES,

        /**
         * The first row is skipped if every value is a name: it has a letter, and is not a number in any notation (such as
         * {@code NaN} or {@code 1e9}). An image with a few bad values is never taken for a header.
         */
        DETECT
    }

    /** Where the labels are in a row. */
    public enum LabelColumn {

        /**
         * The column that the header names {@code label}, {@code class}, {@code target} or {@code y}, in upper or lower case;
         * without such a name the first. A file is refused if the first column holds the same value in every row, or a number
         * that is no label, while the last column could hold the labels.
         */
        DETECT,

        /** The first column. */
        FIRST,

        /** The last column. */
        LAST,

        /** No column: all are pixels. Such images can only be predicted; see {@link Dataset#isLabelled}. */
        NONE
    }

    /**
     * Reads a whole file of 28 x 28 images in 10 classes into memory, scaled to [0, 1], with or without a header.
     *
     * @param file a CSV file, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws IOException if the file cannot be read, or does not hold what it should
     */
    public static Dataset load(Path file) throws IOException {
        return builder().load(file);
    }

    /**
     * As {@link #load(Path)}, but only the first rows.
     *
     * @param file a CSV file, plain or gzip
     * @param maxRows how many images, at least 1; a header does not count
     * @return that many images in the order of the file; safe for concurrent reads
     * @throws IOException if the file cannot be read, does not hold what it should, or has fewer images
     */
    public static Dataset load(Path file, int maxRows) throws IOException {
        return builder().maxRows(maxRows).load(file);
    }

    /**
     * Opens files of 28 x 28 images in 10 classes, scaled to [0, 1], with or without a header, and leaves the images in them, for
     * datasets that are larger than memory.
     *
     * <pre>{@code
     * try (FileDataset train = MnistCsv.open(Path.of("shard1.csv"), Path.of("shard2.csv"))) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param files at least one CSV file, not packed
     * @return all images, file by file; close it after use
     * @throws IOException if a file cannot be read, does not hold what it should, or is packed
     */
    public static FileDataset open(Path... files) throws IOException {
        return builder().open(files);
    }

    /**
     * {@return a builder with the values for MNIST: shape 1 x 28 x 28, 10 classes, scaled to [0, 1], header detected, all rows}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Describes what files hold. Reads any number of them, on one thread at a time. A value out of its range is refused with an
     * {@link IllegalArgumentException}.
     *
     * <pre>{@code
     * MnistCsv.Builder csv = MnistCsv.builder().scaling(PixelScaling.ZERO_MEAN);
     * Dataset train = csv.load(Path.of("train.csv.gz"));
     * Dataset test = csv.load(Path.of("test.csv.gz"));
     * }</pre>
     */
    public static final class Builder {
        static final int ALL_ROWS = Integer.MAX_VALUE;

        Shape shape = Shape.of(1, 28, 28);
        int classes = 10;
        PixelScaling scaling = PixelScaling.UNIT;
        Header header = Header.DETECT;
        char separator = ',';
        LabelColumn labelColumn = LabelColumn.DETECT; // null where one of the next two is given
        int labelIndex = -1;
        String labelName;
        int maxRows = ALL_ROWS;
        long maxMemory = PixelDataset.defaultMemory();

        private Builder() {}

        /**
         * Sets the shape of the images; 1 x 28 x 28 by default.
         *
         * @param shape channels, height and width; a row holds {@code shape.size()} values and a label
         * @return this builder
         */
        public Builder shape(Shape shape) {
            this.shape = Objects.requireNonNull(shape, "shape");
            return this;
        }

        /**
         * Sets the number of classes; 10 by default.
         *
         * @param classes at least 1; labels are from 0 to {@code classes - 1}
         * @return this builder
         */
        public Builder classes(int classes) {
            DatasetChecks.classes("MnistCsv.Builder.classes", classes);
            this.classes = classes;
            return this;
        }

        /**
         * Sets how pixels are scaled; {@link PixelScaling#UNIT} by default.
         *
         * @param scaling to [0, 1] or to [-0.5, 0.5]
         * @return this builder
         */
        public Builder scaling(PixelScaling scaling) {
            this.scaling = Objects.requireNonNull(scaling, "scaling");
            return this;
        }

        /**
         * Sets what the first row is; {@link Header#DETECT} by default.
         *
         * @param header names, an image, or detected
         * @return this builder
         */
        public Builder header(Header header) {
            this.header = Objects.requireNonNull(header, "header");
            return this;
        }

        /**
         * Sets where the labels are; {@link LabelColumn#DETECT} by default.
         *
         * @param column first, last, none, or detected
         * @return this builder
         */
        public Builder labelColumn(LabelColumn column) {
            return labelColumn(Objects.requireNonNull(column, "column"), -1, null);
        }

        /**
         * Sets which column holds the labels.
         *
         * @param index from 0, the first column, to {@code shape.size()}, the last, which is checked when a file is read
         * @return this builder
         */
        public Builder labelColumn(int index) {
            if (index < 0) {
                throw new IllegalArgumentException("MnistCsv.Builder.labelColumn: expected an index of at least 0, got "
                        + index + ". Columns are counted from 0.");
            }
            return labelColumn(null, index, null);
        }

        /**
         * Sets which column holds the labels. Files then need a header.
         *
         * @param name in the header, in upper or lower case, without quotes
         * @return this builder
         */
        public Builder labelColumn(String name) {
            return labelColumn(null, -1, Objects.requireNonNull(name, "name"));
        }

        private Builder labelColumn(LabelColumn column, int index, String name) {
            labelColumn = column;
            labelIndex = index;
            labelName = name;
            return this;
        }

        /**
         * Sets the character between two values; a comma by default.
         *
         * @param separator such as {@code ';'} or {@code '\t'}; no letter, digit, space, quote, sign or point, and ASCII
         * @return this builder
         */
        public Builder separator(char separator) {
            boolean printable = separator > ' ' && separator <= '~' && !Character.isLetterOrDigit(separator);
            if (separator != '\t' && !printable || "\"'+-.\\".indexOf(separator) >= 0) {
                throw new IllegalArgumentException(
                        "MnistCsv.Builder.separator: expected a mark such as ';' or a tab, got "
                                + Quoted.of("'" + separator + "'") + ". Give what stands between two values.");
            }
            this.separator = separator;
            return this;
        }

        /**
         * Sets how much memory {@link #load} may take for images; three quarters of the heap ({@code -Xmx}) by default. A file
         * that holds more, packed or not, is refused before memory runs out.
         *
         * @param bytes at least 1; an image takes one byte per pixel, and some 50 more
         * @return this builder
         */
        public Builder maxMemory(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("MnistCsv.Builder.maxMemory: expected at least 1 byte, got " + bytes
                        + ". Leave it out to use three quarters of the heap.");
            }
            maxMemory = bytes;
            return this;
        }

        /**
         * Sets how many images to read; all by default. A file that has fewer is refused.
         *
         * @param maxRows at least 1; a header does not count
         * @return this builder
         */
        public Builder maxRows(int maxRows) {
            if (maxRows < 1) {
                throw new IllegalArgumentException("MnistCsv.Builder.maxRows: expected at least 1 row, got " + maxRows
                        + ". Leave it out to read all rows.");
            }
            this.maxRows = maxRows;
            return this;
        }

        /**
         * Reads a file into memory.
         *
         * @param file a CSV file, plain or gzip
         * @return the images in the order of the file; safe for concurrent reads
         * @throws IOException if the file cannot be read, does not hold what it should, or has fewer images than asked for
         */
        public Dataset load(Path file) throws IOException {
            Objects.requireNonNull(file, "file");
            return Opencsv.needed(() -> new MnistCsvReader(file, this).load());
        }

        /**
         * Opens files and leaves the images in them, for datasets that are larger than memory. Reads each file once, to check all
         * of its rows and to note where they start.
         *
         * @param files at least one CSV file, not packed, all with their labels in the same column; with {@link #maxRows}, that
         *     many images of each
         * @return the images, file by file; close it after use
         * @throws IOException if a file cannot be read, does not hold what it should, has fewer images than asked for, is packed,
         *     or has its labels in another column than the first
         */
        public FileDataset open(Path... files) throws IOException {
            for (Path file : Objects.requireNonNull(files, "files")) {
                Objects.requireNonNull(file, "file");
            }
            return Opencsv.needed(() -> MnistCsvReader.open(files, this));
        }
    }
}
