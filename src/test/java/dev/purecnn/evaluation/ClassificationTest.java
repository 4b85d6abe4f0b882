package dev.purecnn.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.evaluation.Classification.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationTest {
    private static final List<String> PETS = List.of("cat", "dog", "horse", "mouse");
    private final Classification pets = Classification.of(new double[] {0.125, 0.5, 0.125, 0.25}, PETS);

    @Test
    void best_names_theMostProbable() {
        assertThat(pets.best()).isEqualTo(new Candidate(1, "dog", 0.5));
    }

    @Test
    void top_ties_lowerClassFirst() {
        assertThat(pets.top(4)).extracting(Candidate::label).containsExactly(1, 3, 0, 2);
        assertThat(pets.top(2)).extracting(Candidate::name).containsExactly("dog", "mouse");
        assertThat(pets.top(99)).hasSize(4);
    }

    @Test
    void probability_byNameAndNumber_isThatClasss() {
        assertThat(pets.probability("mouse")).isEqualTo(0.25);
        assertThat(pets.probability(3)).isEqualTo(0.25);
        assertThat(pets.probability("cat")).isEqualTo(0.125);
    }

    @Test
    void of_noNames_numbersAreNames() {
        Classification digits = Classification.of(new double[] {0.25, 0.75}, List.of());
        assertThat(digits.best().name()).isEqualTo("1");
        assertThat(digits.probability("0")).isEqualTo(0.25);
    }

    @Test
    void of_arrayChangedLater_staysAsItWas() {
        double[] probabilities = {0.25, 0.75};
        Classification digits = Classification.of(probabilities, List.of());
        probabilities[0] = 1;
        assertThat(digits.probability(0)).isEqualTo(0.25);
    }

    @Test
    void probability_unknownClass_namesThoseThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pets.probability("bird"))
                .withMessageContaining("[cat, dog, horse, mouse]")
                .withMessageContaining("got bird");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pets.probability(4))
                .withMessageContaining("from 0 to 3")
                .withMessageContaining("got 4");
    }

    @Test
    void of_badArguments_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classification.of(new double[] {Double.NaN, 1}, List.of()))
                .withMessageContaining("got NaN for class 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classification.of(new double[] {0.5, 0.5}, PETS))
                .withMessageContaining("expected 2 class names")
                .withMessageContaining("got 4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Classification.of(new double[0], List.of()))
                .withMessageContaining("at least 1 probability");
        assertThatIllegalArgumentException().isThrownBy(() -> pets.top(0)).withMessageContaining("got 0");
    }

    @Test
    void toString_threeBest() {
        assertThat(pets).hasToString("dog 50.0 %, mouse 25.0 %, cat 12.5 %");
        assertThat(pets).isEqualTo(Classification.of(new double[] {0.125, 0.5, 0.125, 0.25}, PETS));
    }
}
