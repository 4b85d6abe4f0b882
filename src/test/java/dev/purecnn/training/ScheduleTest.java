package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void exponentialDecay_notebooksRates_fallEachEpoch() {
        Schedule schedule = Schedule.exponentialDecay(0.01, 0.8);
        assertThat(schedule.rate(0)).isEqualTo(0.01);
        assertThat(schedule.rate(1)).isCloseTo(0.008, within(1e-17));
        assertThat(schedule.rate(8)).isCloseTo(0.0016777216, within(1e-17));
    }

    @Test
    void exponentialDecay_byOne_isConstant() {
        assertThat(Schedule.exponentialDecay(0.3, 1).rate(1000)).isEqualTo(0.3);
    }
}
