package dev.purecnn.internal.file;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Reads a safetensors file that {@link ModelWriter} wrote, from its first byte to its last: the description when it is opened,
 * with every length checked against the file's size; then the numbers, straight into the arrays of the network that was made of
 * the description, so that loading takes no more memory than the file is long.
 */
public final class ModelReader implements Closeable {
    private static final int BUFFER_SIZE = 1 << 16;
    private static final String DAMAGED = "The file is damaged or not whole: fetch it again, or save the model again.";

    private final ReadableByteChannel channel;
    private final long size;
    private final ModelHeader header;
    private final long blockStart;
    private final Model model;

    private ModelReader(ReadableByteChannel channel, long size) throws IOException {
        this.channel = channel;
        this.size = size;
        ByteBuffer start = ModelWriter.littleEndian((int) Math.min(size, ForeignFile.LONGEST_START));
        fill(start, 0);
        long length = start.limit() < ModelHeader.LENGTH_BYTES ? -1 : start.getLong(0);
        boolean isJson = size == ModelHeader.LENGTH_BYTES || start.limit() > 8 && start.get(8) == '{';
        if (length < 0 || length > ModelHeader.LONGEST || !isJson) {
            throw new FileFault(
                    0,
                    "a model file",
                    "no model file: " + ForeignFile.start(start.array(), size),
                    "Load a file that CNN.save wrote.");
        }
        long least = start.limit() - ModelHeader.LENGTH_BYTES;
        long most = Math.min(ModelHeader.longest(size), size - ModelHeader.LENGTH_BYTES);
        if (length < least || length > most) {
            String expected = "a header's length from " + least + " to " + most;
            throw new FileFault(0, expected, Long.toString(length), DAMAGED);
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        fill(json.put(start.position(ModelHeader.LENGTH_BYTES)), ModelHeader.LENGTH_BYTES);
        header = ModelHeader.parse(json.array(), size);
        blockStart = ModelHeader.LENGTH_BYTES + length;
        if (header.blockLength() != size - blockStart) {
            throw new FileFault(
                    blockStart, header.blockLength() + " bytes of numbers", (size - blockStart) + " bytes", DAMAGED);
        }
        model = ModelMetadata.read(header.metadata());
    }

    /**
     * Opens a file, and checks all of it but the numbers.
     *
     * @throws FileFault if it is no such file
     * @throws IOException if there is none, or it cannot be read
     */
    public static ModelReader open(Path file) throws IOException {
        SeekableByteChannel channel = InputFile.open(file, "a model file");
        try {
            return new ModelReader(channel, channel.size());
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    /** Opens the bytes of a file, and checks all of it but the numbers. */
    public static ModelReader open(byte[] file) throws IOException {
        return new ModelReader(Channels.newChannel(new ByteArrayInputStream(file)), file.length);
    }

    /** Fills the buffer, whose first byte is that of the file at {@code start}. */
    private void fill(ByteBuffer buffer, long start) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new FileFault(start + buffer.position(), "more bytes", "the end of the file", DAMAGED);
            }
        }
    }

    /** What the file says beside its numbers. */
    public Model model() {
        return model;
    }

    /** How many numbers the file holds. */
    public long numValues() {
        return header.blockLength() / Double.BYTES;
    }

    /**
     * Reads all numbers, and checks their digest; to be called once.
     *
     * @param parameters of the network that was made of the description, in order: the file must begin with them, and their
     *     arrays are filled with finite numbers
     * @return the tensors after them, which only a checkpoint has
     * @throws FileFault if these are not the file's tensors, or the numbers are damaged
     */
    public List<Tensor> read(List<Tensor> parameters) throws IOException {
        List<ModelHeader.Entry> entries = header.tensors();
        int count = parameters.size();
        if (entries.size() < count || entries.size() > count && model.training().isEmpty()) {
            throw new FileFault(
                    ModelHeader.LENGTH_BYTES,
                    count + " tensors for these layers",
                    Integer.toString(entries.size()),
                    "Save the model again.");
        }
        List<Tensor> tensors = new ArrayList<>(parameters);
        for (int i = 0; i < count; i++) {
            ModelHeader.Entry entry = entries.get(i);
            if (!parameters.get(i).isLike(entry.name(), entry.dimensions())) {
                throw new FileFault(
                        entry.position(),
                        parameters.get(i) + " as tensor " + i,
                        "another name or shape (" + Tensor.text(entry.dimensions()) + ")",
                        "Save the model again.");
            }
        }
        for (ModelHeader.Entry entry : entries.subList(count, entries.size())) {
            tensors.add(new Tensor(entry.name(), entry.dimensions(), new double[entry.length()]));
        }
        readBlock(tensors.iterator());
        for (int i = 0; i < count; i++) {
            requireFinite(parameters.get(i), blockStart + entries.get(i).begin());
        }
        return tensors.subList(count, tensors.size());
    }

    private static void requireFinite(Tensor tensor, long position) throws FileFault {
        int index = tensor.firstNotFinite();
        if (index >= 0) {
            throw new FileFault(
                    position + (long) index * Double.BYTES,
                    "finite numbers in " + tensor.name(),
                    tensor.values()[index] + " at index " + index,
                    "Save the model again, before its training failed.");
        }
    }

    /** Reads all numbers for their digest, and keeps none. */
    public void check() throws IOException {
        readBlock(List.<Tensor>of().iterator());
    }

    private void readBlock(Iterator<Tensor> tensors) throws IOException {
        Sha256 sha256 = new Sha256();
        ByteBuffer buffer = ModelWriter.littleEndian((int) Math.min(BUFFER_SIZE, size - blockStart));
        double[] values = {};
        int filled = 0;
        for (long position = blockStart; position < size; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), size - position));
            fill(buffer, position);
            sha256.update(buffer.flip());
            buffer.rewind();
            while (buffer.hasRemaining() && (filled < values.length || tensors.hasNext())) {
                if (filled == values.length) {
                    values = tensors.next().values();
                    filled = 0;
                }
                int taken = Math.min(values.length - filled, buffer.remaining() / Double.BYTES);
                buffer.asDoubleBuffer().get(values, filled, taken);
                buffer.position(buffer.position() + taken * Double.BYTES);
                filled += taken;
            }
        }
        ModelHeader.Text expected = ModelMetadata.text(header.metadata(), ModelMetadata.BLOCK_SHA256);
        if (!expected.text().equals(sha256.hex())) {
            throw new FileFault(
                    expected.position(), "numbers of this " + ModelMetadata.BLOCK_SHA256, "others", DAMAGED);
        }
    }

    /** The layers as the file describes them do not fit together. */
    public FileFault layerFault(IllegalArgumentException cause) throws FileFault {
        long position = ModelMetadata.text(header.metadata(), "layers").position();
        return new FileFault(position, cause.getMessage(), cause);
    }

    /** What the file says of a training is none of that network. */
    public FileFault metadataFault(IllegalArgumentException cause) {
        return new FileFault(ModelHeader.LENGTH_BYTES, cause.getMessage(), cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
