package dev.purecnn.internal.file;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A parameter under the name that it has in a file.
 *
 * @param name unlike those of the others
 * @param shape how its values are laid out
 * @param values the parameter's own array
 */
public record Tensor(String name, Shape shape, double[] values) {

    /**
     * Whether the tensor has this name and this shape.
     *
     * @param otherName a name
     * @param otherShape a shape
     * @return true if both are equal
     */
    public boolean isLike(String otherName, Shape otherShape) {
        return name.equals(otherName) && shape.equals(otherShape);
    }

    /**
     * The parameters of all layers: {@code layers.0.weights}. Where a layer has several of one name, as one made of layers
     * does, they get numbers: {@code layers.2.0.weights}.
     *
     * @param layers the layers, connected
     * @return their parameters, in order
     */
    public static List<Tensor> of(List<Layer> layers) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            List<Parameter> parameters = layers.get(i).parameters();
            boolean distinct =
                    parameters.stream().map(Parameter::name).distinct().count() == parameters.size();
            for (int j = 0; j < parameters.size(); j++) {
                Parameter parameter = parameters.get(j);
                String prefix = "layers." + i + "." + (distinct ? "" : j + ".");
                tensors.add(new Tensor(prefix + parameter.name(), parameter.shape(), parameter.values()));
            }
        }
        return tensors;
    }
}
