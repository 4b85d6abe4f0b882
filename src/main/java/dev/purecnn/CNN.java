package dev.purecnn;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.Picture;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Sha256;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.training.Checkpoint;
import dev.purecnn.internal.training.CheckpointSink;
import dev.purecnn.internal.training.Checkpoints;
import dev.purecnn.internal.training.Guard;
import dev.purecnn.internal.training.NetworkChecks;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.internal.training.OptimizerState;
import dev.purecnn.internal.training.Predictor;
import dev.purecnn.internal.training.Trainer;
import dev.purecnn.internal.training.TrainingState;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.ConsoleListener;
import dev.purecnn.training.History;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A convolutional neural network: layers, trained by gradient descent to tell classes of images apart.
 *
 * <p>One seed gives one network, bit for bit: the same first weights, the same order of images, and after the same training
 * the same {@link #fingerprint}, whatever the machine and however many threads.
 *
 * <pre>{@code
 * CNN cnn = CNN.builder(Shape.of(1, 28, 28))
 *         .layers(new ConvolutionalLayer(1, 8, 3), new ReLULayer(), new DenseSoftmaxLayer(8 * 28 * 28, 10))
 *         .seed(42)
 *         .build();
 * cnn.trainTestCycle(3, 2, trainImages, testImages, 2000);
 * int digit = cnn.classify(image);
 * }</pre>
 *
 * <p>Any number of threads may predict at once. Who trains owns the network until it returns: a second training fails at once, and
 * so does every other call that needs the parameters, with {@link IllegalStateException}. Only in the pauses, while listeners hear of
 * an epoch's end and during validation, may all threads predict. To serve meanwhile, use a {@link #copy}.
 */
public final class CNN {
    private final LayerChain chain;
    private final NetworkChecks checks;
    private final int frozen;
    private final double learningRate;
    private final double learningRateDecay;
    private final long seed;
    private final TrainingListener listener;
    private final Trainer trainer;
    private final Predictor predictor;
    private final Guard guard;

    /** A network that has had that much training. */
    CNN(CnnBuilder builder, int epochsTrained, long stepsTrained) {
        learningRate = builder.learningRate;
        learningRateDecay = builder.learningRateDecay;
        seed = builder.seed == null ? new SplittableRandom().nextLong() : builder.seed;
        Kernels.active(); // so that the vector ones get ready while images are read
        Layer[] layers = builder.allLayers();
        chain = new LayerChain(layers);
        Shape output = chain.connect(builder.input, builder.random == null ? new Random(seed) : builder.random);
        NetworkChecks.output(layers);
        builder.copyLearned(chain.layers());
        frozen = builder.frozen;
        if (frozen >= layers.length) {
            throw new IllegalArgumentException("CNN: expected fewer than " + layers.length + " frozen layers, got "
                    + frozen + ". Train at least the last one.");
        }
        checks = new NetworkChecks(builder.input, output.size(), builder.classNames, builder.preprocessing);
        listener = builder.listener == null ? new ConsoleListener(System.out) : builder.listener;
        if (builder.seed == null) {
            listener.seedDrawn(seed);
        }
        Schedule schedule = Schedule.exponentialDecay(learningRate, learningRateDecay);
        trainer = new Trainer(chain, frozen, checks, seed, builder.threads, schedule, builder.optimizer, listener);
        trainer.setTrained(epochsTrained, stepsTrained);
        predictor = trainer.predictor();
        guard = trainer.guard();
    }

    private CheckpointSink checkpoints(Path folder) {
        return checkpoints(folder, Disk.real());
    }

    /** What writes checkpoints of this network, in training, into a folder. */
    CheckpointSink checkpoints(Path folder, Disk disk) {
        Checkpoints files = new Checkpoints(folder, disk);
        files.begin(trainer.stepsTrained());
        return state -> files.write(
                model(), NetworkData.finiteTensors(layers()), new Checkpoint(state, trainer.optimizerState()));
    }

    /** {@link #resume} continues a training from there; null for an optimizer that starts from scratch. */
    void cutShortAt(TrainingState state, OptimizerState optimizer) {
        trainer.cutShortAt(state);
        if (optimizer != null) {
            trainer.restore(optimizer);
        }
    }

    /**
     * Starts a network.
     *
     * @param input the shape of its images
     * @return a builder with the defaults: learning rate 0.01, multiplied by 0.9 after each epoch; a random seed, which is
     *     printed; the notebook's lines on standard output
     */
    public static CnnBuilder builder(Shape input) {
        return new CnnBuilder(input);
    }

    /**
     * Starts a network for such images: with their shape, class names and preprocessing, which {@link #save} keeps, so that
     * {@link #classify(Picture)} prepares a picture as it was prepared for training.
     *
     * @param images usually those to train on
     * @return a builder, otherwise as {@link #builder(Shape)}
     */
    public static CnnBuilder builder(Dataset images) {
        CnnBuilder builder = new CnnBuilder(images.shape()).classNames(images.classNames());
        images.preprocessing().ifPresent(builder::preprocessing);
        return builder;
    }

    /**
     * Loads a network that {@link #save} saved: same {@link #fingerprint}, same predictions, bit for bit. Training continues with
     * its seed and counts of epochs and steps, but the optimizer starts from scratch. Optimizer, listener and threads are those of
     * a new network, unless a {@link #loader} sets them.
     *
     * <p>A checkpoint loads like a model. From it {@link #resume} continues the training as if it had never stopped, and an
     * optimizer equal to that of the checkpoint keeps its state.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints: the newest, or if that is damaged the one before
     * @return the network, after all of the file was checked, including its checksums
     * @throws ModelFormatException if the file is not a whole model file, or has layers that are not of this library
     * @throws IOException if the file does not exist or cannot be read
     */
    public static CNN load(Path file) throws IOException {
        return loader().load(file);
    }

    /**
     * As {@link #load(Path)}, from a stream, such as a resource in a jar.
     *
     * @param model the bytes of a model file or a checkpoint; read to its end, not closed
     * @return the network
     * @throws ModelFormatException as for a file; its {@code file()} is null
     * @throws IOException if the stream cannot be read
     */
    public static CNN load(InputStream model) throws IOException {
        return loader().load(model);
    }

    /**
     * As {@link #load(Path)}, from memory.
     *
     * @param model the bytes of a model file or a checkpoint; not modified, not kept
     * @return the network
     * @throws ModelFormatException as for a file; its {@code file()} is null
     */
    public static CNN load(byte[] model) throws ModelFormatException {
        return loader().load(model);
    }

    /**
     * As {@link #load(Path)}, for networks with your own layers.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints
     * @param registry the types of layers that the file may name
     * @return the network
     * @throws ModelFormatException as {@link #load(Path)}
     * @throws IOException as {@link #load(Path)}
     */
    public static CNN load(Path file, LayerRegistry registry) throws IOException {
        return loader().registry(registry).load(file);
    }

    /** {@return a loader for a network with its own listener, threads or optimizer; starts with the defaults of a new network} */
    public static CnnLoader loader() {
        return new CnnLoader();
    }

    /**
     * Saves the network as a model file, for {@link #load}: layers, parameters, learning rate, seed, and training counters, in the
     * safetensors format that Python and others read. An existing file is replaced when the new one is complete and on the disk,
     * and kept if anything fails before that. A killed program may leave a file {@code *.unfinished}, which the next save to the
     * same place deletes.
     *
     * @param file where to; the name usually ends in {@code .safetensors}
     * @throws IOException if the file cannot be written
     * @throws UnsupportedOperationException if a layer has no {@link Layer#description}
     * @throws IllegalStateException if the network is being trained, a parameter is NaN or infinite, or there are more than 1,000
     *     layers
     */
    public void save(Path file) throws IOException {
        save(Objects.requireNonNull(file, "file"), Disk.real());
    }

    void save(Path file, Disk disk) throws IOException {
        int before = guard.read();
        ModelWriter.write(
                file, model(), NetworkData.finiteTensors(layers()), () -> guard.requireUnchanged(before), disk);
    }

    private Model model() {
        return new Model(
                NetworkData.dimensions(checks.input()),
                NetworkData.describe(layers()),
                learningRate,
                learningRateDecay,
                seed,
                trainer.epochsTrained(),
                trainer.stepsTrained(),
                frozen,
                classNames(),
                preprocessing().map(Preprocessing::toMap).orElse(Map.of()),
                Map.of());
    }

    /**
     * Trains and tests in turns, as in the notebook: each cycle trains {@code epochs} epochs on all images, one update per image,
     * then tests. The learning rate decays after each epoch, and keeps falling from cycle to cycle and from call to call.
     *
     * @param epochs per cycle, at least 1
     * @param cycles at least 1
     * @param train images to train on
     * @param test images to test on
     * @return how the network did in the last test
     * @throws IllegalArgumentException if a number is below 1, or a dataset is empty or does not fit
     * @throws IllegalStateException if the network is being trained already
     */
    public Evaluation trainTestCycle(int epochs, int cycles, Dataset train, Dataset test) {
        checks.labelled(train);
        return trainTestCycle(epochs, cycles, train, test, train.size());
    }

    /**
     * As {@link #trainTestCycle(int, int, Dataset, Dataset)}, with a new sample of the images for each epoch.
     *
     * @param epochs per cycle, at least 1
     * @param cycles at least 1
     * @param train images to draw from
     * @param test images to test on
     * @param sampleSize how many images to draw for an epoch, without replacement
     * @return how the network did in the last test
     * @throws IllegalArgumentException also if there are fewer images than the sample needs
     * @throws IllegalStateException if the network is being trained already
     */
    public Evaluation trainTestCycle(int epochs, int cycles, Dataset train, Dataset test, int sampleSize) {
        return trainer.cycle(epochs, cycles, train, test, sampleSize);
    }

    /**
     * Trains in batches. The result does not depend on the number of threads, to the last bit.
     *
     * <p>It ends with a {@link NotFiniteException} at the first loss, gradient or parameter that is NaN or infinite, and with a
     * {@link CancellationException} before the next batch if the thread is interrupted. After these, as after anything else that is
     * thrown, the network is as the last step left it, and {@link #resume} continues from there.
     *
     * @param train images to train on
     * @param validation images to test on after each epoch; null for none
     * @param options how to train
     * @return how each epoch went, and why training ended
     * @throws IllegalArgumentException if there are fewer images than the options need, a dataset is empty or does not fit, or
     *     early stopping lacks validation images
     * @throws IllegalStateException if the network is being trained already, or the folder for checkpoints has one of more steps
     * @throws NotFiniteException if a loss, gradient or parameter is not finite
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History train(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.train(train, validation, options, false, this::checkpoints);
    }

    /**
     * Continues a training that was cut short by an exception, or by the end of the program if this network was loaded from a
     * checkpoint, at the very batch where it was. The result is that of an uninterrupted training, to the last bit.
     *
     * @param train the images that it was training on
     * @param validation those that it was tested on after each epoch; null for none
     * @param options how it was trained; only epochs, threads, checkpoints and listeners may differ
     * @return how each epoch went, including those before, and why training ended
     * @throws IllegalArgumentException if the images, the batches, the optimizer, the {@link Schedule}, the clipping, the loss,
     *     the augmentation or the early stopping differ, or as {@link #train}
     * @throws IllegalStateException if no training was cut short, other steps followed it, the checkpoint has another state than the
     *     optimizer's, or as {@link #train}
     * @throws NotFiniteException as from {@link #train}
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History resume(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.train(train, validation, options, true, this::checkpoints);
    }

    /**
     * Does one update, with the current epoch's learning rate and the network's own optimizer.
     *
     * @param images the batch, images back to back; not modified, not kept
     * @param labels the correct class of each
     * @return the mean loss of the batch before the update, in nats
     * @throws IllegalArgumentException if the images are not whole or not finite, or the labels are not as many or not classes
     * @throws NotFiniteException if a loss, gradient or parameter is NaN or infinite; the network is as before
     * @throws IllegalStateException if the network is being trained already
     */
    public double trainOnBatch(double[] images, int[] labels) {
        return trainer.trainOnBatch(images, labels);
    }

    /**
     * Tests the network, and notifies the listener.
     *
     * @param images what to test on
     * @return how the network did
     * @throws IllegalArgumentException if the dataset is empty or does not fit
     * @throws IllegalStateException if the network is being trained
     */
    public Evaluation test(Dataset images) {
        checks.labelled(images);
        Evaluation evaluation = predictor.test(images);
        listener.tested(evaluation);
        return evaluation;
    }

    /**
     * Returns the probability of each class.
     *
     * @param image in the order of {@link Shape}; not modified, not kept
     * @return one probability per class, together 1; a new array
     * @throws IllegalArgumentException if the image has the wrong size or is not finite
     * @throws ArithmeticException if a probability is not a number: a parameter is NaN or infinite, or an image has
     *     values so large that they overflow
     * @throws IllegalStateException if the network is being trained
     */
    public double[] predict(double[] image) {
        NetworkChecks.image(checks.input(), image);
        return predictor.predict(image);
    }

    /**
     * Returns the most probable class; of equally probable ones the first.
     *
     * @param image in the order of {@link Shape}; not modified, not kept
     * @return the class, from 0
     * @throws IllegalArgumentException if the image has the wrong size or is not finite
     * @throws ArithmeticException if a probability is not a number: a parameter is NaN or infinite, or an image has
     *     values so large that they overflow
     * @throws IllegalStateException if the network is being trained
     */
    public int classify(double[] image) {
        NetworkChecks.image(checks.input(), image);
        return predictor.classify(image);
    }

    /**
     * What a picture shows: the classes by name, the most probable first. The picture is prepared as those that the network
     * was trained on.
     *
     * @param picture of any size that the {@link #preprocessing} takes
     * @return the classification
     * @throws IllegalStateException if the network does not know how to prepare pictures, or is being trained
     * @throws IllegalArgumentException if the preprocessing refuses the picture
     */
    public Classification classify(Picture picture) {
        return Classification.of(predictor.predict(input(picture)), classNames());
    }

    /**
     * Exactly what the network sees of a picture.
     *
     * @param picture of any size that the {@link #preprocessing} takes
     * @return a new array, in the order of {@link Shape}: what {@link #predict} takes
     * @throws IllegalStateException if the network does not know how to prepare pictures
     * @throws IllegalArgumentException if the preprocessing refuses the picture
     */
    public double[] input(Picture picture) {
        return preprocessing()
                .orElseThrow(
                        () -> new IllegalStateException("CNN: expected a network that knows how to prepare pictures,"
                                + " got one without preprocessing. Build it by CNN.builder(dataset) of an ImageFolder, or call"
                                + " preprocessing(...) on its builder."))
                .apply(picture);
    }

    /**
     * The most probable class of each image, worked out on all the network's threads.
     *
     * @param images the images; their labels are not looked at
     * @return the class of each, from 0; a new array
     * @throws IllegalArgumentException if the dataset is empty or does not fit
     * @throws IllegalStateException if the network is being trained
     */
    public int[] classifyAll(Dataset images) {
        double[] all = predictAll(images);
        int classes = checks.classes();
        return IntStream.range(0, images.size())
                .map(i -> Evaluation.mostProbable(all, i * classes, classes))
                .toArray();
    }

    /**
     * As {@link #predictAll(Dataset)}, with a row per image.
     *
     * @param images the images; their labels are not looked at
     * @return one new array per image, with a probability per class
     * @throws IllegalArgumentException if the dataset is empty or does not fit
     * @throws IllegalStateException if the network is being trained
     */
    public double[][] predictEach(Dataset images) {
        double[] all = predictAll(images);
        int classes = checks.classes();
        return IntStream.range(0, images.size())
                .mapToObj(i -> Arrays.copyOfRange(all, i * classes, (i + 1) * classes))
                .toArray(double[][]::new);
    }

    /**
     * As {@link #predictAll(Dataset)}, for images in an array.
     *
     * @param images the images back to back; not modified, not kept
     * @return one probability per class for the first image, then for the second, and so on; a new array
     * @throws IllegalArgumentException if the images are not whole or not finite
     * @throws ArithmeticException if a probability is not a number: a parameter is NaN or infinite, or an image has
     *     values so large that they overflow
     * @throws IllegalStateException if the network is being trained
     */
    public double[] predictAll(double[] images) {
        return predictor.predictAll(images);
    }

    /**
     * Returns the probabilities of many images, computed on all the network's threads.
     *
     * @param images the images; their labels are not used
     * @return one probability per class for the first image, then for the second, and so on; a new array
     * @throws IllegalArgumentException if the dataset is empty or does not fit
     * @throws ArithmeticException if a probability is not a number: a parameter is NaN or infinite, or an image has
     *     values so large that they overflow
     * @throws IllegalStateException if the network is being trained
     */
    public double[] predictAll(Dataset images) {
        checks.images(images);
        return predictor.predictAll(images);
    }

    /**
     * An independent network with the same layers, parameter values, seed and counts of epochs and steps: one can serve while the
     * other is trained. It has this network's listener, threads and optimizer, but not the optimizer's state.
     *
     * @return the copy
     * @throws UnsupportedOperationException if a layer has no {@link Layer#description}
     * @throws IllegalArgumentException if a layer is not of this library; {@link #copy(LayerRegistry)} copies those
     * @throws IllegalStateException if the network is being trained
     */
    public CNN copy() {
        return copy(LayerRegistry.builtIn());
    }

    /**
     * As {@link #copy()}, for networks with your own layers.
     *
     * @param registry the types of the network's layers
     * @return the copy
     */
    public CNN copy(LayerRegistry registry) {
        CnnBuilder builder = new CnnBuilder(this, registry).keep(layers().size());
        builder.frozen = frozen;
        builder.random = NetworkData.random(seed, registry);
        return read(() -> new CNN(builder, trainer.epochsTrained(), trainer.stepsTrained()));
    }

    /** Reads what training changes. */
    <T> T read(Supplier<T> reading) {
        int before = guard.read();
        T read = reading.get();
        guard.requireUnchanged(before);
        return read;
    }

    /**
     * Starts a new network from this one, which stays as it is: transfer learning. The builder has this network's images, class
     * names, preprocessing, rates, optimizer, threads, seed and listener, and may keep some of its trained layers.
     *
     * <pre>{@code
     * CNN pets = digits.toBuilder()
     *         .keep(6).frozen()
     *         .layers(new DenseSoftmaxLayer(512, 3))
     *         .classNames(List.of("cat", "dog", "horse"))
     *         .build();
     * }</pre>
     *
     * @return the builder; see {@link CnnBuilder#keep}
     */
    public CnnBuilder toBuilder() {
        return toBuilder(LayerRegistry.builtIn());
    }

    /**
     * As {@link #toBuilder()}, for networks with your own layers.
     *
     * @param registry the types of the network's layers
     * @return the builder
     */
    public CnnBuilder toBuilder(LayerRegistry registry) {
        return new CnnBuilder(this, registry);
    }

    /** {@return how many layers at the front are frozen: they predict, but are not trained} */
    public int frozenLayers() {
        return frozen;
    }

    /** Gives a builder all that this network was built with, except its layers. */
    void copyTo(CnnBuilder builder) {
        builder.input = checks.input();
        builder.learningRate = learningRate;
        builder.learningRateDecay = learningRateDecay;
        builder.optimizer = trainer.optimizer();
        builder.seed = seed;
        builder.threads = trainer.threads();
        builder.listener = listener;
        builder.classNames = classNames();
        builder.preprocessing = checks.preprocessing();
    }

    /**
     * Identifies the parameters: the SHA-256 of the bits of all of them, in order, big-endian.
     *
     * @return 64 hexadecimal digits
     * @throws IllegalStateException if the network is being trained
     */
    public String fingerprint() {
        return read(() -> Sha256.of(parameters().stream().map(Parameter::values).toList()));
    }

    /** {@return the names of the classes in the order of the labels; empty if the network was given none} */
    public List<String> classNames() {
        return checks.classNames();
    }

    /** {@return what makes pictures images for this network; empty if it was not given any} */
    public Optional<Preprocessing> preprocessing() {
        return Optional.ofNullable(checks.preprocessing());
    }

    /** {@return the layers, in order; unmodifiable} */
    public List<Layer> layers() {
        return chain.layers();
    }

    /** {@return the shape of an image, then that of each layer's output; unmodifiable} */
    public List<Shape> shapes() {
        return chain.shapes();
    }

    /** {@return what the network learns: the live parameters of all layers, in order; unmodifiable} */
    public List<Parameter> parameters() {
        return chain.parameters();
    }

    /** {@return the seed that the network was built with; pass it to {@link CnnBuilder#seed} for the same network again} */
    public long seed() {
        return seed;
    }

    /** {@return a table of layers, output shapes, parameters and multiply-adds per image; and the seed and kernels} */
    public String summary() {
        return Summary.of(chain, seed);
    }

    /** The notebook's form: {@code <CNN: lr=0.01, lr_decay=0.9, layers=(...)>}, one layer a line. */
    @Override
    public String toString() {
        return "<CNN: lr=" + ConsoleListener.rate(learningRate) + ", lr_decay="
                + ConsoleListener.rate(learningRateDecay) + ",\nlayers=" + chain + ">";
    }
}
