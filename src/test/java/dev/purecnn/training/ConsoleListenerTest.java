package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.CNN;
import dev.purecnn.TestNetworks;
import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.DenseSoftmaxLayer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleListenerTest {
    private static final long TENTH_NANOS = 100_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final ConsoleListener listener = new ConsoleListener(out);
    private long nanos;

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void lines_anyEvent_areTheNotebooks() {
        listener.trainingStarted(0, 2);
        listener.epochEnded(new EpochResult(0, 3, new Evaluation(2.1234, 0.493, 2000), null, 0.01, 0.44));
        listener.testStarted(0, 2);
        listener.tested(new Evaluation(1.5, 0.64, 200));
        assertThat(lines())
                .containsExactly(
                        "Training 0/2...",
                        "Epoch 0/3: 2.12 loss, 49.30% accurate, lr=0.01, 0.4 s",
                        "Testing 0/2...",
                        "Test: 1.50 loss, 64.00% accurate");
    }

    @Test
    void epochEnded_withValidation_tellsItOnTheSameLine() {
        listener.epochEnded(
                new EpochResult(0, 3, new Evaluation(2.1234, 0.493, 2000), new Evaluation(1.5, 0.64, 200), 0.01, 0.44));
        assertThat(lines())
                .containsExactly("Epoch 0/3: 2.12 loss, 49.30% accurate, lr=0.01, 0.4 s; validation: 1.50 loss, 64.00%"
                        + " accurate");
    }

    // ---- the epoch under way

    private static Progress progress(int batchesDone, double seconds) {
        return new Snapshot(1, 3, 100, 10 * batchesDone, 1.234, 0, seconds);
    }

    private record Snapshot(
            int epoch, int epochs, int images, int imagesDone, double loss, double accuracy, double seconds)
            implements Progress {}

    @Test
    void progressLine_partOfAnEpoch_hasBarSpeedAndTimeLeft() {
        assertThat(ConsoleListener.text(progress(4, 0.5)))
                .isEqualTo("Epoch 1/3 [########............] 1.23 loss, 80 images/s, 0:01 left");
        assertThat(ConsoleListener.text(progress(10, 0.5)))
                .isEqualTo("Epoch 1/3 [####################] 1.23 loss, 200 images/s, 0:00 left");
    }

    @ParameterizedTest
    @CsvSource({"0, 0:00", "0.1, 0:01", "42, 0:42", "59.5, 1:00", "3599, 59:59", "3600, 1:00:00", "86399, 23:59:59"})
    void clock_anySeconds_isReadAsTime(double seconds, String text) {
        assertThat(ConsoleListener.clock(seconds)).isEqualTo(text);
    }

    @Test
    void stepEnded_terminal_drawsLineThatTheEpochsOwnReplaces() {
        ConsoleListener live = new ConsoleListener(out, () -> true, () -> nanos);
        live.stepEnded(progress(1, 0.5)); // so soon after the start that there is nothing to show yet
        nanos += TENTH_NANOS - 1;
        live.stepEnded(progress(2, 0.5));
        assertThat(bytes.size()).isZero();
        nanos++;
        live.stepEnded(progress(4, 0.5));
        String line = "Epoch 1/3 [########............] 1.23 loss, 80 images/s, 0:01 left";
        assertThat(bytes).hasToString("\r" + line);
        live.stepEnded(progress(5, 0.5)); // so soon after the last one that it stays as it is
        assertThat(bytes).hasToString("\r" + line);
        nanos += TENTH_NANOS;
        live.stepEnded(progress(10, 0.05));
        String shorter = "Epoch 1/3 [####################] 1.23 loss, 2000 images/s, 0:00 left";
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\r" + line + "\r" + shorter);
        live.epochEnded(new EpochResult(1, 3, new Evaluation(2, 0.5, 100), null, 0.01, 0.44));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r" + line + "\r" + shorter + "\r" + " ".repeat(shorter.length()) + "\r"
                        + "Epoch 1/3: 2.00 loss, 50.00% accurate, lr=0.01, 0.4 s" + System.lineSeparator());
    }

    @Test
    void trainingCutShort_lineDrawn_isLeftAboveWhatFollows() {
        ConsoleListener live = new ConsoleListener(out, () -> true, () -> nanos);
        live.trainingCutShort(new IllegalStateException()); // before the first step
        live.stepEnded(progress(1, 0.5));
        nanos += TENTH_NANOS;
        live.stepEnded(progress(4, 0.5));
        live.trainingCutShort(new IllegalStateException());
        live.trainingCutShort(new IllegalStateException()); // as by a second training
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r" + ConsoleListener.text(progress(4, 0.5)) + System.lineSeparator());
    }

    @Test
    void stepEnded_noTerminal_writesNothing() {
        ConsoleListener still = new ConsoleListener(out, () -> false, () -> nanos);
        still.stepEnded(progress(1, 0.5));
        nanos += TENTH_NANOS;
        still.stepEnded(progress(4, 0.5));
        assertThat(bytes.size()).isZero();
    }

    @Test
    void lines_anyLocale_haveDecimalPoints() {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            lines_anyEvent_areTheNotebooks();
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void lines_divergedNetwork_sayNaN() {
        listener.tested(new Evaluation(Double.NaN, 0.1, 200));
        assertThat(lines()).containsExactly("Test: NaN loss, 10.00% accurate");
    }

    @Test
    void seedDrawn_anySeed_isShownAsItIsPassed() {
        listener.seedDrawn(-5);
        assertThat(lines()).containsExactly("Seed -5 drawn; build with seed(-5L) for the same network again");
    }

    @ParameterizedTest
    @CsvSource({
        "0.01, 0.01",
        "0.0072000000000000001, 0.0072",
        "0.009000000000000001, 0.009",
        "0.005904900000000002, 0.0059049",
        "0.0016777216000000001, 0.0016777216",
        "1, 1",
        "100, 100",
        "1e-7, 0.0000001"
    })
    void rate_anyRate_readsAsPeopleWriteIt(double rate, String text) {
        assertThat(ConsoleListener.rate(rate)).isEqualTo(text);
    }

    @Test
    void trainTestCycle_wholeRun_printsNotebooksLinesInOrder() {
        Dataset images = TestNetworks.images(40, 1);
        CNN cnn = TestNetworks.small(1).learningRate(0.008).listener(listener).build();
        cnn.trainTestCycle(2, 2, images, images, 20);
        String figures = "\\d\\.\\d\\d loss, \\d{1,3}\\.\\d\\d% accurate";
        List<String> patterns = List.of(
                "Training 0/2\\.\\.\\.",
                "Epoch 0/2: " + figures + ", lr=0\\.008, \\d+\\.\\d s",
                "Epoch 1/2: " + figures + ", lr=0\\.0072, \\d+\\.\\d s",
                "Testing 0/2\\.\\.\\.",
                "Test: " + figures,
                "Training 1/2\\.\\.\\.",
                "Epoch 0/2: " + figures + ", lr=0\\.00648, \\d+\\.\\d s",
                "Epoch 1/2: " + figures + ", lr=0\\.005832, \\d+\\.\\d s",
                "Testing 1/2\\.\\.\\.",
                "Test: " + figures);
        assertThat(lines()).hasSameSizeAs(patterns);
        for (int i = 0; i < patterns.size(); i++) {
            assertThat(lines().get(i)).matches(patterns.get(i));
        }
    }

    @Test
    void builder_byDefault_printsToStandardOutput() {
        PrintStream usual = System.out;
        System.setOut(out);
        try {
            Dataset images = TestNetworks.images(4, 1);
            CNN cnn = CNN.builder(TestNetworks.INPUT)
                    .layers(new DenseSoftmaxLayer(48, 4))
                    .build();
            cnn.test(images);
            TestNetworks.small(1).quiet().build().test(images); // this one prints nothing
            assertThat(lines()).hasSize(2);
            assertThat(lines().get(0)).startsWith("Seed " + cnn.seed() + " drawn");
            assertThat(lines().get(1)).startsWith("Test: ");
        } finally {
            System.setOut(usual);
        }
    }

    @Test
    void constructor_null_isNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> new ConsoleListener(null))
                .withMessage("out");
    }
}
