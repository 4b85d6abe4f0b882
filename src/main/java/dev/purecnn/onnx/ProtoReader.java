package dev.purecnn.onnx;

import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads a message in the protobuf wire format, field by field: {@link #next} goes to the next one, past what was not asked for. No
 * length reaches beyond the message that it is in, so that reading a file takes time and memory of its size at most.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">The format</a>
 */
final class ProtoReader {
    private static final int FIXED64 = 1;
    private static final int LONGEST_TEXT = 1 << 12;
    private static final int MOST_VARINT_BYTES = 10;
    private static final String REMEDY = "The file is damaged, or no ONNX model: export it again.";

    private final BinaryInput input;
    private final long start;
    private final long end;

    private long position;
    private long fieldEnd;
    private int field;
    private int wireType;
    private long number;

    /** A message from the input's position to that end. */
    ProtoReader(BinaryInput input, long end) {
        this.input = input;
        this.end = end;
        start = input.position();
        fieldEnd = start;
    }

    /** Starts again. */
    void restart() {
        fieldEnd = start;
    }

    /** Where the message starts in the file. */
    long start() {
        return start;
    }

    /** Goes to the next field; false at the end of the message. */
    boolean next() throws IOException {
        input.seek(fieldEnd);
        position = fieldEnd;
        if (position == end) {
            return false;
        }
        long tag = varint();
        field = (int) Math.min(Integer.MAX_VALUE, tag >>> 3);
        wireType = (int) tag & 7;
        if (field == 0) {
            throw fault("a field's number", "0");
        }
        switch (wireType) {
            case ProtoWriter.VARINT -> number = varint();
            case FIXED64 -> number = fixed(Long.BYTES);
            case ProtoWriter.LENGTH -> number = varint();
            case ProtoWriter.FIXED32 -> number = fixed(Integer.BYTES);
            default -> throw fault("a wire type of 0, 1, 2 or 5", "" + wireType);
        }
        fieldEnd = input.position();
        if (wireType == ProtoWriter.LENGTH) {
            if (number < 0 || number > end - fieldEnd) {
                throw fault("a length of at most " + (end - fieldEnd), Long.toUnsignedString(number));
            }
            fieldEnd += number;
        }
        return true;
    }

    private long fixed(int bytes) throws IOException {
        if (end - input.position() < bytes) {
            throw fault("a number of " + bytes + " bytes", "the end of its message");
        }
        return bytes == Long.BYTES ? input.readLong() : input.readInt();
    }

    private long varint() throws IOException {
        long value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            if (input.position() == end) {
                throw fault("the rest of a number", "the end of its message");
            }
            int next = input.readByte();
            value |= (long) (next & 0x7f) << 7 * i;
            if (next < 0x80) {
                return value;
            }
        }
        throw fault("a number of at most " + MOST_VARINT_BYTES + " bytes", "a longer one");
    }

    int field() {
        return field;
    }

    /** Where the field starts in the file. */
    long position() {
        return position;
    }

    long number() throws FileFault {
        require(ProtoWriter.VARINT, "a whole number");
        return number;
    }

    float single() throws FileFault {
        require(ProtoWriter.FIXED32, "a number of 4 bytes");
        return Float.intBitsToFloat((int) number);
    }

    String text() throws IOException {
        require(ProtoWriter.LENGTH, "a text");
        if (number > LONGEST_TEXT) {
            throw fault("a text of at most " + LONGEST_TEXT + " bytes", number + " bytes");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder() // which reports what is malformed, unlike the constructors of String
                    .decode(ByteBuffer.wrap(input.readBytes((int) number)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw fault("a text in UTF-8", "other bytes");
        }
    }

    /** The message within this field. */
    ProtoReader message() throws FileFault {
        require(ProtoWriter.LENGTH, "a message");
        return new ProtoReader(input, fieldEnd);
    }

    /** How many bytes the field has. */
    long length() throws FileFault {
        require(ProtoWriter.LENGTH, "bytes");
        return number;
    }

    /** Takes numbers one by one. */
    interface Numbers {
        void take(long number) throws IOException;
    }

    /** All numbers of a repeated field: those packed into one, or this one. Numbers of fixed width come as their bits. */
    void numbers(int elementType, Numbers sink) throws IOException {
        if (wireType != ProtoWriter.LENGTH) {
            require(elementType, "a number of another kind");
            sink.take(number);
            return;
        }
        ProtoReader packed = message();
        while (input.position() < packed.end) {
            packed.position = input.position();
            sink.take(
                    switch (elementType) {
                        case ProtoWriter.VARINT -> packed.varint();
                        case FIXED64 -> packed.fixed(Long.BYTES);
                        default -> packed.fixed(Integer.BYTES);
                    });
        }
    }

    private void require(int type, String expected) throws FileFault {
        if (wireType != type) {
            throw fault(expected + " in field " + field, "another type");
        }
    }

    FileFault fault(String expected, String got) {
        return new FileFault(position, expected, got, REMEDY);
    }
}
