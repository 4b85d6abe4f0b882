package dev.purecnn.onnx;

import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.util.Arrays;

/** Reads ONNX's tensors: floating-point numbers of all kinds, and short lists of whole ones, such as shapes. */
final class TensorReader {
    private static final int FIXED64 = 1;
    private static final int MOST_DIMENSIONS = 8;
    private static final int MOST_WHOLE = 64;
    /** Of half floats that are not raw, each of which may take one byte in the file and four here. */
    private static final int MOST_TYPED_HALVES = 1 << 16;

    private final ProtoReader message;
    private final BinaryInput input;
    private String name = "";
    private long[] sizes = {};
    private int type;
    private long rawStart = -1;
    private long rawLength;

    private TensorReader(ProtoReader message, BinaryInput input) {
        this.message = message;
        this.input = input;
    }

    static StoredTensor read(ProtoReader message, BinaryInput input) throws IOException {
        TensorReader reader = new TensorReader(message, input);
        reader.readHead();
        return reader.readNumbers();
    }

    private void readHead() throws IOException {
        while (message.next()) {
            switch (message.field()) {
                case Onnx.TENSOR_SIZES -> message.numbers(ProtoWriter.VARINT, this::addSize);
                case Onnx.TENSOR_TYPE -> type = (int) message.number();
                case Onnx.TENSOR_NAME -> name = message.text();
                case Onnx.TENSOR_RAW -> {
                    rawLength = message.length();
                    rawStart = input.position();
                }
                case Onnx.TENSOR_EXTERNAL, Onnx.TENSOR_LOCATION -> {
                    if (message.field() == Onnx.TENSOR_EXTERNAL || message.number() != 0) {
                        throw new FileFault(
                                message.position(),
                                "the numbers of all tensors in this file",
                                "some in another one",
                                "Save the model again with save_as_external_data=False.");
                    }
                }
                default -> {}
            }
        }
    }

    private void addSize(long size) throws FileFault {
        if (sizes.length == MOST_DIMENSIONS) {
            throw message.fault("at most " + MOST_DIMENSIONS + " dimensions", "more");
        }
        sizes = Arrays.copyOf(sizes, sizes.length + 1);
        sizes[sizes.length - 1] = size;
    }

    private StoredTensor readNumbers() throws IOException {
        int count = StoredTensor.count(sizes);
        int[] whole = new int[sizes.length];
        for (int i = 0; i < whole.length && count >= 0; i++) {
            whole[i] = (int) sizes[i];
        }
        if (count < 0) {
            throw new FileFault(
                    message.start(),
                    "sizes from 0 on, of values that fit an array",
                    Arrays.toString(sizes) + " in " + Quoted.of(name),
                    "Correct the model.");
        }
        return new StoredTensor(name, whole, numbers(count), message.start());
    }

    private Object numbers(int count) throws IOException {
        return switch (type) {
            case Onnx.FLOAT64 -> numbers(ElementType.FLOAT64, Onnx.TENSOR_DOUBLES, count);
            case Onnx.FLOAT32 -> numbers(ElementType.FLOAT32, Onnx.TENSOR_FLOATS, count);
            case Onnx.FLOAT16 -> numbers(ElementType.FLOAT16, Onnx.TENSOR_INTS, count);
            case Onnx.BFLOAT16 -> numbers(ElementType.BFLOAT16, Onnx.TENSOR_INTS, count);
            case Onnx.INT64, Onnx.INT32 -> count > MOST_WHOLE ? null : whole(count);
            default -> null;
        };
    }

    private Object numbers(ElementType element, int typedField, int count) throws IOException {
        if (rawStart >= 0) {
            checkRaw((long) count * element.bytes);
            return element.read(input, count);
        }
        boolean half = typedField == Onnx.TENSOR_INTS;
        checkTyped(count, half ? 1 : element.bytes);
        if (half && count > MOST_TYPED_HALVES) {
            throw fault("raw data for more than " + MOST_TYPED_HALVES + " half floats", count + " numbers one by one");
        }
        double[] doubles = new double[element == ElementType.FLOAT64 ? count : 0];
        float[] floats = new float[element == ElementType.FLOAT64 ? 0 : count];
        int wireType = element == ElementType.FLOAT64 ? FIXED64 : half ? ProtoWriter.VARINT : ProtoWriter.FIXED32;
        eachTyped(typedField, wireType, count, (index, bits) -> {
            switch (element) {
                case FLOAT64 -> doubles[index] = Double.longBitsToDouble(bits);
                case FLOAT32 -> floats[index] = Float.intBitsToFloat((int) bits);
                default -> floats[index] = element.fromShort((short) bits);
            }
        });
        return element == ElementType.FLOAT64 ? doubles : floats;
    }

    private long[] whole(int count) throws IOException {
        long[] values = new long[count];
        if (rawStart < 0) {
            int field = type == Onnx.INT64 ? Onnx.TENSOR_LONGS : Onnx.TENSOR_INTS;
            eachTyped(field, ProtoWriter.VARINT, count, (index, bits) -> values[index] = bits);
            return values;
        }
        checkRaw((long) count * (type == Onnx.INT64 ? Long.BYTES : Integer.BYTES));
        for (int i = 0; i < count; i++) {
            values[i] = type == Onnx.INT64 ? input.readLong() : input.readInt();
        }
        return values;
    }

    private void checkRaw(long length) throws IOException {
        if (rawLength != length) {
            throw fault(length + " bytes of numbers", rawLength + " bytes");
        }
        input.seek(rawStart);
    }

    /** Checks, before there is an array for them, that the file can hold that many numbers. */
    private void checkTyped(int count, int leastBytes) throws FileFault {
        if ((long) count * leastBytes > input.size()) {
            throw fault(count + " numbers", "a file of " + input.size() + " bytes");
        }
    }

    private interface Typed {
        void take(int index, long bits);
    }

    private void eachTyped(int field, int wireType, int count, Typed sink) throws IOException {
        int[] taken = {0};
        message.restart();
        while (message.next()) {
            if (message.field() == field) {
                message.numbers(wireType, bits -> {
                    if (taken[0] == count) {
                        throw fault(count + " numbers", "more");
                    }
                    sink.take(taken[0]++, bits);
                });
            }
        }
        if (taken[0] < count) {
            throw fault(count + " numbers", "" + taken[0]);
        }
    }

    private FileFault fault(String expected, String got) {
        return new FileFault(
                message.start(),
                expected + " in tensor " + Quoted.of(name) + " of " + Arrays.toString(sizes),
                got,
                "The file is damaged: export the model again.");
    }
}
