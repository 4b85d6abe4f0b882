package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlainKernelsTest extends KernelsContract {

    @Override
    Kernels kernels() {
        return new PlainKernels();
    }

    @Test
    void name_isPlain() {
        assertThat(kernels().name()).isEqualTo("plain");
    }

    /** The order of additions that the design page defines, with numbers where another order gives another sum. */
    @Test
    void dot_eightParts_areAddedInPairs() {
        double[] a = {1e16, 1, 1, -1e16, 3, 1e16, -1e16, 5, 2};
        double[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        double[] d = {0.5};
        kernels().dot(1, 9, new int[] {0}, a, 0, 9, ones, 0, d);
        // part 0 is 1e16 + 2; then ((1e16 + 2 + 1) + (1 - 1e16)) + ((3 + 1e16) + (-1e16 + 5)), each rounded to even
        double expected = (((1e16 + 2) + 1) + (1 + -1e16)) + ((3 + 1e16) + (-1e16 + 5));
        assertThat(d).containsExactly(0.5 + expected);
    }

    @Test
    void tileHeight_rowsLeft_isLargestPowerOfTwoUpToEight() {
        int[] heights = {1, 2, 2, 4, 4, 4, 4, 8, 8, 8};
        for (int left = 1; left <= heights.length; left++) {
            assertThat(Product.tileHeight(left)).isEqualTo(heights[left - 1]);
        }
    }
}
