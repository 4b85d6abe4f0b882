package dev.purecnn;

import dev.purecnn.data.Preprocessing;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.Checkpoint;
import dev.purecnn.internal.training.Checkpoints;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Loads {@link CNN}s with an optimizer, a listener and a number of threads, which files do not hold.
 *
 * <pre>{@code
 * CNN cnn = CNN.loader().quiet().threads(4).load(Path.of("digits.safetensors"));
 * cnn = CNN.loader().listener(listener).optimizer(Optimizer.adamW()).load(checkpoints);
 * }</pre>
 *
 * <p>Layers, learning rate and seed are the file's. A loader may load any number of networks, one after another.
 */
public final class CnnLoader {
    private final CnnBuilder builder = new CnnBuilder();
    private LayerRegistry registry = LayerRegistry.builtIn();

    CnnLoader() {}

    /**
     * Sets the optimizer, as {@link CnnBuilder#optimizer}. If a checkpoint was written with an equal one, it continues with its
     * state.
     *
     * @param rule such as {@code Optimizer.adamW()}
     * @return this loader
     */
    public CnnLoader optimizer(Optimizer rule) {
        builder.optimizer(rule);
        return this;
    }

    /**
     * Sets the number of threads, as {@link CnnBuilder#threads}.
     *
     * @param count at least 1
     * @return this loader
     */
    public CnnLoader threads(int count) {
        builder.threads(count);
        return this;
    }

    /**
     * Sets the listener, as {@link CnnBuilder#listener}.
     *
     * @param newListener replaces the one before
     * @return this loader
     */
    public CnnLoader listener(TrainingListener newListener) {
        builder.listener(newListener);
        return this;
    }

    /**
     * Prints nothing.
     *
     * @return this loader
     */
    public CnnLoader quiet() {
        builder.quiet();
        return this;
    }

    /**
     * Sets which types of layers files may name, for networks with your own layers.
     *
     * @param types by default those of the library
     * @return this loader
     */
    public CnnLoader registry(LayerRegistry types) {
        registry = Objects.requireNonNull(types, "registry");
        return this;
    }

    /**
     * Loads a network, as {@link CNN#load(Path)}.
     *
     * @param file a model file, a checkpoint, or a folder of checkpoints
     * @return the network
     * @throws ModelFormatException if the file is not a whole model file, or has layers that the registry does not know
     * @throws IOException if the file does not exist or cannot be read
     */
    public CNN load(Path file) throws IOException {
        if (!Files.isDirectory(Objects.requireNonNull(file, "file"))) {
            return loadFile(file);
        }
        Map<Path, IOException> damaged = new LinkedHashMap<>();
        for (Path checkpoint : Checkpoints.in(file)) {
            try {
                CNN cnn = loadFile(checkpoint);
                damaged.forEach((newer, reason) -> warn(newer, reason, checkpoint));
                return cnn;
            } catch (IOException e) {
                damaged.put(checkpoint, e);
            }
        }
        Iterator<IOException> reasons = damaged.values().iterator();
        IOException newest = reasons.next();
        reasons.forEachRemaining(newest::addSuppressed);
        throw newest;
    }

    private static void warn(Path damaged, IOException reason, Path loaded) {
        System.getLogger("dev.purecnn")
                .log(
                        Level.WARNING,
                        () -> "CNN: expected to load the newest checkpoint, " + damaged + ", got " + reason + " Loaded "
                                + loaded + " instead.");
    }

    /**
     * As {@link #load(Path)}, from a stream, such as a resource in a jar.
     *
     * @param model a model file or a checkpoint; read to its end, not closed
     * @return the network
     * @throws ModelFormatException as for a file; its {@code file()} is null
     * @throws IOException if the stream cannot be read
     */
    public CNN load(InputStream model) throws IOException {
        return load(model.readAllBytes());
    }

    /**
     * As {@link #load(Path)}, from memory.
     *
     * @param model a model file or a checkpoint; not modified, not kept
     * @return the network
     * @throws ModelFormatException as for a file; its {@code file()} is null
     */
    public CNN load(byte[] model) throws ModelFormatException {
        try (ModelReader reader = ModelReader.open(model)) {
            return load(reader);
        } catch (FileFault e) {
            throw new ModelFormatException(null, e.position(), e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("CNN: memory cannot fail to be read", e);
        }
    }

    private CNN loadFile(Path file) throws IOException {
        try (ModelReader reader = ModelReader.open(file)) {
            return load(reader);
        } catch (FileFault e) {
            throw new ModelFormatException(file, e.position(), e.getMessage(), e);
        }
    }

    private CNN load(ModelReader reader) throws IOException {
        Model model = reader.model();
        CNN cnn = network(model, reader);
        List<Tensor> parameters = NetworkData.tensors(cnn.layers());
        List<Tensor> further = reader.read(parameters);
        if (!model.training().isEmpty()) {
            try {
                Checkpoint checkpoint = Checkpoint.of(model.training(), parameters, further);
                cnn.cutShortAt(checkpoint.state(), checkpoint.optimizer());
            } catch (IllegalArgumentException e) {
                throw reader.metadataFault(e);
            }
        }
        return cnn;
    }

    private CNN network(Model model, ModelReader reader) throws FileFault {
        try {
            builder.input = NetworkData.shape(model.input());
            builder.frozen = model.frozenLayers();
            builder.classNames = model.classNames();
            builder.preprocessing =
                    model.preprocessing().isEmpty() ? null : Preprocessing.fromMap(model.preprocessing());
            builder.random = NetworkData.random(model.seed(), registry);
            builder.layers(NetworkData.layers(model, registry, reader.numValues()))
                    .learningRate(model.learningRate())
                    .learningRateDecay(model.learningRateDecay())
                    .seed(model.seed());
            return new CNN(builder, model.epochsTrained(), model.stepsTrained());
        } catch (IllegalArgumentException e) {
            throw reader.layerFault(e);
        }
    }
}
