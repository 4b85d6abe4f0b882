package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads labelled images from CSV files such as MNIST is handed around in: one image per row, of a label and the
 * pixels in the order channel, row, column.
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
 * <p><b>The file</b> is plain or gzip; its first bytes tell, not its name. Its text is UTF-8, with or without a byte
 * order mark, with any line ends. The last line may be blank, no other. Values are separated by commas, or by what
 * {@link Builder#separator} says, and not quoted. The label is in the column that the header says, or the first; see
 * {@link LabelColumn}.
 * A label is a whole number from 0 to {@code classes - 1}, a pixel one from 0 to 255, in ASCII digits without a sign; spaces
 * around it and leading zeros are ignored. A row may take up to 64 characters per value.
 *
 * <p><b>Memory:</b> a pixel takes one byte, so that all 60,000 images of MNIST take 48 MB. A file of more images than
 * fit is refused before the memory runs out; see {@link Builder#maxMemory}. {@link #open} leaves the images in their files,
 * and takes sixteen bytes for each.
 *
 * <p><b>Errors:</b> a file that does not hold this is refused with a {@link CsvFormatException}, which says where and
 * why, whatever it holds instead; one that cannot be read at all with another {@link IOException}. Nothing is skipped
 * or guessed. Reading ends with the last row that was asked for; what comes after it is not looked at.
 *
 * <p>Needs opencsv on the class path or module path. Without it, every method that reads throws an
 * {@link IllegalStateException} that names what to add.
 */
public final class MnistCsv {

    private MnistCsv() {}

    /** Whether the first row holds column names. */
    public enum Header {

        /** The first row is an image. */
        NONE,

        /** The first row holds names, as many as there are columns, and is passed over. */
        YES,

        /**
         * The first row is passed over if every single value of it is a name: it has a letter, and is not a number in
         * any notation (so not {@code NaN} or {@code 1e9}). An image with a few bad values is never taken for a header.
         */
        DETECT
    }

    /** Where the labels are in a row. */
    public enum LabelColumn {

        /**
         * The column that the header names {@code label}, {@code class}, {@code target} or {@code y}, in upper or lower case;
         * without such a name the first. A file is refused where the first column holds the same value in every row, or a
         * number that is no label, while the last column holds labels that fit.
         */
        DETECT,

        /** The first column. */
        FIRST,

        /** The last column. */
        LAST,

        /** Nowhere: all columns are pixels. Such images are there to be predicted; see {@link Dataset#isLabelled}. */
        NONE
    }

    /**
     * Reads a whole file of 28 x 28 images in 10 classes, scaled to [0, 1], with or without a header.
     *
     * @param file a CSV file, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if the file is null
     * @throws CsvFormatException if the file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Path file) throws IOException {
        return builder().load(file);
    }

    /**
     * Reads the first rows of a file of 28 x 28 images in 10 classes, scaled to [0, 1], with or without a header.
     *
     * @param file a CSV file, plain or gzip
     * @param maxRows how many images, at least 1; a header does not count
     * @return that many images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if the file is null
     * @throws IllegalArgumentException if {@code maxRows} is below 1
     * @throws CsvFormatException if the file does not hold what it should, or fewer images than asked for (says how
     *     many)
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Path file, int maxRows) throws IOException {
        return builder().maxRows(maxRows).load(file);
    }

    /**
     * Opens files of 28 x 28 images in 10 classes, scaled to [0, 1], with or without a header, of which the images stay where
     * they are, for more of them than fit in memory.
     *
     * <pre>{@code
     * try (FileDataset train = MnistCsv.open(Path.of("shard1.csv"), Path.of("shard2.csv"))) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param files at least one CSV file, not packed
     * @return all images, file by file; the caller closes it
     * @throws NullPointerException if a file is null
     * @throws IllegalArgumentException if there is no file
     * @throws CsvFormatException if a file does not hold what it should, or is packed
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static FileDataset open(Path... files) throws IOException {
        return builder().open(files);
    }

    /**
     * Starts with the values for MNIST: shape 1 x 28 x 28, 10 classes, scaled to [0, 1], header detected, all rows.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Says what a file holds and what to make of it. May be used for any number of files, by one thread at a time.
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
         * Sets the shape of the images. Default: 1 x 28 x 28.
         *
         * @param shape channels, height and width; a row holds {@code shape.size()} values, and one for the label
         * @return this builder
         * @throws NullPointerException if it is null
         */
        public Builder shape(Shape shape) {
            this.shape = Objects.requireNonNull(shape, "shape");
            return this;
        }

        /**
         * Sets the number of classes. Default: 10.
         *
         * @param classes at least 1; labels go from 0 to {@code classes - 1}
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder classes(int classes) {
            DatasetChecks.classes("MnistCsv.Builder.classes", classes);
            this.classes = classes;
            return this;
        }

        /**
         * Sets how pixels are scaled. Default: {@link PixelScaling#UNIT}.
         *
         * @param scaling to [0, 1] or to [-0.5, 0.5]
         * @return this builder
         * @throws NullPointerException if it is null
         */
        public Builder scaling(PixelScaling scaling) {
            this.scaling = Objects.requireNonNull(scaling, "scaling");
            return this;
        }

        /**
         * Sets what the first row is. Default: {@link Header#DETECT}.
         *
         * @param header names, an image, or whatever it looks like
         * @return this builder
         * @throws NullPointerException if it is null
         */
        public Builder header(Header header) {
            this.header = Objects.requireNonNull(header, "header");
            return this;
        }

        /**
         * Sets where the labels are. Default: {@link LabelColumn#DETECT}.
         *
         * @param column first, last, nowhere, or wherever it looks like
         * @return this builder
         * @throws NullPointerException if it is null
         */
        public Builder labelColumn(LabelColumn column) {
            return labelColumn(Objects.requireNonNull(column, "column"), -1, null);
        }

        /**
         * Sets which column holds the labels.
         *
         * @param index from 0, the first column, to {@code shape.size()}, the last
         * @return this builder
         * @throws IllegalArgumentException if it is negative; one that is too large is refused when a file is read
         */
        public Builder labelColumn(int index) {
            if (index < 0) {
                throw new IllegalArgumentException("MnistCsv.Builder.labelColumn: expected an index of at least 0, got "
                        + index + ". Columns are counted from 0.");
            }
            return labelColumn(null, index, null);
        }

        /**
         * Sets which column holds the labels. Files need a header then.
         *
         * @param name its name in the header, in upper or lower case, without quotes
         * @return this builder
         * @throws NullPointerException if it is null
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
         * Sets what stands between two values. Default: a comma.
         *
         * @param separator such as {@code ';'} or {@code '\t'}
         * @return this builder
         * @throws IllegalArgumentException if it is a letter, a digit, a space, a quote, a sign, a point, or not ASCII
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
         * Sets how much memory {@link #load} may take for images. Default: three quarters of the heap, as set by
         * {@code -Xmx}. A file that holds more, packed or not, is refused before the memory runs out.
         *
         * @param bytes at least 1; an image takes one byte per pixel, and some 50 more
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
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
         * Sets how many images to read. Default: all. A file that has fewer is refused.
         *
         * @param maxRows at least 1; a header does not count
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
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
         * Reads a file.
         *
         * @param file a CSV file, plain or gzip
         * @return the images in the order of the file; safe for concurrent reads, and independent of this builder
         * @throws NullPointerException if the file is null
         * @throws CsvFormatException if the file does not hold what it should, or fewer images than asked for (says how
         *     many)
         * @throws java.nio.file.NoSuchFileException if there is no such file
         * @throws IOException if it is a directory, or cannot be read
         */
        public Dataset load(Path file) throws IOException {
            Objects.requireNonNull(file, "file");
            return Opencsv.needed(() -> new MnistCsvReader(file, this).load());
        }

        /**
         * Opens files of which the images stay where they are, for more of them than fit in memory. Reads each once, to
         * check all of its rows and to note where they start.
         *
         * @param files at least one CSV file, not packed, all with their labels in the same column; with {@link #maxRows},
         *     that many images of each
         * @return the images, file by file; independent of this builder; the caller closes it
         * @throws NullPointerException if a file is null
         * @throws IllegalArgumentException if there is no file
         * @throws CsvFormatException if a file does not hold what it should, or fewer images than asked for (says how
         *     many), is packed, or has its labels in another column than the first file
         * @throws java.nio.file.NoSuchFileException if there is no such file
         * @throws IOException if it is a directory or a pipe, or cannot be read
         */
        public FileDataset open(Path... files) throws IOException {
            for (Path file : Objects.requireNonNull(files, "files")) {
                Objects.requireNonNull(file, "file");
            }
            return Opencsv.needed(() -> MnistCsvReader.open(files, this));
        }
    }
}
