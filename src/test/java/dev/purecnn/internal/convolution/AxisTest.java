package dev.purecnn.internal.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void numPhases_anyStrideAndDilation_countsDifferentRemainders() {
        for (int filterSize = 1; filterSize <= 7; filterSize++) {
            for (int stride = 1; stride <= 12; stride++) {
                for (int dilation = 1; dilation <= 12; dilation++) {
                    Axis axis = new Axis(100, filterSize, stride, dilation, 0, 0);
                    int[] remainders = IntStream.range(0, filterSize)
                            .map(tap -> tap * axis.dilation() % axis.stride())
                            .toArray();
                    assertThat(axis.numPhases()).as("%s", axis).isEqualTo((int)
                            IntStream.of(remainders).distinct().count());
                    for (int tap = 0; tap < filterSize; tap++) {
                        assertThat(axis.cell(0, tap % axis.numPhases())).isEqualTo(remainders[tap]);
                    }
                }
            }
        }
    }

    /** What the shift is for: output o finds tap t's input at place o + shift. */
    @Test
    void cell_placeOfOutputAndTap_isWhereTheyMeet() {
        Axis axis = new Axis(50, 6, 4, 3, 5, 5);
        for (int output = 0; output < axis.output(); output++) {
            for (int tap = 0; tap < 6; tap++) {
                assertThat(axis.cell(output + axis.shift(tap), tap % axis.numPhases()))
                        .isEqualTo(output * 4 + tap * 3 - 5);
            }
        }
    }
}
