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
 * Loads {@link CNN}s from files, and says what a file does not: by whom, how and on how many threads they are used.
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
     * By which rule gradients improve the network, as {@link CnnBuilder#optimizer}. If a checkpoint was written by an equal
     * one, it goes on with what that one remembered.
     *
     * @param rule such as {@code Optimizer.adamW()}
     * @return this loader
     */
    public CnnLoader optimizer(Optimizer rule) {
        builder.optimizer(rule);
        return this;
    }

    /**
     * How many threads a call of {@code trainOnBatch}, {@code predictAll} or {@code test} works on at most, as {@link
     * CnnBuilder#threads}.
     *
     * @param count at least 1; one a processor unless said otherwise
     * @return this loader
     * @throws IllegalArgumentException if it is below 1
     */
    public CnnLoader threads(int count) {
        builder.threads(count);
        return this;
    }

    /**
     * Who is told how training goes, instead of standard output.
     *
     * @param told the listener
     * @return this loader
     */
    public CnnLoader listener(TrainingListener told) {
        builder.listener(told);
        return this;
    }

    /**
     * Tells nobody how training goes.
     *
     * @return this loader
     */
    public CnnLoader quiet() {
        builder.quiet();
        return this;
    }

    /**
     * Which types of layers files may name, if they have layers of one's own.
     *
     * @param types those of the library, unless said otherwise
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
     * @throws ModelFormatException if it is no whole model file, or it has layers that the registry does not know
     * @throws IOException if there is no such file, or it cannot be read
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
                        () -> "CNN: expected to load the newest checkpoint, " + damaged + ", got " + reason
                                + " The one before it, " + loaded + ", is loaded instead.");
    }

    /**
     * As {@link #load(Path)}, from a stream, such as a resource in a jar.
     *
     * @param model the bytes of a model file or a checkpoint; read to its end, not closed
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
     * @param model the bytes of a model file or a checkpoint; not modified, not kept
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
