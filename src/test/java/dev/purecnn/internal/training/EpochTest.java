package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochTest {

    /** Images that are their own numbers. */
    private static Dataset numbers(int count) {
        double[][] images =
                IntStream.range(0, count).mapToObj(i -> new double[] {i}).toArray(double[][]::new);
        return Dataset.of(images, IntStream.range(0, count).toArray(), Shape.vector(1), Math.max(1, count));
    }

    /** The labels in the order of the batches; checks that images and labels go together. */
    private static List<Integer> drawn(Epoch epoch, int batchSize) {
        List<Integer> labels = new ArrayList<>();
        while (epoch.next(batchSize)) {
            assertThat(epoch.size()).isBetween(1, batchSize);
            for (int i = 0; i < epoch.size(); i++) {
                labels.add(epoch.label(i));
                assertThat(epoch.image(i)).containsExactly(epoch.label(i));
            }
        }
        return labels;
    }

    @Test
    void sample_anySize_isDrawnWithoutReplacement() {
        RandomSeed.repeat(200, random -> {
            int size = 1 + random.nextInt(50);
            int length = 1 + random.nextInt(size);
            Epoch epoch = new Epoch(numbers(size), length, true, random.nextLong(), random.nextInt(10));
            assertThat(drawn(epoch, 1 + random.nextInt(12)))
                    .hasSize(length)
                    .doesNotHaveDuplicates()
                    .allMatch(i -> i >= 0 && i < size);
        });
    }

    @Test
    void order_ofSeedAndEpoch_repeats() {
        List<Integer> first = drawn(new Epoch(numbers(100), 100, true, 5, 3), 1);
        assertThat(drawn(new Epoch(numbers(100), 100, true, 5, 3), 7)).isEqualTo(first);
        assertThat(drawn(new Epoch(numbers(100), 100, true, 5, 4), 1)).isNotEqualTo(first);
        assertThat(drawn(new Epoch(numbers(100), 100, true, 6, 3), 1)).isNotEqualTo(first);
    }

    @Test
    void sample_ofSameEpoch_isStartOfWholeOrder() {
        List<Integer> all = drawn(new Epoch(numbers(100), 100, true, 5, 3), 1);
        assertThat(drawn(new Epoch(numbers(100), 30, true, 5, 3), 1)).isEqualTo(all.subList(0, 30));
    }

    @Test
    void order_notShuffled_isAsItStands() {
        assertThat(drawn(new Epoch(numbers(10), 7, false, 5, 3), 3)).containsExactly(0, 1, 2, 3, 4, 5, 6);
    }

    /** Each of 10 images stands at each of 10 places about equally often: chi squared with 81 degrees of freedom. */
    @Test
    void order_overManyEpochs_isFair() {
        int epochs = 20_000;
        int[][] counts = new int[10][10];
        for (int e = 0; e < epochs; e++) {
            List<Integer> order = drawn(new Epoch(numbers(10), 10, true, 1, e), 10);
            for (int place = 0; place < 10; place++) {
                counts[order.get(place)][place]++;
            }
        }
        double chiSquared = 0;
        for (int[] row : counts) {
            for (int count : row) {
                chiSquared += Math.pow(count - epochs / 10.0, 2) / (epochs / 10.0);
            }
        }
        assertThat(chiSquared).isLessThan(150); // exceeded by chance once in 200,000 seeds
    }
}
