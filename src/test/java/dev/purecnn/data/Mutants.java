package dev.purecnn.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Binary files with random faults: bytes changed, cut out, doubled, cut off, and sizes that no file has. */
final class Mutants {
    private static final int[] SIZES = {0, 1, 2, 3, 255, 256, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, -1};

    private Mutants() {}

    /** The original with one to three faults. */
    static byte[] mutant(byte[] original, Random random) {
        byte[] mutant = original;
        for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
            int start = random.nextInt(mutant.length + 1);
            int end = Math.min(mutant.length, start + random.nextInt(12));
            mutant = switch (random.nextInt(7)) {
                case 0 -> spliced(mutant, start, end, new byte[0]);
                case 1 -> spliced(mutant, end, end, Arrays.copyOfRange(mutant, start, end));
                case 2 -> Arrays.copyOf(mutant, start);
                case 3 -> withSize(mutant, random);
                case 4 -> spliced(mutant, start, start, new byte[] {(byte) random.nextInt()});
                case 5 -> withBit(mutant, random);
                default ->
                    spliced(mutant, start, Math.min(mutant.length, start + 1), new byte[] {(byte) random.nextInt()});
            };
        }
        return mutant;
    }

    /** A special number of four bytes, more often than not where headers have them. */
    private static byte[] withSize(byte[] original, Random random) {
        byte[] number = ByteBuffer.allocate(Integer.BYTES)
                .putInt(SIZES[random.nextInt(SIZES.length)])
                .array();
        int start = Math.min(original.length, 4 * random.nextInt(6));
        return spliced(original, start, Math.min(original.length, start + number.length), number);
    }

    private static byte[] withBit(byte[] original, Random random) {
        byte[] mutant = original.clone();
        if (mutant.length > 0) {
            mutant[random.nextInt(mutant.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return mutant;
    }

    private static byte[] spliced(byte[] original, int start, int end, byte[] replacement) {
        return TestFiles.concat(
                Arrays.copyOf(original, start), replacement, Arrays.copyOfRange(original, end, original.length));
    }
}
