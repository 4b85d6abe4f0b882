package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AnglesTest {

    @Test
    void sinAndCos_twoTurnsEitherWay_areThoseOfStrictMath() {
        for (int i = -1000; i <= 1000; i++) {
            double angle = i * Math.PI / 250;
            assertThat(Angles.sin(angle)).as("sin of %s", angle).isCloseTo(StrictMath.sin(angle), within(1e-15));
            assertThat(Angles.cos(angle)).as("cos of %s", angle).isCloseTo(StrictMath.cos(angle), within(1e-15));
        }
    }

    @Test
    void sinAndCos_anyAngle_allocateNothing() {
        double[] sum = new double[1];
        assertThat(TestFiles.fewestAllocatedBytes(() -> sum[0] += Angles.sin(sum[0]) + Angles.cos(2 * sum[0] + 1)))
                .isZero();
    }
}
