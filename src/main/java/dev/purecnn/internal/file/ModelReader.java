package dev.purecnn.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a safetensors file that {@link ModelWriter} wrote. Opening it checks all that can be checked without making a
 * network: every length against the file's size, the digests, the description's form.
 */
public final class ModelReader implements Closeable {
    private static final int BUFFER_SIZE = 1 << 16;
    private static final String DAMAGED = "The file is damaged or not whole: fetch it again, or save the model again.";

    private final SeekableByteChannel channel;
    private final long size;
    private ModelHeader header;
    private long blockStart;
    private ModelDescription description;
    private Notes notes;

    private ModelReader(SeekableByteChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    /**
     * Opens and checks a file.
     *
     * @param file the file
     * @return its reader
     * @throws FileFault if it is no such file
     * @throws IOException if there is none, or it cannot be read
     */
    public static ModelReader open(Path file) throws IOException {
        if (Files.notExists(file)) {
            String start = Path.of("").toAbsolutePath().toString();
            throw new NoSuchFileException(
                    file.toString(),
                    null,
                    "expected a model file, got nothing. Check the path; it starts at " + start + ".");
        }
        if (!Files.isRegularFile(file)) { // a pipe or a device would let its reader wait, or never end
            String got = Files.isDirectory(file) ? "a directory. Name a file in it." : "no file. Copy it to one.";
            throw new FileSystemException(file.toString(), null, "expected a model file, got " + got);
        }
        SeekableByteChannel channel = Files.newByteChannel(file);
        try {
            ModelReader reader = new ModelReader(channel);
            reader.readHeader();
            return reader;
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private void readHeader() throws IOException {
        if (size < ModelHeader.LENGTH_BYTES) {
            throw new FileFault(0, "the 8 bytes of a header's length", size + " bytes", DAMAGED);
        }
        ByteBuffer lengthBytes = ModelWriter.littleEndian(ModelHeader.LENGTH_BYTES);
        fill(lengthBytes);
        long length = lengthBytes.getLong(0);
        long most = Math.min(ModelHeader.longest(size), size - ModelHeader.LENGTH_BYTES);
        if (length < 0 || length > most) {
            throw new FileFault(0, "a header's length from 0 to " + most, Long.toUnsignedString(length), DAMAGED);
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        fill(json);
        header = ModelHeader.parse(json.array(), size);
        blockStart = ModelHeader.LENGTH_BYTES + length;
        if (header.blockLength() != size - blockStart) {
            throw new FileFault(
                    blockStart, header.blockLength() + " bytes of numbers", (size - blockStart) + " bytes", DAMAGED);
        }
        description = ModelMetadata.read(header.metadata());
        notes = Notes.of(header.metadata());
        eachNumber(List.of());
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new FileFault(channel.position(), "more bytes", "the end of the file", DAMAGED);
            }
        }
    }

    /**
     * What network the file holds.
     *
     * @return all but its numbers
     */
    public ModelDescription description() {
        return description;
    }

    /**
     * What the file says of a training, if it is a checkpoint.
     *
     * @return none for a model
     */
    public Notes notes() {
        return notes;
    }

    /**
     * How many numbers the file holds.
     *
     * @return at least 0
     */
    public long numValues() {
        return header.blockLength() / Double.BYTES;
    }

    /**
     * A fault in the layers as the file describes them.
     *
     * @param cause says what is wrong with them
     * @return what to throw
     * @throws FileFault never, as the file has layers
     */
    public FileFault layerFault(IllegalArgumentException cause) throws FileFault {
        FileFault fault =
                new FileFault(ModelMetadata.text(header.metadata(), "layers").position(), cause.getMessage());
        fault.initCause(cause);
        return fault;
    }

    /**
     * Checks that the file begins with these tensors, and answers those after them, which only a checkpoint has.
     *
     * @param parameters of the network that was made of the description, in order
     * @return new tensors of zeros, in the file's order
     * @throws FileFault if these are not the file's tensors
     */
    public List<Tensor> furtherThan(List<Tensor> parameters) throws FileFault {
        List<ModelHeader.Entry> entries = header.tensors();
        int count = parameters.size();
        if (entries.size() < count || entries.size() > count && notes.isEmpty()) {
            throw new FileFault(
                    ModelHeader.LENGTH_BYTES,
                    count + " tensors for these layers",
                    Integer.toString(entries.size()),
                    "Save the model again.");
        }
        List<Tensor> further = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            ModelHeader.Entry entry = entries.get(i);
            if (i >= count) {
                further.add(new Tensor(
                        entry.name(), entry.shape(), new double[entry.shape().size()]));
            } else if (!parameters.get(i).isLike(entry.name(), entry.shape())) {
                throw tensorFault(
                        i, parameters.get(i).name() + " (" + parameters.get(i).shape() + ")");
            }
        }
        return further;
    }

    /**
     * A tensor is not what it should be.
     *
     * @param number which one of the file, from 0
     * @param expected name and shape that it should have
     * @return what to throw
     */
    public FileFault tensorFault(int number, String expected) {
        List<ModelHeader.Entry> entries = header.tensors();
        boolean there = number < entries.size();
        return new FileFault(
                there ? entries.get(number).position() : ModelHeader.LENGTH_BYTES,
                expected + " as tensor " + number,
                there ? "another name or shape (" + entries.get(number).shape() + ")" : "none",
                "Save the model again.");
    }

    /**
     * Reads all numbers.
     *
     * @param tensors the parameters, in order, and those after them
     * @throws IOException if the file cannot be read
     * @throws FileFault if the file changed since it was opened
     */
    public void readInto(List<Tensor> tensors) throws IOException {
        eachNumber(tensors);
    }

    /** Goes through the block and checks its digest; leaves the numbers in the tensors, if there are any. */
    private void eachNumber(List<Tensor> tensors) throws IOException {
        Sha256 sha256 = new Sha256();
        ByteBuffer buffer = ModelWriter.littleEndian((int) Math.min(BUFFER_SIZE, size - blockStart));
        buffer.flip();
        channel.position(blockStart);
        for (Tensor tensor : tensors) {
            double[] values = tensor.values();
            for (int i = 0; i < values.length; i++) {
                if (!buffer.hasRemaining()) {
                    refill(buffer, sha256);
                }
                values[i] = buffer.getDouble();
            }
        }
        while (channel.position() < size) {
            refill(buffer, sha256);
        }
        ModelHeader.Text expected = ModelMetadata.text(header.metadata(), ModelMetadata.BLOCK_SHA256);
        if (!expected.text().equals(sha256.hex())) {
            throw new FileFault(
                    expected.position(), "numbers of this " + ModelMetadata.BLOCK_SHA256, "others", DAMAGED);
        }
    }

    private void refill(ByteBuffer buffer, Sha256 sha256) throws IOException {
        buffer.clear();
        buffer.limit((int) Math.min(buffer.capacity(), size - channel.position()));
        fill(buffer);
        sha256.update(buffer.flip());
        buffer.rewind();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
