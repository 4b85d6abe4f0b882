package dev.purecnn;

import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
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
        return ModelFile.load(Objects.requireNonNull(file, "file"), registry, builder);
    }
}
