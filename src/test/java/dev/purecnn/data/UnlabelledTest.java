package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.layer.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Images that came without labels: their zeros cannot be taken for labels. */
class UnlabelledTest {
    private static final Dataset IMAGES = new PixelDataset(
            new byte[][] {{1, 2}, {3, 4}, {5, 6}}, PixelDataset.NO_LABELS, Shape.vector(2), 1, PixelScaling.UNIT);

    @Test
    void label_everyImage_isZero() {
        assertThat(IMAGES.isLabelled()).isFalse();
        assertThat(IMAGES.size()).isEqualTo(3);
        assertThat(IMAGES.label(2)).isZero();
        assertThat(IMAGES.image(1)).containsExactly(3 / 255.0, 4 / 255.0);
    }

    @Test
    void isLabelled_views_knowIt() {
        Dataset labelled = Dataset.of(new double[1][2], new int[1], Shape.vector(2), 1);
        Augmentation augmentation = Augmentation.builder().noise(0.1).build();
        for (Dataset view : List.of(
                IMAGES.take(2),
                IMAGES.shuffled(1).skip(1),
                IMAGES.split(0.5, 1).rest(),
                IMAGES.concat(IMAGES),
                IMAGES.concat(labelled),
                labelled.concat(IMAGES),
                IMAGES.map(Shape.vector(1), (image, result) -> result[0] = image[0]),
                IMAGES.augmented(augmentation, 1).epoch(3),
                IMAGES.withClassNames(List.of("digit")))) {
            assertThat(view.isLabelled()).isFalse();
        }
        assertThat(labelled.isLabelled()).isTrue();
        assertThat(labelled.concat(labelled).shuffled(1).isLabelled()).isTrue();
    }

    private static void assertRefused(String where, Consumer<Dataset> call) {
        for (Dataset unlabelled : List.of(IMAGES, IMAGES.shuffled(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> call.accept(unlabelled))
                    .withMessage(where + ": expected labelled images, got images that were loaded without labels."
                            + " Load them with labels, or only predict them.");
        }
    }

    @Test
    void viewsByLabel_areRefused() {
        assertRefused("Dataset.filter", images -> images.filter(label -> true));
        assertRefused("Dataset.onlyClasses", images -> images.onlyClasses(0));
        assertRefused("Dataset.mapLabels", images -> images.mapLabels(2, label -> 1));
        assertRefused("Dataset.stratifiedSplit", images -> images.stratifiedSplit(0.5, 1));
    }

    @Test
    void save_asIdx_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.save(IMAGES, Path.of("never"), Path.of("never"), PixelScaling.UNIT))
                .withMessageStartingWith("Idx.save: expected labelled images, got images that were loaded");
    }
}
