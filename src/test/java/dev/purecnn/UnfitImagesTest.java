package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.data.MnistCsv.LabelColumn;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that do not fit what a network is trained on: without labels, or in classes of other names. */
class UnfitImagesTest {
    private static final Shape SHAPE = Shape.vector(2);

    @TempDir
    private Path folder;

    private final CNN cnn = CNN.builder(SHAPE)
            .layers(new DenseSoftmaxLayer(2, 3))
            .seed(1)
            .quiet()
            .build();
    private final Dataset labelled = Dataset.of(new double[][] {{0, 1}, {1, 0}}, new int[] {0, 2}, SHAPE, 3);
    private Dataset unlabelled;

    @BeforeEach
    void load() throws IOException {
        Path file = Files.writeString(folder.resolve("test.csv"), "p0,p1\n0,255\n255,0\n");
        unlabelled =
                MnistCsv.builder().shape(SHAPE).labelColumn(LabelColumn.NONE).load(file);
    }

    @Test
    void predictAll_unlabelled_isAsOfLabelledImages() {
        assertThat(cnn.predictAll(unlabelled)).isEqualTo(cnn.predictAll(labelled));
    }

    private static void assertRefused(ThrowingCallable call) {
        assertThatIllegalArgumentException()
                .isThrownBy(call)
                .withMessage("CNN: expected labelled images, got images that were loaded without labels."
                        + " Load them with labels, or only predict them.");
    }

    @Test
    void trainAndTest_unlabelled_areRefused() {
        TrainingOptions options = TrainingOptions.builder().epochs(1).build();

        assertRefused(() -> cnn.test(unlabelled));
        assertRefused(() -> cnn.train(unlabelled, labelled, options));
        assertRefused(() -> cnn.train(labelled, unlabelled, options));
        assertRefused(() -> cnn.trainTestCycle(1, 1, unlabelled, labelled));
        assertRefused(() -> cnn.trainTestCycle(1, 1, labelled, unlabelled));
    }

    /** A folder to test with that lacks a class would number the others differently. */
    @Test
    void train_classesOfOtherNames_areRefused() {
        TrainingOptions options = TrainingOptions.builder().epochs(1).build();
        Dataset pets = labelled.withClassNames(List.of("cat", "dog", "horse"));
        for (Dataset test : List.of(
                labelled.withClassNames(List.of("cat", "horse", "dog")),
                labelled.mapLabels(2, label -> label / 2).withClassNames(List.of("cat", "horse")))) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> cnn.train(pets, test, options), () -> cnn.trainTestCycle(1, 1, pets, test))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(call)
                        .withMessage("CNN: expected the classes [cat, dog, horse] (3), got ["
                                + String.join(", ", test.classNames()) + "] (" + test.classes()
                                + "). Load both with the same class names, in the same order.");
            }
        }
        cnn.train(pets, labelled, options);
        cnn.train(pets, pets.shuffled(1), options);
    }
}
