package dev.purecnn.data;

import java.nio.ByteBuffer;

/** The types of values that an IDX file may hold; all have the high byte first. */
enum IdxType {
    UNSIGNED_BYTE(0x08, Byte.BYTES),
    BYTE(0x09, Byte.BYTES),
    SHORT(0x0b, Short.BYTES),
    INT(0x0c, Integer.BYTES),
    FLOAT(0x0d, Float.BYTES),
    DOUBLE(0x0e, Double.BYTES);

    private final int code;
    final int bytes;

    IdxType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The type with a code; null if there is none. */
    static IdxType of(int code) {
        for (IdxType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** A value of an array of such values, as it is. */
    double value(ByteBuffer values, int index) {
        int at = index * bytes;
        return switch (this) {
            case UNSIGNED_BYTE -> values.get(at) & 0xff;
            case BYTE -> values.get(at);
            case SHORT -> values.getShort(at);
            case INT -> values.getInt(at);
            case FLOAT -> values.getFloat(at);
            case DOUBLE -> values.getDouble(at);
        };
    }

    /** A value that must be a whole number from 0 to a maximum; -1 if it is not. */
    static int whole(double value, int max) {
        return value >= 0 && value <= max && value == Math.rint(value) ? (int) value : -1;
    }

    static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
