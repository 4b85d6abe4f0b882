package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prediction gives probabilities, together 1, or it says that it cannot. */
class NotFinitePredictionTest {
    private final CNN cnn = TestNetworks.small(1).build();
    private final double[] image = TestNetworks.batch(TestNetworks.images(1, 1), 0, 1);

    private void assertRefused(double[] bad) {
        double[] second = Arrays.copyOf(image, 2 * image.length);
        System.arraycopy(bad, 0, second, image.length, image.length);
        for (ThrowingCallable prediction :
                new ThrowingCallable[] {() -> cnn.predict(bad), () -> cnn.classify(bad), () -> cnn.predictAll(second)
                }) {
            assertThatExceptionOfType(ArithmeticException.class)
                    .isThrownBy(prediction)
                    .withMessageStartingWith("CNN: expected probabilities, got NaN for image ");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void predict_weightsNotFinite_isRefused(double value) {
        Arrays.fill(cnn.parameters().get(4).values(), value);
        assertRefused(image);
    }

    @Test
    void predict_hugeImage_isRefusedAndOthersAreNot() {
        double[] huge = new double[image.length];
        Arrays.fill(huge, 1.79e308);
        assertRefused(huge);
        assertThat(Arrays.stream(cnn.predict(image)).sum()).isCloseTo(1, within(1e-12));
    }
}
