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
 * <p>Any number of threads may predict at once. While one of them trains, every other call that needs the parameters fails
 * with {@link IllegalStateException}: it would see a network that is half one thing and half another. A listener is called
 * between batches, and may predict.
 */
public final class CNN {
    private final LayerChain chain;
    private final NetworkChecks checks;
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
        chain = new LayerChain(builder.layers);
        Shape output = chain.connect(builder.input, builder.random == null ? new Random(seed) : builder.random);
        NetworkChecks.output(builder.layers);
        checks = new NetworkChecks(builder.input, output.size(), builder.classNames, builder.preprocessing);
        listener = builder.listener == null ? new ConsoleListener(System.out) : builder.listener;
        if (builder.seed == null) {
            listener.seedDrawn(seed);
        }
        Schedule schedule = Schedule.exponentialDecay(learningRate, learningRateDecay);
        trainer = new Trainer(chain, checks, seed, builder.threads, schedule, builder.optimizer, listener);
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

    /** {@link #resume} continues a training from there. */
    void cutShortAt(TrainingState state, OptimizerState optimizer) {
        trainer.cutShortAt(state);
        trainer.restore(optimizer);
    }

    /**
     * Starts a network.
     *
     * @param input the shape of its images
     * @return a builder with the defaults: learning rate 0.01, multiplied by 0.9 after each epoch; a seed drawn and shown;
     *     the notebook's lines on standard output
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
     * Loads a network that {@link #save} saved: the same {@link #fingerprint}, the same predictions, bit for bit.
     *
     * <p>It goes on training where it was, seed, epochs and steps counted on, but what an optimizer remembers of its last steps
     * starts anew. Optimizer, listener and threads are those of a new network, unless a {@link #loader} names others.
     *
     * <p>A checkpoint is loaded like a model. From it {@link #resume} goes on with the training as if it had never stopped; an
     * optimizer equal to that of the checkpoint goes on with what it remembers.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints for the newest of them, or if that is damaged the one
     *     before; nothing is returned before all of a file was checked, its checksums included
     * @return the network
     * @throws ModelFormatException if it is no whole model file, or it has layers that are not of this library
     * @throws IOException if there is no such file, or it cannot be read
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
     * As {@link #load(Path)}, for networks with layers of your own.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints
     * @param registry the types of layers that the file may name
     * @return the network
     * @throws ModelFormatException if it is no whole model file, or it has layers that the registry does not know
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static CNN load(Path file, LayerRegistry registry) throws IOException {
        return loader().registry(registry).load(file);
    }

    /**
     * Starts to load a network that is to be quiet, or to have a listener, threads or an optimizer of its own.
     *
     * @return a loader with the defaults of a new network
     */
    public static CnnLoader loader() {
        return new CnnLoader();
    }

    /**
     * Saves the network as a model file, for {@link #load}: layers, parameters, learning rate, seed, and how far training has
     * come. It is in the safetensors format, which Python and others read. A file that is there is replaced at once when the
     * new one is whole and on the disk; after any failure before that it is as it was. After a kill there may be a file {@code
     * *.unfinished}, which the next saving to the same place deletes.
     *
     * @param file where to; the name usually ends in {@code .safetensors}
     * @throws IOException if the file cannot be written
     * @throws UnsupportedOperationException if a layer has no {@link Layer#description}
     * @throws IllegalStateException if the network is being trained, a parameter is NaN or infinite, or there are more layers
     *     than a model file takes (1,000)
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
                classNames(),
                preprocessing().map(Preprocessing::toMap).orElse(Map.of()),
                Map.of());
    }

    /**
     * Trains and tests in turns, as in the notebook: each cycle trains {@code epochs} epochs on all images, one update an
     * image, then tests. The learning rate decays after each epoch, and keeps falling from cycle to cycle and from call to
     * call.
     *
     * @param epochs epochs in a cycle, at least 1
     * @param cycles how many cycles, at least 1
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
     * As {@link #trainTestCycle(int, int, Dataset, Dataset)}, with a fresh sample of the images for each epoch.
     *
     * @param epochs epochs in a cycle, at least 1
     * @param cycles how many cycles, at least 1
     * @param train images to draw from
     * @param test images to test on
     * @param sampleSize how many images to draw for an epoch, without replacement
     * @return how the network did in the last test
     * @throws IllegalArgumentException if a number is below 1, there are fewer images than the sample needs, or a dataset
     *     is empty or does not fit
     * @throws IllegalStateException if the network is being trained already
     */
    public Evaluation trainTestCycle(int epochs, int cycles, Dataset train, Dataset test, int sampleSize) {
        return trainer.cycle(epochs, cycles, train, test, sampleSize);
    }

