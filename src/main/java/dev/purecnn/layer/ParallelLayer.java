package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Branches side by side: each is a chain of layers that gets the same input, and their outputs are added, multiplied, or put after each
 * other by channel. A branch without layers passes its input on. With this, and nesting, any network whose layers form series and parallels
 * can be written.
 *
 * <pre>{@code
 * // the heart of a fire module (SqueezeNet) or an inception module (GoogLeNet)
 * ParallelLayer.concatenation(
 *         List.of(new ConvolutionalLayer(16, 64, 1), new ReLULayer()),
 *         List.of(new ConvolutionalLayer(16, 64, 3), new ReLULayer()));
 *
 * // squeeze and excite: a weight for each channel, computed from all of the image
 * ParallelLayer.product(
 *         List.of(),
 *         List.of(new GlobalAveragePoolingLayer(), new DenseLayer(64, 16), new ReLULayer(),
 *                 new DenseLayer(16, 64), new SigmoidLayer()));
 * }</pre>
 *
 * <p>In a sum or a product, all outputs have one shape, or one value per channel, which then counts for each cell of the plane.
 *
 * @see ResidualLayer
 * @see <a href="https://arxiv.org/abs/1409.4842">Szegedy et al. 2015, on branches that are put after each other</a>
 * @see <a href="https://arxiv.org/abs/1709.01507">Hu et al. 2018, on squeeze and excite</a>
 */
public sealed class ParallelLayer extends AbstractLayer<ParallelLayer.BranchBuffers> permits ResidualLayer {
    private final Join.Kind kind;
    /** Null where a branch has no layers. */
    private final LayerChain[] branches;
    /** The branches that have layers. */
    private final LayerChain[] chains;

    private List<Parameter> parameters = List.of();
    private Shape[] outputs;
    private int largestOutput;
    private Join join;

    ParallelLayer(Join.Kind kind, List<? extends List<? extends Layer>> branches) {
        this(kind, chains(branches));
    }

    ParallelLayer(Join.Kind kind, LayerChain[] branches) {
        this.kind = kind;
        this.branches = branches;
        chains = Arrays.stream(branches).filter(Objects::nonNull).toArray(LayerChain[]::new);
        if (branches.length < 2) {
            throw new IllegalArgumentException("ParallelLayer: expected at least 2 branches, got " + branches.length
                    + ". Put the layers of a single branch into the network itself.");
        }
        for (LayerChain chain : chains) {
            for (LayerChain other : chains) {
                if (chain != other) {
                    checkDistinct(chain.layers(), other.layers());
                }
            }
        }
    }

    private static LayerChain[] chains(List<? extends List<? extends Layer>> branches) {
        return branches.stream()
                .map(branch -> branch.isEmpty() ? null : new LayerChain(branch.toArray(new Layer[0])))
                .toArray(LayerChain[]::new);
    }

    private static void checkDistinct(List<Layer> layers, List<Layer> others) {
        for (Layer layer : layers) {
            for (Layer other : others) {
                if (layer == other) {
                    throw new IllegalArgumentException("ParallelLayer: expected different layers, got " + layer
                            + " in two branches. Make a new layer for each place.");
                }
            }
        }
    }

    /**
     * Branches whose outputs are added.
     *
     * @param branches at least two, each the layers of one branch in order
     * @return the layer
     * @throws IllegalArgumentException if there are fewer, or a layer is null or stands there twice
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static ParallelLayer sum(List<? extends Layer>... branches) {
        return new ParallelLayer(Join.Kind.SUM, Arrays.asList(branches));
    }

    /**
     * Branches whose outputs are put after each other by channel.
     *
     * @param branches at least two, each the layers of one branch in order
     * @return the layer
     * @throws IllegalArgumentException if there are fewer, or a layer is null or stands there twice
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static ParallelLayer concatenation(List<? extends Layer>... branches) {
        return new ParallelLayer(Join.Kind.CONCATENATION, Arrays.asList(branches));
    }

    /**
     * Branches whose outputs are multiplied, value by value.
     *
     * @param branches at least two, each the layers of one branch in order
     * @return the layer
     * @throws IllegalArgumentException if there are fewer, or a layer is null or stands there twice
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static ParallelLayer product(List<? extends Layer>... branches) {
        return new ParallelLayer(Join.Kind.PRODUCT, Arrays.asList(branches));
    }

    /** What comes in and goes out of each branch. */
    static final class BranchBuffers extends Buffers {
        private final double[][] outputs;
        /** Of the branches' outputs; made when first needed. */
        private final double[][] outputGradients;
        /** Of the input, by way of each branch. */
        private final double[][] inputGradients;

