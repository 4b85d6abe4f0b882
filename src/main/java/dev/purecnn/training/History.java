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
 * @param epochs one result an epoch, in order
 * @param ending why there are no more
 */
public record History(List<EpochResult> epochs, Ending ending) {

    /** Why a training ended. */
    public enum Ending {
        /** It did as many epochs as it was to do. */
        ALL_EPOCHS,
        /** The loss on the validation images had not fallen for too many epochs. */
        EARLY_STOPPING
    }

    /**
     * Keeps a copy of the list.
     *
     * @param epochs one result an epoch, in order
     * @param ending why there are no more
     */
    public History {
        epochs = List.copyOf(epochs);
        Objects.requireNonNull(ending, "ending");
    }

    /**
     * The epoch at whose end the loss on the validation images was lowest, the first of equal ones. With early stopping, the
     * network is as it was then.
     *
     * @return the result; empty if there was no validation
     */
    public Optional<EpochResult> best() {
        return epochs.stream()
                .filter(result -> result.validation() != null
                        && !Double.isNaN(result.validation().loss()))
                .min(Comparator.comparingDouble(result -> result.validation().loss()));
    }

    /**
     * A table, with a line of headings and one line an epoch: its number from 0, loss and accuracy on the images trained on,
     * the same on the validation images, or nothing where there are none, the learning rate, the seconds it took, and images
     * a second. Numbers have all their digits, and a decimal point whatever the language.
     *
     * @return comma-separated values, each line with its {@code \n}
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
     * Writes {@link #csv} into a file, instead of one that is there.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    public void saveCsv(Path file) throws IOException {
        Files.writeString(file, csv());
    }
}
