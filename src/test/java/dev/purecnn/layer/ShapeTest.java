package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class ShapeTest {
    private static final int HUGE = Integer.MAX_VALUE;

    @Test
    void size_isTheProduct() {
        assertThat(Shape.of(3, 5, 7).size()).isEqualTo(105);
        assertThat(Shape.of(3, 5, 7)).hasToString("3 x 5 x 7").isEqualTo(new Shape(3, 5, 7));
        assertThat(Shape.vector(10)).isEqualTo(Shape.of(10, 1, 1));
    }

    @Test
    void of_sizesBelowOne_areRefused() {
        for (int[] sizes :
                new int[][] {{0, 5, 7}, {3, 0, 7}, {3, 5, 0}, {-1, 5, 7}, {3, -5, -7}, {Integer.MIN_VALUE, 1, 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Shape.of(sizes[0], sizes[1], sizes[2]))
                    .withMessage("Shape: expected channels, height and width of at least 1, got " + sizes[0] + " x "
                            + sizes[1] + " x " + sizes[2] + ". Give every dimension a positive size.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.vector(0))
                .withMessage(
                        "Shape: expected channels, height and width of at least 1, got 0 x 1 x 1. Give every dimension a"
                                + " positive size.");
    }

    @Test
    void of_moreValuesThanAnArrayHolds_isRefused() {
        for (int[] sizes : new int[][] {
            {HUGE, HUGE, HUGE},
            {1, HUGE, 2},
            {2, 1, HUGE},
            {1 << 16, 1 << 15, 1},
            {1, 65_536, 65_536},
            {1 << 11, 1 << 11, 1 << 11}
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Shape.of(sizes[0], sizes[1], sizes[2]))
                    .withMessage("Shape: expected at most 2147483647 values, got " + sizes[0] + " x " + sizes[1] + " x "
                            + sizes[2] + ". Use smaller images or fewer channels.");
        }
        assertThat(Shape.of(1, 1, HUGE).size()).isEqualTo(HUGE);
        assertThat(Shape.of((1 << 15) - 1, 1 << 15, 2).size()).isEqualTo(((1 << 15) - 1) * (1 << 15) * 2);
    }
}
