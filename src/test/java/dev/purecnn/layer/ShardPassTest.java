package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static dev.purecnn.layer.TestArrays.gradients;
import static dev.purecnn.layer.TestArrays.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.RandomSeed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Shards that meet add up to what the chain does with the whole batch. */
class ShardPassTest {
    private static final Shape INPUT = Shape.of(2, 4, 3);
    private static final int CLASSES = 3;

    /** Normalizations first and last inside, side by side, and nested. */
    private static LayerChain chain() {
        LayerChain chain = new LayerChain(
                new BatchNormLayer(2),
                new ResidualLayer(
                        new ConvolutionalLayer(2, 2, 3),
                        new BatchNormLayer(2, 0.5),
                        new LayerChain(new TanhLayer(), new ResidualLayer(new BatchNormLayer(2)))),
                ParallelLayer.concatenation(
                        List.of(new BatchNormLayer(2)),
                        List.of(),
                        List.of(ParallelLayer.product(
                                List.of(new ConvolutionalLayer(2, 2, 3), new BatchNormLayer(2)),
                                List.of(new GlobalAveragePoolingLayer(), new BatchNormLayer(2))))),
                new ConvolutionalLayer(6, 2, 1),
                new BatchNormLayer(2),
                new BatchNormLayer(2),
                new LayerChain(new DenseLayer(24, 5), new BatchNormLayer(5), new DenseSoftmaxLayer(5, CLASSES)));
        return connected(chain);
    }

    /** Normalizations with what they do as well: ReLU, and sums with the input or another branch. */
    private static LayerChain fusedChain() {
        return connected(new LayerChain(
                new ConvolutionalLayer(2, 3, 3),
                new BatchNormLayer(3),
                new ReLULayer(),
                new ResidualLayer(new ConvolutionalLayer(3, 3, 3), new BatchNormLayer(3)),
                new ReLULayer(),
                ParallelLayer.sum(List.of(), List.of(new ReLULayer(), new BatchNormLayer(3))),
                new ResidualLayer(
                        List.of(new ResidualLayer(new BatchNormLayer(3)), new ReLULayer()),
                        List.of(new ConvolutionalLayer(3, 3, 1), new BatchNormLayer(3))),
                new ReLULayer(),
                ParallelLayer.sum(List.of(new BatchNormLayer(3)), List.of(), List.of(new BatchNormLayer(3))),
                new ReLULayer(),
                ParallelLayer.concatenation(List.of(new BatchNormLayer(3)), List.of()),
                new DenseSoftmaxLayer(72, CLASSES)));
    }

    private static LayerChain connected(LayerChain chain) {
        chain.connect(INPUT, new Random(1));
        chain.training(true);
        return chain;
    }

    private static double[][] shardGradients(LayerChain chain, double[] images, int[] labels, int[] sizes) {
        int meetings = chain.toString().split("BatchNorm").length - 1;
        List<LayerChain> replicas = new ArrayList<>(List.of(chain));
        while (replicas.size() < sizes.length) {
            replicas.add(chain.replica());
            replicas.get(replicas.size() - 1).training(true);
        }
        ShardPass pass = new ShardPass(replicas);
        assertThat(pass.meetings()).isEqualTo(meetings);
        int[] ends = sizes.clone();
        Arrays.parallelPrefix(ends, Integer::sum);
        for (int part = 0; part <= meetings; part++) {
            for (int shard = 0; shard < sizes.length; shard++) {
                int from = (ends[shard] - sizes[shard]) * INPUT.size();
                pass.forward(part, shard, Arrays.copyOfRange(images, from, ends[shard] * INPUT.size()));
            }
            if (part < meetings) {
                pass.meetForward(part, sizes.length);
            }
        }
        for (int part = meetings; part >= 0; part--) {
            if (part < meetings) {
                pass.meetBack(part, sizes.length);
            }
            for (int shard = 0; shard < sizes.length; shard++) {
                pass.backprop(part, shard, Arrays.copyOfRange(labels, ends[shard] - sizes[shard], ends[shard]));
            }
        }
        return replicas.stream().map(TestArrays::gradients).toArray(double[][]::new);
    }

    @Test
    void pass_anyShards_addUpToTheWholeBatch() {
        checkAnyShards(ShardPassTest::chain);
        checkAnyShards(ShardPassTest::fusedChain);
    }

    private static void checkAnyShards(Supplier<LayerChain> chain) {
        RandomSeed.repeat(20, random -> {
            int[] sizes = random.ints(1 + random.nextInt(7), 1, 5).toArray();
            sizes[0]++;
            int n = Arrays.stream(sizes).sum();
            double[] images = gaussians(n * INPUT.size(), random);
            int[] labels = random.ints(n, 0, CLASSES).toArray();
            LayerChain whole = chain.get();
            whole.forward(images);
            whole.backpropLabels(labels);
            double[] expected = gradients(whole);
            double[] sum = new double[expected.length];
            for (double[] part : shardGradients(chain.get(), images, labels, sizes)) {
                Arrays.setAll(sum, i -> sum[i] + part[i]);
            }
            assertThat(sum).containsExactly(expected, within(1e-10));
        });
    }

    @Test
    void pass_oneShard_givesTheBitsOfTheWholeBatch() {
        checkOneShard(ShardPassTest::chain);
        checkOneShard(ShardPassTest::fusedChain);
    }

    private static void checkOneShard(Supplier<LayerChain> chain) {
        double[] images = gaussians(5 * INPUT.size(), new Random(2));
        int[] labels = {0, 2, 1, 1, 0};
        LayerChain whole = chain.get();
        whole.forward(images);
        whole.backpropLabelsParameters(labels);
        assertSameBits(shardGradients(chain.get(), images, labels, new int[] {5})[0], gradients(whole));
    }

    /** A mean of a hundred million costs the sums of squares no digit, however the batch is cut into shards. */
    @Test
    void observe_largeMeans_addUpToTheLastDigits() {
        RandomSeed.repeat(20, random -> {
            BatchNormLayer[] shards = new BatchNormLayer[1 + random.nextInt(9)];
            double[] near = new double[3 * shards.length];
            for (int i = 0; i < near.length; i++) {
                near[i] = Math.rint(random.nextGaussian() * 1024) / 1024; // so that adding loses nothing
            }
            double[] far = Arrays.stream(near).map(value -> value + 1e8).toArray();
            BatchNormLayer whole = observing(near);
            whole.normalize(whole, null, false);
            for (int i = 0; i < shards.length; i++) {
                shards[i] = observing(image(far, i, 3));
            }
            for (int i = 1; i < shards.length; i++) {
                shards[0].addStatistics(shards[i]);
            }
            for (int i = 0; i < shards.length; i++) {
                int last = shards.length - 1 - i; // the first one last: the others read it
                assertThat(shards[last].normalize(shards[0], null, false))
                        .containsExactly(image(whole.buffers().output, last, 3), within(1e-7));
            }
        });
    }

    private static BatchNormLayer observing(double[] values) {
        BatchNormLayer layer = new BatchNormLayer(1);
        layer.connect(Shape.of(1, 1, 3), new Random(1));
        layer.training(true);
        layer.observe(values);
        return layer;
    }
}
