package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a training went.
 *
 * <pre>{@code
 * History history = cnn.train(train, validation, options);
 * history.saveCsv(Path.of("history.csv"));
 * history.best().ifPresent(best -> System.out.println("best after epoch " + best.epoch()));
 * }</pre>
 *
 * @param epochs one result per epoch, in order
 * @param ending why training ended
 */
public record History(List<EpochResult> epochs, Ending ending) {

    /** Why a training ended. */
    public enum Ending {
        /** All epochs are done. */
        ALL_EPOCHS,
        /** The validation loss had not fallen for as many epochs as the options allow. */
        EARLY_STOPPING
    }

    /**
     * Keeps a copy of the list.
     *
     * @param epochs one result per epoch, in order
     * @param ending why training ended
     */
    public History {
        epochs = List.copyOf(epochs);
        Objects.requireNonNull(ending, "ending");
    }

    /**
     * {@return the first epoch with the lowest validation loss; empty without validation} With early stopping, the network is as
     * it was at the end of that epoch.
     */
    public Optional<EpochResult> best() {
        return epochs.stream()
                .filter(result -> result.validation() != null
                        && !Double.isNaN(result.validation().loss()))
                .min(Comparator.comparingDouble(result -> result.validation().loss()));
    }

    /**
     * A table with a header and one line per epoch: its number from 0, training loss and accuracy, validation loss and accuracy
     * (empty without validation), learning rate, seconds, and images per second. Numbers have all their digits, and a decimal
     * point in every locale.
     *
     * @return comma-separated values; each line ends in {@code \n}
     */
    public String csv() {
        StringBuilder csv = new StringBuilder(
                "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate,seconds,images_per_second\n");
        for (EpochResult result : epochs) {
            csv.append(result.epoch());
            append(csv, result.training());
            append(csv, result.validation());
            csv.append(',')
                    .append(result.learningRate())
                    .append(',')
                    .append(result.seconds())
                    .append(',')
                    .append(result.imagesPerSecond())
                    .append('\n');
        }
        return csv.toString();
    }

    private static void append(StringBuilder csv, Evaluation evaluation) {
        if (evaluation == null) {
            csv.append(",,");
        } else {
            csv.append(',').append(evaluation.loss()).append(',').append(evaluation.accuracy());
        }
    }

    /**
     * Writes {@link #csv} to a file, and replaces one that exists.
     *
     * @param file where to write
     * @throws IOException if it cannot be written
     */
    public void saveCsv(Path file) throws IOException {
        Files.writeString(file, csv());
    }
}