    /**
     * Trains in batches. The result does not depend on the number of threads, to the last bit.
     *
     * <p>At the first loss, gradient or parameter that is not finite it ends with a {@link NotFiniteException}, and if the
     * thread is interrupted with a {@link CancellationException}, before the next batch. Either way, as after anything else
     * that is thrown, the network is as the last step left it, and {@link #resume} goes on from there.
     *
     * @param train images to train on
     * @param validation images to test on after each epoch; null for none
     * @param options how to train
     * @return how each epoch went, and why it ended
     * @throws IllegalArgumentException if there are fewer images than the options need, or a dataset is empty or does not
     *     fit, or early stopping has no validation images to go by
     * @throws IllegalStateException if the network is being trained already, or the folder for checkpoints has one of more
     *     steps, which would be taken for this training's
     * @throws NotFiniteException if a loss, gradient or parameter is not finite
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History train(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.train(train, validation, options, this::checkpoints);
    }

    /**
     * Goes on with a training that was cut short, in the very batch where it was: by something thrown, or with the program, if
     * this network was loaded from a checkpoint. The result is that of a training that was never cut short, to the last bit.
     *
     * @param train the images that it was training on
     * @param validation those that it was tested on after each epoch; null for none
     * @param options how it was trained; how many epochs, on how many threads, where checkpoints go, and who is told may differ
     * @return how each epoch went, those before included, and why it ended
     * @throws IllegalArgumentException if the number of images, the sample, the batches, their order, the optimizer, the
     *     {@link Schedule}, the clipping, the loss, the augmentation or the early stopping are others than before, or for the
     *     reasons that {@link #train} has
     * @throws IllegalStateException if no training was cut short, there were other steps since, the network is being trained,
     *     the folder for checkpoints has one of more steps, or a checkpoint has another state than the optimizer's
     * @throws NotFiniteException as from {@link #train}
     * @throws UncheckedIOException if a checkpoint cannot be written
     */
    public History resume(Dataset train, Dataset validation, TrainingOptions options) {
        return trainer.resume(train, validation, options, this::checkpoints);
    }

    /**
     * Does one update, at the learning rate of the epoch that the network is in and by the network's own optimizer.
     *
     * @param images the batch, images back to back; not modified, not kept
     * @param labels the right class of each
     * @return the mean loss of the batch before the update, in nats
     * @throws IllegalArgumentException if the images are not whole or not finite, or the labels not as many or not classes
     * @throws NotFiniteException if a loss, gradient or parameter is not finite; the network is as before
     * @throws IllegalStateException if the network is being trained already
     */
    public double trainOnBatch(double[] images, int[] labels) {
        return trainer.trainOnBatch(images, labels);
    }

    /**
     * Tests the network, and tells the listener.
     *
     * @param images what to test on
     * @return mean loss and accuracy
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
     * The probability of each class.
     *
     * @param image the image, in the order of {@link Shape}; not modified, nor read after the call
     * @return one probability a class, together 1; a new array, the caller's own
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
     * The most probable class; of equally probable ones the first.
     *
     * @param image the image, in the order of {@link Shape}; not modified, nor read after the call
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
     * The probabilities of many images, worked out on all the network's threads.
     *
     * @param images the images back to back; not modified, not kept
     * @return one probability a class for the first image, then for the second, and so on; a new array
     * @throws IllegalArgumentException if the images are not whole or not finite
     * @throws ArithmeticException if a probability is not a number: a parameter is NaN or infinite, or an image has
     *     values so large that they overflow
     * @throws IllegalStateException if the network is being trained
     */
    public double[] predictAll(double[] images) {
        return predictor.predictAll(images);
    }

    /**
     * The probabilities of all images of a dataset, worked out on all the network's threads.
     *
     * @param images the images; their labels are not looked at
     * @return one probability a class for the first image, then for the second, and so on; a new array
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
        int before = guard.read();
        CnnBuilder builder = new CnnBuilder(input)
                .layers(NetworkData.copies(layers(), registry))
                .learningRate(learningRate)
                .learningRateDecay(learningRateDecay)
                .seed(seed)
                .threads(trainer.threads())
                .optimizer(trainer.optimizer())
                .listener(listener);
        builder.random = NetworkData.random(seed, registry);
        CNN copy = new CNN(builder, trainer.epochsTrained(), trainer.stepsTrained());
        for (int i = 0; i < parameters().size(); i++) {
            double[] values = parameters().get(i).values();
            System.arraycopy(values, 0, copy.parameters().get(i).values(), 0, values.length);
        }
        guard.requireUnchanged(before);
        return copy;
    }

    /**
     * What tells two networks apart: the SHA-256 of the bits of all parameters, in order, big-endian.
     *
     * @return 64 hexadecimal digits
     * @throws IllegalStateException if the network is being trained
     */
    public String fingerprint() {
        int before = guard.read();
        String fingerprint =
                Sha256.of(parameters().stream().map(Parameter::values).toList());
        guard.requireUnchanged(before);
        return fingerprint;
    }

    /**
     * The names of the classes.
     *
     * @return in the order of the labels; empty if the network was given none
     */
    public List<String> classNames() {
        return checks.classNames();
    }

    /**
     * What makes pictures images for this network.
     *
     * @return empty if the network was not given any
     */
    public Optional<Preprocessing> preprocessing() {
        return Optional.ofNullable(checks.preprocessing());
    }

    /**
     * The layers, in order.
     *
     * @return an unmodifiable list
     */
    public List<Layer> layers() {
        return chain.layers();
    }

    /**
     * The shapes between the layers: first that of an image, then that of each layer's output.
     *
     * @return an unmodifiable list, one longer than the layers'
     */
    public List<Shape> shapes() {
        return chain.shapes();
    }

    /**
     * What the network learns: the parameters of all layers, in order.
     *
     * @return an unmodifiable list; the parameters themselves are live
     */
    public List<Parameter> parameters() {
        return chain.parameters();
    }

    /**
     * The seed that the network was built with, given or drawn.
     *
     * @return what to pass to {@link CnnBuilder#seed} for the same network again
     */
    public long seed() {
        return seed;
    }

    /**
     * The network as a table: layers, output shapes, parameters, multiply-adds an image; and its seed and kernels.
     *
     * @return several lines, each with its end
     */
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
