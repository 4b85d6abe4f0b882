package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.ReLULayer;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NetworkDataTest {

    /** Layers draw weights by nextGaussian; what they draw otherwise comes out as if the weights had been drawn. */
    @Test
    void random_withoutWeights_drawsTheRestAlike() {
        Random expected = new Random(-5);
        RandomGenerator random = NetworkData.random(-5, LayerRegistry.builtIn());
        for (int weights : new int[] {0, 1, 1, 2, 1000, 3}) {
            for (int i = 0; i < weights; i++) {
                expected.nextGaussian();
                assertThat(random.nextGaussian()).isZero();
            }
            assertThat(random.nextLong()).isEqualTo(expected.nextLong());
            assertThat(random.nextDouble()).isEqualTo(expected.nextDouble());
        }
    }

    /** Layers of users may use Gaussian numbers for something else. */
    @Test
    void random_otherRegistry_drawsAll() {
        RandomGenerator random =
                NetworkData.random(7, LayerRegistry.builtIn().with("Own", description -> new ReLULayer()));
        assertThat(random.nextGaussian()).isEqualTo(new Random(7).nextGaussian());
    }
}
