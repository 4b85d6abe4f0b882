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
 * the same {@link #fingerprint}, on any machine and any number of threads.
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
 * <p><b>Threads:</b> any number of threads may predict at once. A training owns the network until it returns: a second training
 * fails, and so does every other call that needs the parameters, with {@link IllegalStateException}. Only while listeners hear of
 * the end of an epoch, and during validation, may all threads predict. To serve predictions while training, use a {@link #copy}.
 *
 * <p><b>Errors:</b> images that do not fit (a wrong size, an empty dataset, values that are NaN or infinite, labels that are no
 * classes of the network) are refused with {@link IllegalArgumentException}. A prediction of NaN is an
 * {@link ArithmeticException}: a parameter is NaN or infinite, or an image has values so large that they overflow. A network with
 * your own layers is loaded, copied and built upon with a {@link LayerRegistry} that knows them.
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

    /** A network that has been trained that much. */
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

    /** Writes checkpoints of this network into a folder. */
    CheckpointSink checkpoints(Path folder, Disk disk) {
        Checkpoints files = new Checkpoints(folder, disk);
        files.begin(trainer.stepsTrained());
        return state -> files.write(
                model(), NetworkData.finiteTensors(layers()), new Checkpoint(state, trainer.optimizerState()));
    }

    /** Lets {@link #resume} continue a training from there; null for an optimizer that starts from scratch. */
    void cutShortAt(TrainingState state, OptimizerState optimizer) {
        trainer.cutShortAt(state);
        if (optimizer != null) {
            trainer.restore(optimizer);
        }
    }

    /**
     * {@return a builder with the defaults: learning rate 0.01, multiplied by 0.9 after each epoch; a random seed, which is
     * printed; the notebook's lines on standard output}
     *
     * @param input the shape of an image
     */
    public static CnnBuilder builder(Shape input) {
        return new CnnBuilder(input);
    }

    /**
     * {@return a builder, as {@link #builder(Shape)}, with the shape, class names and preprocessing of these images}
     * {@link #save} keeps all of them, so {@link #classify(Picture)} prepares a picture as it was prepared for training.
     *
     * @param images usually the training images
     */
    public static CnnBuilder builder(Dataset images) {
        CnnBuilder builder = new CnnBuilder(images.shape()).classNames(images.classNames());
        images.preprocessing().ifPresent(builder::preprocessing);
        return builder;
    }

    /**
     * Loads a network that {@link #save} saved: same {@link #fingerprint}, same predictions, bit for bit. Training continues with
     * its seed and counts of epochs and steps, but the optimizer starts from scratch. Optimizer, listener and threads are the
     * defaults of a new network, unless a {@link #loader} sets them.
     *
     * <p>A checkpoint loads like a model. {@link #resume} then continues the training as if it had never stopped, and an equal
     * optimizer keeps its state.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints: the newest one is loaded, or the one before if that is
     *     damaged
     * @return the network, after the whole file was checked, including its checksums
     * @throws ModelFormatException if the file is not a whole model file, or has layers that are not of this library
     * @throws IOException if the file does not exist or cannot be read
     */
    public static CNN load(Path file) throws IOException {
        return loader().load(file);
    }

    /**
     * As {@link #load(Path)}, from a stream, such as a resource in a jar.
     *
     * @param model a model file or a checkpoint; read to its end, not closed
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
     * @param model a model file or a checkpoint; not modified, not kept
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
     * @throws IOException as {@link #load(Path)}
     */
    public static CNN load(Path file, LayerRegistry registry) throws IOException {
        return loader().registry(registry).load(file);
    }

    /** {@return a loader, which sets the optimizer, listener and threads of the networks that it loads} */
    public static CnnLoader loader() {
        return new CnnLoader();
    }

    /**
     * Saves the network for {@link #load}: layers, parameters, learning rate, seed and training counters, in the safetensors
     * format, which Python reads too. An existing file is replaced once the new one is complete and on disk, and kept if anything
     * fails before. A killed program may leave a file {@code *.unfinished}, which the next save to the same place deletes.
     *
     * @param file usually ends in {@code .safetensors}
     * @throws IOException if the file cannot be written
     * @throws UnsupportedOperationException if a layer has no {@link Layer#description}
     * @throws IllegalStateException also if a parameter is NaN or infinite, or there are more than 1,000 layers
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
     * Trains and tests in turns, as in the notebook: each cycle trains for {@code epochs} epochs on all images, one update per
     * image, then tests. The learning rate decays after each epoch, from cycle to cycle and from call to call.
     *
     * @param epochs per cycle, at least 1
     * @param cycles at least 1
     * @param train images to train on
     * @param test images to test on
     * @return the result of the last test
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
     * @param sampleSize how many images to draw for an epoch, without replacement; from 1 to all
     * @return the result of the last test
     */
    public Evaluation trainTestCycle(int epochs, int cycles, Dataset train, Dataset test, int sampleSize) {
        return trainer.cycle(epochs, cycles, train, test, sampleSize);
    }

    /**
     * Trains in batches. The result does not depend on the number of threads, to the last bit.
     *
     * <p>The first loss, gradient or parameter that is NaN or infinite ends training with a {@link NotFiniteException}, an
     * interrupt of the thread with a {@link CancellationException} before the next batch. After these, and any other exception,
     * the network is as the last step left it, and {@link #resume} continues from there.
     *
     * @param train images to train on
     * @param validation images to test on after each epoch; null for none
     * @param options how to train
     * @return how each epoch went, and why training ended
     * @throws IllegalArgumentException also if there are fewer images than the options need, or early stopping lacks validation
     *     images
     * @throws IllegalStateException also if the folder for checkpoints has one of more steps
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History train(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.train(train, validation, options, false, this::checkpoints);
    }

    /**
     * Continues a training that an exception ended, or the end of the program if this network was loaded from a checkpoint, at
     * the exact batch where it was. The result is that of an uninterrupted training, to the last bit.
     *
     * @param train the same images as before
     * @param validation the same images as before; null for none
     * @param options as before; only epochs, threads, checkpoints and listeners may differ
     * @return how each epoch went, including earlier ones, and why training ended
     * @throws IllegalArgumentException also if images, batches, optimizer, {@link Schedule}, clipping, loss, augmentation or
     *     early stopping differ
     * @throws IllegalStateException also if no training was cut short, other steps followed it, or the checkpoint's state is not
     *     of this optimizer
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History resume(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.train(train, validation, options, true, this::checkpoints);
    }

    /**
     * Does one update, with the current epoch's learning rate and the network's own optimizer.
     *
     * @param images the batch, images back to back; not modified, not kept
     * @param labels the class of each image
     * @return the mean loss of the batch before the update, in nats
     * @throws NotFiniteException if a loss, gradient or parameter is NaN or infinite; the network is as before
     */
    public double trainOnBatch(double[] images, int[] labels) {
        return trainer.trainOnBatch(images, labels);
    }

    /**
     * Tests the network, and notifies the listener.
     *
     * @param images labelled images
     * @return how the network did
     */
    public Evaluation test(Dataset images) {
        checks.labelled(images);
        Evaluation evaluation = predictor.test(images);
        listener.tested(evaluation);
        return evaluation;
    }

    /**
     * {@return one probability per class, together 1; a new array}
     *
     * @param image in the order of {@link Shape}; not modified, not kept
     */
    public double[] predict(double[] image) {
        NetworkChecks.image(checks.input(), image);
        return predictor.predict(image);
    }

    /**
     * {@return the most probable class, from 0; of equally probable ones the first}
     *
     * @param image in the order of {@link Shape}; not modified, not kept
     */
    public int classify(double[] image) {
        NetworkChecks.image(checks.input(), image);
        return predictor.classify(image);
    }

    /**
     * {@return what a picture shows: the classes by name, the most probable first} The picture is prepared like the training
     * images.
     *
     * @param picture of any size that the {@link #preprocessing} takes
     * @throws IllegalStateException also if the network has no preprocessing
     */
    public Classification classify(Picture picture) {
        return Classification.of(predictor.predict(input(picture)), classNames());
    }

    /**
     * {@return the image that the network sees of a picture: a new array, as for {@link #predict}}
     *
     * @param picture of any size that the {@link #preprocessing} takes
     * @throws IllegalStateException if the network has no preprocessing
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
     * {@return the most probable class of each image, from 0; a new array}
     *
     * @param images labelled or not
     */
    public int[] classifyAll(Dataset images) {
        double[] all = predictAll(images);
        int classes = checks.classes();
        return IntStream.range(0, images.size())
                .map(i -> Evaluation.mostProbable(all, i * classes, classes))
                .toArray();
    }

    /**
     * {@return one new array per image, with one probability per class}
     *
     * @param images labelled or not
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
     * @param images back to back; not modified, not kept
     * @return one probability per class for each image, back to back; a new array
     */
    public double[] predictAll(double[] images) {
        return predictor.predictAll(images);
    }

    /**
     * Predicts many images, on all the network's threads.
     *
     * @param images labelled or not
     * @return one probability per class for each image, back to back; a new array
     */
    public double[] predictAll(Dataset images) {
        checks.images(images);
        return predictor.predictAll(images);
    }

    /**
     * {@return an independent network with the same layers, parameter values, seed, training counters, listener, threads and
     * optimizer, but without the optimizer's state} One can serve predictions while the other is trained.
     *
     * @throws UnsupportedOperationException if a layer has no {@link Layer#description}
     * @throws IllegalArgumentException if a layer is not of this library
     */
    public CNN copy() {
        return copy(LayerRegistry.builtIn());
    }

    /**
     * {@return a copy, as {@link #copy()}, of a network with your own layers}
     *
     * @param registry the types of the network's layers
     */
    public CNN copy(LayerRegistry registry) {
        CnnBuilder builder = new CnnBuilder(this, registry).keep(layers().size());
        builder.frozen = frozen;
        builder.random = NetworkData.random(seed, registry);
        return read(() -> new CNN(builder, trainer.epochsTrained(), trainer.stepsTrained()));
    }

    /** Reads parameters, and makes sure that no training changes them meanwhile. */
    <T> T read(Supplier<T> reading) {
        int before = guard.read();
        T read = reading.get();
        guard.requireUnchanged(before);
        return read;
    }

    /**
     * {@return a builder for a new network that may {@link CnnBuilder#keep} some of this one's trained layers: transfer learning}
     * It has this network's image shape, class names, preprocessing, rates, optimizer, threads, seed and listener.
     *
     * <pre>{@code
     * CNN pets = digits.toBuilder()
     *         .keep(6).frozen()
     *         .layers(new DenseSoftmaxLayer(512, 3))
     *         .classNames(List.of("cat", "dog", "horse"))
     *         .build();
     * }</pre>
     */
    public CnnBuilder toBuilder() {
        return toBuilder(LayerRegistry.builtIn());
    }

    /**
     * {@return a builder, as {@link #toBuilder()}, from a network with your own layers}
     *
     * @param registry the types of the network's layers
     */
    public CnnBuilder toBuilder(LayerRegistry registry) {
        return new CnnBuilder(this, registry);
    }

    /** {@return how many layers at the front are frozen, that is, not trained} */
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

    /** {@return the SHA-256 of the bits of all parameters, in order, big-endian: 64 hexadecimal digits} */
    public String fingerprint() {
        return read(() -> Sha256.of(parameters().stream().map(Parameter::values).toList()));
    }

    /** {@return the names of the classes in the order of the labels; empty if the network was given none} */
    public List<String> classNames() {
        return checks.classNames();
    }

    /** {@return how pictures become images for this network; empty if it was given no preprocessing} */
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

    /** {@return the parameters of all layers, in order: live, in an unmodifiable list} */
    public List<Parameter> parameters() {
        return chain.parameters();
    }

    /** {@return the seed; with it {@link CnnBuilder#seed} builds the same network again} */
    public long seed() {
        return seed;
    }

    /** {@return a table of layers, output shapes, parameters and multiply-adds per image; and the seed and kernels} */
    public String summary() {
        return Summary.of(chain, seed);
    }

    /** The notebook's form: {@code <CNN: lr=0.01, lr_decay=0.9, layers=(...)>}, one layer per line. */
    @Override
    public String toString() {
        return "<CNN: lr=" + ConsoleListener.rate(learningRate) + ", lr_decay="
                + ConsoleListener.rate(learningRateDecay) + ",\nlayers=" + chain + ">";
    }
}