        private double[] lossGradient;

        private BranchBuffers(int n, ParallelLayer layer) {
            super(n, layer);
            outputs = new double[layer.branches.length][];
            outputGradients = new double[layer.branches.length][];
            inputGradients = new double[layer.branches.length][];
        }
    }

    @Override
    final BranchBuffers newBuffers(int n) {
        return new BranchBuffers(n, this);
    }

    @Override
    final int largestBuffer() {
        return Math.max(input().size(), largestOutput);
    }

    /** Connects the branches; the output's shape is theirs. */
    @Override
    final Shape fit(Shape images, RandomGenerator random) {
        for (LayerChain chain : chains) {
            chain.connect(images, random);
        }
        return fit(images);
    }

    @Override
    final Shape fit(Shape images) {
        outputs = new Shape[branches.length];
        for (int b = 0; b < branches.length; b++) {
            List<Shape> shapes = branches[b] == null ? List.of(images) : branches[b].shapes();
            outputs[b] = shapes.get(shapes.size() - 1);
            largestOutput = Math.max(largestOutput, outputs[b].size());
        }
        join = join(images, kind, List.of(outputs));
        parameters = Arrays.stream(chains)
                .flatMap(chain -> chain.parameters().stream())
                .toList();
        return join.shape();
    }

    Join join(Shape images, Join.Kind joined, List<Shape> shapes) {
        return joined.of(shapes);
    }

    @Override
    final void forward(double[] images, BranchBuffers buffers) {
        for (int b = 0; b < branches.length; b++) {
            buffers.outputs[b] = branches[b] == null ? images : branches[b].forward(images);
        }
        join.forward(buffers.outputs, buffers.output);
    }

    @Override
    final void backprop(double[] lossGradient, BranchBuffers buffers, double[] inputGradient) {
        buffers.lossGradient = lossGradient;
        for (int b = branches.length - 1; b >= 0; b--) {
            double[] gradient = outputGradient(b, buffers);
            buffers.inputGradients[b] = branches[b] == null ? gradient : branches[b].backprop(gradient);
        }
        sumInputGradients(buffers, inputGradient);
    }

    private double[] outputGradient(int b, BranchBuffers buffers) {
        if (join.passesGradient(b)) {
            return buffers.lossGradient;
        }
        if (buffers.outputGradients[b] == null) {
            buffers.outputGradients[b] = new double[buffers.n * outputs[b].size()];
        }
        join.backprop(b, buffers.lossGradient, buffers.outputs, buffers.outputGradients[b]);
        return buffers.outputGradients[b];
    }

    private static double[] sumInputGradients(BranchBuffers buffers, double[] inputGradient) {
        double[][] terms = buffers.inputGradients;
        ElementwiseJoin.add(terms[0], terms[1], inputGradient);
        for (int b = 2; b < terms.length; b++) {
            ElementwiseJoin.add(inputGradient, terms[b], inputGradient);
        }
        return inputGradient;
    }

    @Override
    public final void backpropParameters(double[] lossGradient) {
        BranchBuffers buffers = beginBackprop(lossGradient);
        buffers.lossGradient = lossGradient;
        for (int b = branches.length - 1; b >= 0; b--) {
            if (branches[b] != null) {
                branches[b].backpropParameters(outputGradient(b, buffers));
            }
        }
    }

    // ---- the same leaf by leaf, for shards that meet within a branch

    final int numBranches() {
        return branches.length;
    }

    /** Null if it has no layers. */
    final LayerChain branch(int b) {
        return branches[b];
    }

    /** What messages put before "of layer 3" for a layer in this branch. */
    String place(int b) {
        return " of branch " + b;
    }

    /** What comes before the first branch. */
    final Layer fork() {
        return new Seam(
                images -> beginForward(images).images,
                gradient -> {
                    buffers().inputGradients[0] = gradient;
                    return sumInputGradients(buffers(), buffers().inputGradient());
                },
                null,
                branches.length == 2 ? () -> buffers().inputGradients[1] : null,
                false);
    }

