package dev.purecnn;

import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A program starts on the plain kernels and switches to the vector ones when they are compiled. */
class ChangeoverTest {
    private static final int BATCH_SIZE = 9;

    /** Trains until some steps after the switch. */
    public static final class Main {
        private static final int STEPS_AFTER = 50;
        private static final long PATIENCE_NANOS = 240_000_000_000L; // more than a warm-up takes on a busy machine

        private Main() {}

        /**
         * Prints the kernels of the first step and of the last, how many steps there were, and the network's fingerprint.
         *
         * @param args none
         * @throws InterruptedException if interrupted
         */
        public static void main(String[] args) throws InterruptedException {
            CNN cnn = network();
            Dataset images = trainingImages();
            String first = kernels(cnn);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            int steps = 0;
            for (int after = 0; after < STEPS_AFTER && System.nanoTime() < deadline; steps++) {
                boolean changed = !kernels(cnn).equals(first);
                train(cnn, images, steps);
                if (changed) {
                    after++;
                } else {
                    Thread.sleep(5); // fewer steps to repeat
                }
            }
            System.out.println(first + " then " + kernels(cnn) + "=" + steps + "=" + cnn.fingerprint());
        }

        private static String kernels(CNN cnn) {
            return cnn.summary().contains("vector kernels") ? "vector" : "plain";
        }
    }

    private static CNN network() {
        return TestNetworks.small(3).threads(2).build();
    }

    private static Dataset trainingImages() {
        return images(100, 1);
    }

    private static void train(CNN cnn, Dataset images, int number) {
        step(cnn, images, number % (images.size() - BATCH_SIZE), BATCH_SIZE);
    }

    @Test
    @EnabledIfSystemProperty(named = "purecnn.expectedKernels", matches = "vector") // once is enough
    void training_acrossTheChangeover_givesSameBits() throws Exception {
        String[] printed = OtherJvm.run(List.of(OtherJvm.ADD_VECTOR), Main.class)
                .lines()
                .filter(line -> line.contains(" then "))
                .findFirst()
                .orElseThrow()
                .split("=");
        assertThat(printed[0]).isEqualTo("plain then vector");
        CNN whole = network();
        Dataset images = trainingImages();
        for (int i = 0; i < Integer.parseInt(printed[1]); i++) {
            train(whole, images, i);
        }
        assertThat(whole.fingerprint()).isEqualTo(printed[2]);
    }
}
