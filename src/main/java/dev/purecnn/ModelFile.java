package dev.purecnn;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.ModelDescription;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes networks of files. */
final class ModelFile {
    private ModelFile() {}

    static CNN load(Path file, LayerRegistry registry) throws IOException {
        try (ModelReader reader = ModelReader.open(file)) {
            CNN cnn = network(reader, registry);
            reader.readInto(Tensor.of(cnn.layers()));
            return cnn;
        } catch (FileFault e) {
            throw new ModelFormatException(file, e.position(), e.getMessage(), e);
        }
    }

    private static CNN network(ModelReader reader, LayerRegistry registry) throws FileFault {
        ModelDescription description = reader.description();
        try {
            List<Layer> layers = registry.layers(description.layers(), reader.numValues());
            CnnBuilder builder = CNN.builder(description.input())
                    .layers(layers.toArray(new Layer[0]))
                    .learningRate(description.learningRate())
                    .learningRateDecay(description.learningRateDecay())
                    .seed(description.seed());
            return new CNN(builder, description.epochsTrained(), description.stepsTrained());
        } catch (IllegalArgumentException e) {
            throw reader.layerFault(e);
        }
    }
}
