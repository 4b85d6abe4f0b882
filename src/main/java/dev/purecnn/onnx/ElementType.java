package dev.purecnn.onnx;

import dev.purecnn.internal.file.BinaryInput;
import java.io.IOException;

/** The types of floating-point numbers that files hold. */
enum ElementType {
    FLOAT64(8),
    FLOAT32(4),
    FLOAT16(2),
    BFLOAT16(2);

    final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Reads numbers of this type: a {@code double[]} of doubles, else a {@code float[]}, which holds all others exactly. */
    Object read(BinaryInput input, int count) throws IOException {
        if (this == FLOAT64) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = Double.longBitsToDouble(input.readLong());
            }
            return values;
        }
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = bytes == Float.BYTES ? Float.intBitsToFloat(input.readInt()) : fromShort(input.readShort());
        }
        return values;
    }

    /** A number of 16 bits. */
    float fromShort(short bits) {
        return this == BFLOAT16 ? Float.intBitsToFloat(bits << 16) : half(bits);
    }

    /** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. JDK 17 has no method for it. */
    private static float half(int bits) {
        int sign = bits < 0 ? -1 : 1;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0x1f) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        int whole = exponent == 0 ? fraction : fraction | 0x400;
        return sign * Math.scalb((float) whole, Math.max(1, exponent) - 25);
    }
}
