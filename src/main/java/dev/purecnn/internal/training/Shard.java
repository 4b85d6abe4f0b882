package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import java.util.Optional;

/** A share of a batch and the replica of the chain that works on it. Its gradients are the sum over its images. */
final class Shard {
    private final LayerChain chain;
    private int firstImage;

    Shard(LayerChain chain) {
        this.chain = chain;
    }

    LayerChain chain() {
        return chain;
    }

    /** Says how the loss is counted from now on. */
    void use(CrossEntropy loss) {
        chain.use(loss);
    }

    /**
     * Where the last {@link #run} met a NaN or infinity first, with the number of its image in the batch; to be asked before
     * another shard runs in the same workspace. Parameters' gradients are not searched, for they may be added up by now:
     * {@link LayerChain#findNotFiniteParameter} on the first shard's chain searches those.
     */
    Optional<NotFinite> findNotFinite() {
        return chain.findNotFinite().map(found -> found.withImagesFrom(firstImage));
    }

    /** Takes images {@code from} to {@code to - 1} forward and back; notes the loss of each, and whether it was right. */
    void run(Workspace workspace, Dataset batch, int from, int to, long step, double[] losses, boolean[] correct) {
        firstImage = from;
        workspace.prepare(chain, batch, from, to);
        int[] labels = workspace.labels();
        chain.samples(step, from);
        double[] probabilities = chain.forward(workspace.images());
        System.arraycopy(chain.losses(labels), 0, losses, from, labels.length);
        int classes = probabilities.length / labels.length;
        for (int i = 0; i < labels.length; i++) {
            correct[from + i] = Evaluation.mostProbable(probabilities, i * classes, classes) == labels[i];
        }
        chain.backpropLabelsParameters(labels);
    }
}
