package dev.purecnn.internal.convolution;

import static org.assertj.core.api.Assertions.assertThat;

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
    void make_fewNumbers_fillsMoreThanHalfOfTheLargestRegion() {
        Room room = new Room();
        room.take(1);
        room.make();
        assertThat(8L * room.numbers().length).isGreaterThan(2 << 20);
    }
}
