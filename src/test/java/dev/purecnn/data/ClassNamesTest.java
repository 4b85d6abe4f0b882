package dev.purecnn.data;

import static dev.purecnn.data.DatasetViewsTest.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names of classes: given, kept by views, compared. */
class ClassNamesTest {
    private static final List<String> NAMES = List.of("cat", "dog", "horse");

    private static Dataset named(List<String> names) {
        return numbered(9, names.size()).withClassNames(names);
    }

    @Test
    void classNames_noneGiven_areEmpty() {
        assertThat(numbered(9, 3).classNames()).isEmpty();
        assertThat(numbered(9, 3).shuffled(1).classNames()).isEmpty();
    }

    static Stream<Dataset> views() {
        Dataset pets = named(NAMES);
        Augmentation augmentation = Augmentation.builder().flipHorizontally().build();
        Shape shape = pets.shape();
        return Stream.of(
                pets,
                pets.take(4),
                pets.skip(4),
                pets.shuffled(1),
                pets.shuffled(1).take(5).skip(1),
                pets.split(0.5, 1).first(),
                pets.split(0.5, 1).rest(),
                pets.stratifiedSplit(0.5, 1).first(),
                pets.stratifiedSplit(0.5, 1).rest(),
                pets.concat(pets),
                pets.concat(numbered(2, 3)),
                numbered(2, 3).concat(pets),
                pets.map(shape, (image, result) -> System.arraycopy(image, 0, result, 0, image.length)),
                pets.augmented(augmentation, 1),
                pets.augmented(augmentation, 1).epoch(7),
                pets.augmented(augmentation, 1).withClassNames(NAMES).epoch(7),
                pets.augmented(augmentation, 1).concat(pets).take(3).epoch(7),
                named(List.of("a", "b", "c")).withClassNames(NAMES));
    }

    @ParameterizedTest
    @MethodSource("views")
    void classNames_everyView_keepsThem(Dataset view) {
        assertThat(view.classNames()).isEqualTo(NAMES);
        assertThat(view.classes()).isEqualTo(3);
    }

    @Test
    void withClassNames_view_leavesTheRestAlone() {
        TestFiles.assertSame(named(NAMES), numbered(9, 3));
    }

    @Test
    void mapLabels_newClasses_haveNoNames() {
        Dataset merged = named(NAMES).mapLabels(2, label -> label / 2);

        assertThat(merged.classNames()).isEmpty();
        assertThat(merged.withClassNames(List.of("pet", "horse")).classNames()).containsExactly("pet", "horse");
    }

    @Test
    void withClassNames_badNames_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> numbered(9, 3).withClassNames(List.of("cat", "dog")))
                .withMessage("Dataset.withClassNames: expected 3 class names, got 2."
                        + " Name every class, in the order of the labels.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(List.of("cat", "dog", "cat")))
                .withMessageStartingWith(
                        "Dataset.withClassNames: expected different class names, got \"cat\" for classes 0 and 2.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(List.of("cat", "  ", "dog")))
                .withMessageStartingWith("Dataset.withClassNames: expected a name for class 1, got a blank one.");
        assertThatNullPointerException().isThrownBy(() -> named(Arrays.asList("cat", null, "dog")));
        assertThatNullPointerException().isThrownBy(() -> numbered(9, 3).withClassNames(null));
    }

    @Test
    void concat_otherNames_showsBothLists() {
        Dataset pets = named(NAMES);
        for (List<String> other :
                List.of(List.of("cat", "horse", "dog"), List.of("cat", "dog", "Horse"), List.of("cat", "horse"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pets.concat(named(other)))
                    .withMessage("Dataset.concat: expected the classes [cat, dog, horse] (3), got ["
                            + String.join(", ", other) + "] (" + other.size()
                            + "). Load both with the same class names, in the same order.");
        }
    }

    @Test
    void concat_manyNames_showsWhereTheyDiffer() {
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "class" + i).toList();
        List<String> others = names.stream()
                .map(name -> name.equals("class500") ? "other" : name)
                .toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(names).concat(named(others)))
                .withMessageContaining("[..., class499, class500, class501,")
                .withMessageContaining("[..., class499, other, class501,")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    /** A folder's name may be anything; a terminal must not obey it. */
    @Test
    void messages_namesFromOutside_areCutAndEscaped() {
        String hostile = "\u001b[2J\n\u202e" + "x".repeat(100_000);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(List.of("cat", "dog")).concat(named(List.of("cat", hostile))))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).matches("\\p{Print}+"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> named(List.of(hostile, hostile)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500).matches("\\p{Print}+"));
    }
}
