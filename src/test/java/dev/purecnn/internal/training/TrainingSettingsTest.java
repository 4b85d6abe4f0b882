package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.data.Augmentation;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingSettingsTest {
    private static final Schedule USUAL = Schedule.exponentialDecay(0.01, 0.9);

    private static TrainingSettings of(Schedule schedule) {
        return TrainingSettings.of(TrainingOptions.builder().build(), schedule);
    }

    private static void assertRefused(TrainingSettings before, TrainingSettings next, String expected, String got) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> before.requireContinuedBy(next))
                .withMessage("TrainingOptions: expected what the training was cut short with, " + expected + "; got "
                        + got + ". Name the same to resume, or call train, which begins another training from here.");
    }

    @Test
    void settings_namedByNobody_areNone() {
        assertThat(of(USUAL).texts())
                .isEqualTo(Map.of(
                        "schedule", "ExponentialDecay[learningRate=0.01, decayRate=0.9]",
                        "clipNorm", "none",
                        "classWeights", "none",
                        "labelSmoothing", "0.0",
                        "augmentation", "none",
                        "earlyStopping", "none"));
    }

    @Test
    void settings_named_areInTheTexts() {
        TrainingOptions options = TrainingOptions.builder()
                .clipNorm(2)
                .classWeights(1, 5)
                .labelSmoothing(0.05)
                .augmentation(Augmentation.builder().shift(2).rotate(10).build())
                .earlyStopping(4)
                .build();
        assertThat(TrainingSettings.of(options, Schedule.oneCycle(0.005, 15)).texts())
                .isEqualTo(Map.of(
                        "schedule", "OneCycle[highest=0.005, length=15.0]",
                        "clipNorm", "2.0",
                        "classWeights", "[1.0, 5.0]",
                        "labelSmoothing", "0.05",
                        "augmentation",
                                "Augmentation[shift=2, rotate=10.0, zoom=1.0 to 1.0, flipHorizontally=false,"
                                        + " flipVertically=false, noise=0.0, cutout=0, fill=0.0]",
                        "earlyStopping", "4"));
    }

    @Test
    void settings_several_areNamedTogether() {
        TrainingSettings other = TrainingSettings.of(
                TrainingOptions.builder().clipNorm(2).earlyStopping(3).build(), USUAL);
        assertRefused(of(USUAL), other, "clipNorm=none, earlyStopping=none", "clipNorm=2.0, earlyStopping=3");
    }

    @Test
    void schedules_oneNumberApart_areRefused() {
        List<Schedule> schedules = List.of(
                Schedule.constant(0.1),
                Schedule.constant(0.2),
                Schedule.step(0.1, 0.5, 2),
                Schedule.step(0.1, 0.5, 3),
                Schedule.step(0.1, 0.25, 2),
                Schedule.cosine(0.1, 20),
                Schedule.cosine(0.1, 21),
                Schedule.cosine(0.1, 20).withWarmUp(0.1, 1),
                Schedule.cosine(0.1, 20).withWarmUp(0.2, 1),
                Schedule.cosine(0.1, 20).withWarmUp(0.1, 2),
                Schedule.oneCycle(0.1, 20),
                Schedule.oneCycle(0.1, 25),
                USUAL,
                Schedule.exponentialDecay(0.01, 0.8));
        for (Schedule one : schedules) {
            for (Schedule other : schedules) {
                if (one != other) {
                    assertThat(one).isNotEqualTo(other);
                    assertRefused(of(one), of(other), "schedule=" + one, "schedule=" + other);
                }
            }
        }
        Schedule equal = Schedule.cosine(0.1, 20).withWarmUp(0.1, 2);
        assertThat(equal).isEqualTo(schedules.get(9));
        of(schedules.get(9)).requireContinuedBy(of(equal));
    }

    /** A lambda, and an object that says nothing of itself, describe themselves otherwise in each JVM. */
    @Test
    void schedules_withoutDescription_areGoneOnWith() {
        Schedule nameless = new Schedule() {
            @Override
            public double rate(double epochs) {
                return 0.2;
            }
        };
        Schedule lambda = epochs -> 0.1;
        of(lambda).requireContinuedBy(of(nameless));
        of(lambda.withWarmUp(0.1, 2)).requireContinuedBy(of(nameless.withWarmUp(0.1, 2)));
        assertRefused(
                of(lambda.withWarmUp(0.1, 2)),
                of(nameless.withWarmUp(0.1, 3)),
                "schedule=WarmUp[schedule=one without toString(), start=0.1, length=2.0]",
                "schedule=WarmUp[schedule=one without toString(), start=0.1, length=3.0]");
        assertRefused(of(lambda), of(USUAL), "schedule=one without toString()", "schedule=" + USUAL);
    }

    private record Polynomial(double highest, double power) implements Schedule {
        @Override
        public double rate(double epochs) {
            return highest * StrictMath.pow(1 + epochs, -power);
        }
    }

    @Test
    void schedules_ofOnesOwnThatDescribeThemselves_areCompared() {
        of(new Polynomial(0.1, 2)).requireContinuedBy(of(new Polynomial(0.1, 2)));
        assertRefused(
                of(new Polynomial(0.1, 2)),
                of(new Polynomial(0.1, 3)),
                "schedule=Polynomial[highest=0.1, power=2.0]",
                "schedule=Polynomial[highest=0.1, power=3.0]");
    }

    @Test
    void settings_notNoted_mayBeAny() { // as in checkpoints of older versions
        TrainingSettings.ANY.requireContinuedBy(of(USUAL));
        new TrainingSettings(Map.of("clipNorm", "none")).requireContinuedBy(of(USUAL));
    }

    @Test
    void settings_ofALaterVersion_areRefused() {
        assertRefused(
                new TrainingSettings(Map.of("mixup", "0.2")), of(USUAL), "mixup=0.2", "mixup=nothing of that name");
    }

    @Test
    void numbers_writtenOtherwise_areAlike() { // as JDK 17 and 21 do
        assertThat(TrainingSettings.alike("Constant[learningRate=2.0E-3]", "Constant[learningRate=0.002]"))
                .isTrue();
        assertThat(TrainingSettings.alike("2.2250738585072014E-308", "2.225073858507201E-308"))
                .isFalse();
    }
}
