package dev.purecnn.internal.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.internal.kernel.Kernels;
import org.junit.jupiter.api.Test;

class RoomTest {
    @Test
    void take_partsOfAnyLength_beginAtCacheLinesAndDoNotOverlap() {
        Room room = new Room();
        int end = 0;
        for (int length : new int[] {1, 8, 13, 1 << 18, 7}) {
            int from = room.take(length);
            assertThat(from).isGreaterThanOrEqualTo(end);
            assertThat((16 + 8L * from) % 64).isZero(); // HotSpot has 16 bytes before the first element
            end = from + length;
        }
        room.make();
        assertThat(room.numbers().length).isGreaterThanOrEqualTo(end);
    }

    @Test
    void align_fewNumbers_fillsMoreThanHalfOfTheLargestRegionForVectors() {
        Room room = new Room();
        room.take(1);
        room.make();
        room.align();
        assertThat(8L * room.numbers().length > 2 << 20)
                .isEqualTo(Kernels.active().name().equals("vector"));
    }
}
