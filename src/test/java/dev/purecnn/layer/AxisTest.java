package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AxisTest {

    @Test
    void numPhases_anyStrideAndDilation_countsThem() {
        for (int filterSize = 1; filterSize <= 7; filterSize++) {
            for (int stride = 1; stride <= 12; stride++) {
                for (int dilation = 1; dilation <= 12; dilation++) {
                    Axis axis = new Axis(100, filterSize, stride, dilation, 0);
                    assertThat(axis.numPhases()).as("%s", axis).isEqualTo(axis.phases().length);
                }
            }
        }
    }

    @Test
    void taps_ofAllPhases_areAllTaps() {
        Axis axis = new Axis(50, 6, 4, 3, 0);
        assertThat(axis.phases()).containsExactly(0, 1, 2, 3);
        assertThat(axis.taps(0)).containsExactly(0, 4); // cells 0 and 12
        assertThat(axis.taps(3)).containsExactly(1, 5); // cells 3 and 15
        assertThat(IntStream.of(axis.phases()).flatMap(phase -> IntStream.of(axis.taps(phase))))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }
}