    /** What comes after a branch: hands the images to the next one, or joins the outputs. */
    final Layer after(int b) {
        boolean last = b == branches.length - 1;
        return new Seam(
                output -> {
                    BranchBuffers buffers = buffers();
                    buffers.outputs[b] = output;
                    if (!last) {
                        return buffers.images;
                    }
                    join.forward(buffers.outputs, buffers.output);
                    return buffers.output;
                },
                gradient -> {
                    BranchBuffers buffers = buffers();
                    if (last) {
                        buffers.lossGradient = gradient;
                    } else {
                        buffers.inputGradients[b + 1] = gradient;
                    }
                    return outputGradient(b, buffers);
                },
                addend(b),
                null,
                last);
    }

    /** What is added to the output of a branch to give the layer's, by the time it is there; null if it is not as simple as that. */
    private Supplier<double[]> addend(int b) {
        boolean sum = branches.length == 2 && join.passesGradient(0) && join.passesGradient(1);
        if (sum && b == 1) {
            return () -> buffers().outputs[0];
        }
        return sum && branches[1] == null ? () -> buffers().images : null;
    }

    @Override
    final void borrowBuffers(AbstractLayer<?> lender) {
        super.borrowBuffers(lender);
        for (int i = 0; i < chains.length; i++) {
            chains[i].borrowBuffers(((ParallelLayer) lender).chains[i]);
        }
    }

    // ---- what the layers inside have and are told

    /**
     * The branches, in order.
     *
     * @return for each its layers, in order; an empty list where the input is passed on; unmodifiable
     */
    public final List<List<Layer>> branches() {
        return Arrays.stream(branches)
                .map(branch -> branch == null ? List.<Layer>of() : branch.layers())
                .toList();
    }

    /**
     * The layers of all branches.
     *
     * @return an unmodifiable list, branch by branch
     */
    @Override
    public final List<Layer> layers() {
        return Arrays.stream(chains).flatMap(chain -> chain.layers().stream()).toList();
    }

    /** Those of all branches, branch by branch; none before the layer is connected. */
    @Override
    public final List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public final void training(boolean training) {
        for (LayerChain chain : chains) {
            chain.training(training);
        }
    }

    @Override
    public final void samples(long step, int firstImage) {
        for (LayerChain chain : chains) {
            chain.samples(step, firstImage);
        }
    }

    @Override
    public final long multiplyAdds() {
        return Arrays.stream(chains).mapToLong(LayerChain::multiplyAdds).sum();
    }

    static ParallelLayer of(LayerDescription description, List<? extends List<? extends Layer>> branches) {
        String name = description.text("join");
        for (Join.Kind kind : Join.Kind.values()) {
            if (kind.toString().equals(name)) {
                return new ParallelLayer(kind, branches);
            }
        }
        throw new IllegalArgumentException("ParallelLayer: expected a join that is one of "
                + Arrays.toString(Join.Kind.values()) + ", got " + Quoted.of(name)
                + ". Correct the layer's description.");
    }

    @Override
    public LayerDescription description() {
        List<LayerDescription> described = branches().stream()
                .map(branch -> LayerDescription.of("LayerChain").withLayers(branch))
                .toList();
        return super.description().with("join", kind.toString()).with("branches", described);
    }

    final LayerChain[] branchReplicas() {
        return Arrays.stream(branches)
                .map(branch -> branch == null ? null : branch.replica())
                .toArray(LayerChain[]::new);
    }

    @Override
    ParallelLayer unfittedReplica() {
        return new ParallelLayer(kind, branchReplicas());
    }

    /** The form of the notebook's layers, in one line: {@code <ParallelLayer: sum of (<DenseLayer: (9, 9)>, <ReLULayer>), ()>}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("<ParallelLayer: " + kind + " of ");
        for (int b = 0; b < branches.length; b++) {
            text.append(b == 0 ? "(" : ", (").append(line(branches().get(b))).append(')');
        }
        return text.append('>').toString();
    }

    static String line(List<Layer> layers) {
        return String.join(", ", layers.stream().map(Objects::toString).toList());
    }
}
