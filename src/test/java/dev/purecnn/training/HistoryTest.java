package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.evaluation.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final String HEADINGS =
            "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,images_per_second\n";

    @TempDir
    private Path folder;

    private static EpochResult result(int epoch, double validationLoss) {
        return new EpochResult(
                epoch, 3, new Evaluation(1.25, 0.5, 100), new Evaluation(validationLoss, 0.25, 8), 0.01, 0.5);
    }

    @Test
    void csv_withAndWithoutValidation_hasOneLineAnEpoch() {
        EpochResult bare = new EpochResult(1, 2, new Evaluation(0.1 + 0.2, 0.75, 100), null, 0.009, 4);
        assertThat(new History(List.of(result(0, 2.5), bare), History.Ending.ALL_EPOCHS).csv())
                .isEqualTo(HEADINGS
                        + "0,1.25,0.5,2.5,0.25,0.01,0.5,200.0\n"
                        + "1,0.30000000000000004,0.75,,,0.009,4.0,25.0\n");
    }

    @Test
    void saveCsv_anyLocale_writesTheSame() throws Exception {
        Locale usual = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            History history = new History(List.of(result(0, 2.5)), History.Ending.ALL_EPOCHS);
            Path file = folder.resolve("history.csv");
            history.saveCsv(file);
            assertThat(Files.readString(file)).isEqualTo(HEADINGS + "0,1.25,0.5,2.5,0.25,0.01,0.5,200.0\n");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void best_equalAndNaN_isTheFirstLowest() {
        List<EpochResult> results = List.of(result(0, Double.NaN), result(1, 2), result(2, 1), result(3, 1));
        assertThat(new History(results, History.Ending.ALL_EPOCHS).best()).hasValue(results.get(2));
    }

    @Test
    void best_withoutValidation_isEmpty() {
        EpochResult bare = new EpochResult(0, 1, new Evaluation(1, 0.75, 100), null, 0.01, 4);
        assertThat(new History(List.of(bare), History.Ending.ALL_EPOCHS).best()).isEmpty();
    }

    @Test
    void epochs_listChangedLater_stayAsTheyWere() {
        List<EpochResult> results = new ArrayList<>(List.of(result(0, 1)));
        History history = new History(results, History.Ending.ALL_EPOCHS);
        results.clear();
        assertThat(history.epochs()).hasSize(1).isUnmodifiable();
    }
}
