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
        double[] a = {1, 0, 0, 0, 1e16, 0, -1e16, 0, 2};
        double[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        double[] d = {0.5};
        kernels().dot(1, 9, new int[] {0}, a, 0, 9, ones, 0, d, 0);
        // part 0 is 1 + 2; the two large ones meet before they meet it: from left to right, it would be lost
        assertThat(d).containsExactly(3.5);
    }

    @Test
    void tileHeight_rowsLeft_isLargestPowerOfTwoUpToEight() {
        int[] heights = {1, 2, 2, 4, 4, 4, 4, 8, 8, 8};
        for (int left = 1; left <= heights.length; left++) {
            assertThat(Product.tileHeight(left)).isEqualTo(heights[left - 1]);
        }
    }
}
