package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    /**
     * Computed independently of this library in decimal arithmetic of 60 digits (Python's {@code decimal}), the cosine by its
     * Taylor series and pi by Machin's formula. Columns: epochs; exponential decay of 0.01 by 0.8; steps of 0.5 by 0.1 every
     * 2.5; cosine of 0.3 over 8; the same warmed up from 1/16 over 2; one cycle to 0.5 over 8.
     */
    private static final double[][] TABLE = {
        {0, 0.01, 0.5, 0.3, 0.01875, 0.02},
        {0.625, 0.01, 0.5, 0.2955046879791816, 0.1050426820550997, 0.0959378475145109},
        {1.25, 0.008, 0.5, 0.2822881896522533, 0.183046247977633, 0.2756967510152343},
        {1.875, 0.008, 0.5, 0.2611426688032439, 0.2458413405530538, 0.4455225088070568},
        {2.5, 0.0064, 0.05, 0.2333355349529403, 0.2333355349529403, 0.4996067053276391},
        {3.125, 0.00512, 0.05, 0.200533478008833, 0.200533478008833, 0.4796055125649813},
        {3.75, 0.00512, 0.05, 0.1647025710494341, 0.1647025710494341, 0.4316653538481847},
        {4.375, 0.004096, 0.05, 0.1279904288316957, 0.1279904288316957, 0.3616197315211788},
        {5, 0.0032768, 0.005, 0.09259748514523654, 0.09259748514523654, 0.2779920070613509},
        {5.625, 0.0032768, 0.005, 0.060645104326135, 0.060645104326135, 0.1909582528829746},
        {6.25, 0.00262144, 0.005, 0.03404843199558946, 0.03404843199558946, 0.1111089973153325},
        {6.875, 0.00262144, 0.005, 0.0144016060314835, 0.0144016060314835, 0.0481605373416395},
        {7.5, 0.002097152, 0.0005, 0.002882207939515433, 0.002882207939515433, 0.00977263043104706},
        {8.125, 0.0016777216, 0.0005, 0, 0, 2e-06},
        {8.75, 0.0016777216, 0.0005, 0, 0, 2e-06},
        {9.375, 0.00134217728, 0.0005, 0, 0, 2e-06},
        {10, 0.001073741824, 5e-05, 0, 0, 2e-06},
    };

    @ParameterizedTest
    @CsvSource({"1, exponential", "2, step", "3, cosine", "4, warmed", "5, cycle"})
    void rate_atManyTimes_equalsTable(int column, String name) {
        Schedule schedule = named(name);
        for (double[] row : TABLE) {
            assertThat(schedule.rate(row[0])).as("at %s", row[0]).isCloseTo(row[column], within(1e-12));
        }
    }

    private static Schedule named(String name) {
        return switch (name) {
            case "exponential" -> Schedule.exponentialDecay(0.01, 0.8);
            case "step" -> Schedule.step(0.5, 0.1, 2.5);
            case "cosine" -> Schedule.cosine(0.3, 8);
            case "warmed" -> Schedule.cosine(0.3, 8).withWarmUp(0.0625, 2);
            default -> Schedule.oneCycle(0.5, 8);
        };
    }

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
        assertThat(Schedule.constant(0.3).rate(1000.5)).isEqualTo(0.3);
    }

    @Test
    void schedules_longAfterTheirEnd_stayThere() {
        assertThat(Schedule.cosine(0.3, 8).rate(1e9)).isZero();
        assertThat(Schedule.oneCycle(0.5, 8).rate(1e9)).isEqualTo(2e-6);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void numbers_notPositive_areRefused(double number) {
        String start = "Schedule: expected a positive, finite ";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.constant(number))
                .withMessage(start + "learningRate, got " + number + ". Use 0.01.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.step(0.1, number, 1))
                .withMessage(start + "factor, got " + number + ". Use 0.1.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.step(0.1, 0.1, number))
                .withMessage(start + "length, got " + number + ". Use 30.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.cosine(0.1, number))
                .withMessage(start + "length, got " + number + ". Use 20.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.oneCycle(number, 20))
                .withMessage(start + "highest, got " + number + ". Use 0.1.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.constant(0.1).withWarmUp(0.1, number))
                .withMessage(start + "length, got " + number + ". Use 1.");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.5, Double.NaN})
    void withWarmUp_startOutOfRange_isRefused(double start) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.constant(0.1).withWarmUp(start, 1))
                .withMessage("Schedule: expected a warm-up from a start in (0, 1], got " + start + ". Use 0.01.");
    }

    @Test
    void startingAt_laterEpoch_countsFromThere() {
        Schedule cosine = Schedule.cosine(0.2, 3);
        Schedule later = cosine.startingAt(4);
        assertThat(later.rate(4)).isEqualTo(0.2);
        assertThat(later.rate(5.5)).isEqualTo(cosine.rate(1.5));
        assertThat(later.rate(2)).as("before it starts").isEqualTo(0.2);
        assertThat(later.rate(7)).isZero();
    }

    @Test
    void startingAt_numbers_areInItsText() {
        assertThat(Schedule.constant(0.5).startingAt(3))
                .isEqualTo(Schedule.constant(0.5).startingAt(3))
                .isNotEqualTo(Schedule.constant(0.5).startingAt(4))
                .hasToString("StartingAt[schedule=Constant[learningRate=0.5], epoch=3]");
    }

    @Test
    void startingAt_negativeEpoch_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.constant(0.1).startingAt(-1))
                .withMessageContaining("expected to start at epoch 0 or later, got -1");
    }
}
