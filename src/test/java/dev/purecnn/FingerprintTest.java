package dev.purecnn;

import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import org.junit.jupiter.api.Test;

/**
 * One seed, one model: the bits that these networks had when they were first trained, on JDK 17 with the plain kernels. They
 * hold for every JDK, machine, number of threads and kernel. Where one of them changes, the arithmetic has changed, and with
 * it everybody's models.
 */
class FingerprintTest {
    private static final Dataset IMAGES = images(500, 11);

    @Test
    void fingerprint_untrained_isTheOneKept() {
        assertThat(small(42).build().fingerprint())
                .isEqualTo("4594dc8eeae34cd8a860896198c54db6746fd0cae1545e5918c0707f58f6b57a");
    }

    @Test
    void fingerprint_thousandStepsOfOneImage_isTheOneKept() {
        CNN cnn = small(42).build();
        cnn.trainTestCycle(2, 1, IMAGES, IMAGES.take(1));
        assertThat(cnn.fingerprint()).isEqualTo("ed384848b2f568ef73cd8d264f40e8322b6797384c3e5a43b453f10576f8d679");
    }

    @Test
    void fingerprint_thousandStepsOfBatches_isTheOneKept() {
        CNN cnn = small(42).build();
        for (int step = 0; step < 1000; step++) {
            int count = 1 + step % 40; // one to five shards
            TestNetworks.step(cnn, IMAGES, step * 7 % (IMAGES.size() - count), count);
        }
        assertThat(cnn.fingerprint()).isEqualTo("2765015104ae6652ab368a1eb8ad22c09f0ce04b27ad8c0606cb285e31d36284");
    }
}
