package dev.purecnn.internal.file;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every Java platform has. */
final class Sha256 {
    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    void update(byte[] bytes) {
        digest.update(bytes);
    }

    /** Takes all that the buffer has, and leaves its position at its limit. */
    void update(ByteBuffer bytes) {
        digest.update(bytes);
    }

    /** In hexadecimal; starts anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
