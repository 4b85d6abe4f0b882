package dev.purecnn;

import dev.purecnn.layer.Parameter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 over the bits of parameters. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(List<Parameter> parameters) {
        MessageDigest digest = sha256();
        ByteBuffer bits = ByteBuffer.allocate(Double.BYTES); // big-endian
        for (Parameter parameter : parameters) {
            for (double value : parameter.values()) {
                digest.update(bits.putDouble(0, value).array());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
