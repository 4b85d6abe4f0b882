package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplingTest {

    private static int[] scaled(int[] source, int height, int width, int newHeight, int newWidth) {
        byte[] bytes = new byte[source.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) source[i];
        }
        byte[] target = new byte[newHeight * newWidth];
        Resampling.scale(bytes, height, width, target, 0, newWidth, newHeight, newWidth);
        int[] result = new int[target.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = target[i] & 0xff;
        }
        return result;
    }

    /** Of three cells two: the first takes the first and half of the second, two thirds and one third of it. */
    @Test
    void scale_smaller_averagesTheExactArea() {
        assertThat(scaled(new int[] {30, 60, 240}, 1, 3, 1, 2)).containsExactly(40, 180);
        assertThat(scaled(new int[] {30, 60, 240}, 3, 1, 2, 1)).containsExactly(40, 180);
        assertThat(scaled(new int[] {10, 20, 41, 70}, 2, 2, 1, 1)).containsExactly(35); // 35.25
        assertThat(scaled(new int[] {0, 1}, 1, 2, 1, 1)).containsExactly(1); // halves go up
    }

    /** Of two cells four: their centres lie at -0.25, 0.25, 0.75 and 1.25 of the old ones. */
    @Test
    void scale_larger_interpolatesBetweenCentres() {
        assertThat(scaled(new int[] {40, 80}, 1, 2, 1, 4)).containsExactly(40, 50, 70, 80);
        assertThat(scaled(new int[] {40, 80}, 2, 1, 4, 1)).containsExactly(40, 50, 70, 80);
        assertThat(scaled(new int[] {200}, 1, 1, 2, 3)).containsOnly(200);
    }

    @Test
    void scale_sameSize_copies() {
        int[] pixels = new Random(7).ints(35, 0, 256).toArray();

        assertThat(scaled(pixels, 5, 7, 5, 7)).isEqualTo(pixels);
    }

    @Test
    void scale_oneColour_keepsIt() {
        for (int level : new int[] {0, 1, 127, 254, 255}) {
            int[] pixels = new int[77];
            Arrays.fill(pixels, level);

            assertThat(scaled(pixels, 7, 11, 5, 3)).containsOnly(level);
            assertThat(scaled(pixels, 11, 7, 19, 23)).containsOnly(level);
        }
    }

    @Test
    void scale_intoAPart_leavesTheRestAlone() {
        byte[] target = new byte[12];
        Resampling.scale(new byte[] {9}, 1, 1, target, 5, 4, 2, 2);

        assertThat(target).containsExactly(0, 0, 0, 0, 0, 9, 9, 0, 0, 9, 9, 0);
    }

    @Test
    void scale_sidesOfBillions_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resampling.scale(new byte[0], 0, 1 << 25, new byte[1], 0, 1, 1, 1))
                .withMessageContaining("expected sides of at most 16777216 pixels");
    }

    private static int[] numbers(BufferedReader in) throws IOException {
        return Arrays.stream(in.readLine().split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    @Test
    void scale_randomPictures_areThoseOfPillow() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                ResamplingTest.class.getResourceAsStream("resampling.txt"), StandardCharsets.US_ASCII))) {
            in.readLine(); // the origin
            int cases = 0;
            while (in.ready()) {
                int[] sizes = numbers(in);
                int[] source = numbers(in);
                int[] expected = numbers(in);
                int[] actual = scaled(source, sizes[0], sizes[1], sizes[2], sizes[3]);
                for (int i = 0; i < expected.length; i++) {
                    assertThat(actual[i])
                            .as("%s, pixel %d", Arrays.toString(sizes), i)
                            .isCloseTo(expected[i], within(1));
                }
                cases++;
            }
            assertThat(cases).isEqualTo(14);
        }
    }
}
