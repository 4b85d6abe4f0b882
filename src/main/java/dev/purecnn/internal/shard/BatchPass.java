package dev.purecnn.internal.shard;

/**
 * Shards of one batch on their way through replicas of a chain. They meet at each layer that needs the whole batch, once on the
 * way forward and once on the way back. Parts 0 to {@code meetings()} of the way lie between: within a part each shard goes by
 * itself, on any thread; a meeting is one thread's work.
 *
 * <p>The order of calls: forward part 0 of all shards, meet forward at 0, forward part 1, and so on; then the losses; then backprop
 * part {@code meetings()}, meet back at {@code meetings() - 1}, and so on down to backprop part 0.
 */
public interface BatchPass {
    /** How many layers need the whole batch; 0: shards need not wait for one another. */
    int meetings();

    /** Takes a shard to the next meeting or the end, and returns what came out; part 0 starts with the images, others ignore them. */
    double[] forward(int part, int shard, double[] images);

    void meetForward(int meeting, int numShards);

    /** Takes a shard down to the meeting below or the start; the last part starts with the labels, others ignore them. */
    void backprop(int part, int shard, int[] labels);

    void meetBack(int meeting, int numShards);
}
