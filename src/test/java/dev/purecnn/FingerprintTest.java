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
        assertThat(cnn.fingerprint()).isEqualTo("d08b2aa5822d5b28ad84065a7407e7eaaff94b74348910875f5a3564c7103fac");
    }

    @Test
    void fingerprint_thousandStepsOfBatches_isTheOneKept() {
        CNN cnn = small(42).build();
        for (int step = 0; step < 1000; step++) {
            int count = 1 + step % 40; // one to five shards
            TestNetworks.step(cnn, IMAGES, step * 7 % (IMAGES.size() - count), count);
        }
        assertThat(cnn.fingerprint()).isEqualTo("9af61c806bebde5b6e8175ec32078b1fa10313304e52e9dade5cf115bc8eaa22");
    }
}
