package dev.purecnn.internal.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** SHA-256, which every Java platform has. */
public final class Sha256 {
    private static final int BUFFER_SIZE = 1 << 13;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** In hexadecimal, of the bits of all values, big-endian. */
    public static String of(List<double[]> arrays) {
        Sha256 sha256 = new Sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE);
        for (double[] values : arrays) {
            for (double value : values) {
                if (!buffer.hasRemaining()) {
                    sha256.update(buffer.flip());
                    buffer.clear();
                }
                buffer.putDouble(value);
            }
        }
        sha256.update(buffer.flip());
        return sha256.hex();
    }

    /** Of texts by name: a line for each, name, space, text, in the order of the map. */
    static String of(Map<String, String> texts) {
        Sha256 sha256 = new Sha256();
        texts.forEach((name, text) -> sha256.update((name + " " + text + "\n").getBytes(StandardCharsets.UTF_8)));
        return sha256.hex();
    }

    void update(byte[] bytes) {
        digest.update(bytes);
    }

    /** Takes all that the buffer has, and leaves its position at its limit. */
    void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /** In hexadecimal; starts over. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
