package dev.purecnn.layer;

import dev.purecnn.internal.shard.BatchPass;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Replicas of a chain, unfolded into leaves. Shards meet at each {@link BatchNormLayer}. */
final class ShardPass implements BatchPass {
    /** {@code leaves[shard][leaf]}. */
    private final Layer[][] leaves;
    /** The leaves at which shards meet, in order. */
    private final int[] meetings;
    /** One past the leaves that each meeting's normalization does as well: the sum with another branch, and ReLU. */
    private final int[] ends;
    /** What each shard goes on with: an output on the way forward, a gradient on the way back. */
    private final double[][] values;

    private final BiConsumer<BatchNormLayer, BatchNormLayer> addStatistics = BatchNormLayer::addStatistics;
    private final BiConsumer<BatchNormLayer, BatchNormLayer> addSums = BatchNormLayer::addSums;

    ShardPass(List<LayerChain> replicas) {
        leaves = replicas.stream()
                .map(chain -> Leaf.of(chain).stream().map(Leaf::layer).toArray(Layer[]::new))
                .toArray(Layer[][]::new);
        meetings = IntStream.range(0, leaves[0].length)
                .filter(i -> leaves[0][i] instanceof BatchNormLayer)
                .toArray();
        ends = Arrays.stream(meetings).map(this::end).toArray();
        values = new double[leaves.length][];
    }

    private int end(int norm) {
        Seam sum = sum(0, norm);
        int end = norm + (sum == null ? 1 : sum.last() ? 2 : 3);
        boolean rectifies = end < leaves[0].length && leaves[0][end] instanceof ReLULayer;
        return rectifies && (sum == null || isOurs(top(end + 1))) ? end + 1 : end;
    }

    /** What comes after a normalization, if it adds another branch; else null. */
    private Seam sum(int shard, int norm) {
        Layer next = norm + 1 < leaves[shard].length ? leaves[shard][norm + 1] : null;
        return next instanceof Seam seam && seam.addend() != null ? seam : null;
    }

    /** Where the gradient comes from that a normalization with its leaves takes: the sum of two branches' gradients is done there, too. */
    private int top(int end) {
        boolean adds = end < leaves[0].length
                && leaves[0][end] instanceof Seam fork
                && fork.gradientAddend() != null
                && isOurs(end + 1);
        return adds ? end + 1 : end;
    }

    /** Whether a leaf's gradient is in an array that it only writes, so that it may be overwritten. */
    private boolean isOurs(int leaf) {
        return leaf < leaves[0].length && leaves[0][leaf] instanceof AbstractLayer;
    }

    private boolean adds(int meeting) {
        return sum(0, meetings[meeting]) != null;
    }

    private boolean rectifies(int meeting) {
        return leaves[0][ends[meeting] - 1] instanceof ReLULayer;
    }

    @Override
    public int meetings() {
        return meetings.length;
    }

    private BatchNormLayer at(int meeting, int shard) {
        return (BatchNormLayer) leaves[shard][meetings[meeting]];
    }

    @Override
    public double[] forward(int part, int shard, double[] images) {
        int from = 0;
        double[] output = images;
        if (part > 0) {
            from = ends[part - 1];
            output = normalize(part - 1, shard);
        }
        int to = part < meetings.length ? meetings[part] : leaves[shard].length;
        for (int i = from; i < to; i++) {
            output = leaves[shard][i].forward(output);
        }
        if (part < meetings.length) {
            at(part, shard).observe(output);
        }
        return output;
    }

    private double[] normalize(int meeting, int shard) {
        Seam sum = sum(shard, meetings[meeting]);
        double[] addend = sum == null ? null : sum.addend().get();
        return at(meeting, shard).normalize(at(meeting, 0), addend, rectifies(meeting));
    }

    @Override
    public void meetForward(int meeting, int numShards) {
        meet(meeting, numShards, addStatistics);
    }

    @Override
    public void backprop(int part, int shard, int[] labels) {
        int from = part < meetings.length ? meetings[part] : leaves[shard].length - 1;
        double[] gradient = part < meetings.length
                ? inputGradient(part, shard)
                : ((OutputLayer) leaves[shard][from]).backpropLabels(labels);
        int to = part > 0 ? top(ends[part - 1]) : 0;
        for (int i = from - 1; i >= Math.max(1, to); i--) {
            gradient = leaves[shard][i].backprop(gradient);
        }
        if (part > 0) {
            gradient = sumGradients(part - 1, shard, gradient);
        } else if (from > 0) {
            leaves[shard][0].backpropParameters(gradient);
        }
        values[shard] = gradient;
    }

    /** In the place of the gradient that it comes from, unless another branch needs that too, or it is not ours. */
    private double[] inputGradient(int meeting, int shard) {
        BatchNormLayer norm = at(meeting, shard);
        boolean inPlace = !adds(meeting) && isOurs(top(ends[meeting]));
        double[] inputGradient = inPlace ? values[shard] : norm.buffers().inputGradient();
        norm.findInputGradient(values[shard], inputGradient, at(meeting, 0));
        return inputGradient;
    }

    /** Returns the gradient of what was normalized. */
    private double[] sumGradients(int meeting, int shard, double[] lossGradient) {
        BatchNormLayer norm = at(meeting, shard);
        int end = ends[meeting];
        int top = top(end);
        double[] addend =
                top == end ? null : ((Seam) leaves[shard][end]).gradientAddend().get();
        boolean rectifies = rectifies(meeting);
        double[] gradient =
                isOurs(top) || !rectifies ? lossGradient : norm.buffers().inputGradient();
        norm.sumGradients(lossGradient, addend, rectifies, gradient);
        for (int i = end - (rectifies ? 2 : 1); i > meetings[meeting]; i--) {
            gradient = leaves[shard][i].backprop(gradient);
        }
        return gradient;
    }

    @Override
    public void meetBack(int meeting, int numShards) {
        meet(meeting, numShards, addSums);
    }

    /** Adds up pairwise into the first shard: 0+1, 2+3, ...; then 0+2, 4+6, ...; and so on. */
    private void meet(int meeting, int numShards, BiConsumer<BatchNormLayer, BatchNormLayer> add) {
        for (int distance = 1; distance < numShards; distance *= 2) {
            for (int shard = 0; shard + distance < numShards; shard += 2 * distance) {
                add.accept(at(meeting, shard), at(meeting, shard + distance));
            }
        }
    }
}
