package dev.purecnn;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.ModelDescription;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerRegistry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes networks of files. */
final class ModelFile {
    private ModelFile() {}

    /** Loads the file, or the newest checkpoint of a folder that can be loaded; warns of those that cannot. */
    static CNN load(Path fileOrFolder, LayerRegistry registry, CnnBuilder builder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return loadFile(fileOrFolder, registry, builder);
        }
        Map<Path, IOException> damaged = new LinkedHashMap<>();
        for (Path file : Checkpoints.in(fileOrFolder)) {
            try {
                CNN cnn = loadFile(file, registry, builder);
                damaged.forEach((newer, reason) -> warn(newer, reason, file));
                return cnn;
            } catch (IOException e) {
                damaged.put(file, e);
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

    private static CNN loadFile(Path file, LayerRegistry registry, CnnBuilder builder) throws IOException {
        try (ModelReader reader = ModelReader.open(file)) {
            CNN cnn = network(reader, registry, builder);
            List<Tensor> parameters = Tensor.of(cnn.layers());
            List<Tensor> further = reader.furtherThan(parameters);
            List<Tensor> all = new ArrayList<>(parameters);
            all.addAll(further);
            reader.readInto(all);
            if (!reader.notes().isEmpty()) {
                Checkpoint checkpoint = Checkpoint.of(reader, parameters, further);
                cnn.standAt(checkpoint.state());
                cnn.remember(checkpoint.memory());
            }
            return cnn;
        } catch (FileFault e) {
            throw new ModelFormatException(file, e.position(), e.getMessage(), e);
        }
    }

    private static CNN network(ModelReader reader, LayerRegistry registry, CnnBuilder builder) throws FileFault {
        ModelDescription description = reader.description();
        try {
            List<Layer> layers = registry.layers(description.layers(), reader.numValues());
            builder.input = description.input();
            builder.layers(layers.toArray(new Layer[0]))
                    .learningRate(description.learningRate())
                    .learningRateDecay(description.learningRateDecay())
                    .seed(description.seed());
            return new CNN(builder, description.epochsTrained(), description.stepsTrained());
        } catch (IllegalArgumentException e) {
            throw reader.layerFault(e);
        }
    }
}
