package dev.purecnn.layer;

import dev.purecnn.internal.convolution.ConvolutionRun;
import dev.purecnn.internal.convolution.ConvolutionShape;
import dev.purecnn.internal.convolution.StageShape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Gathers neighbouring layers that can run as one: stages of a convolution, a batch normalization, an activation and a pooling, the latter
 * two in any order.
 */
final class Fusion {
    private final List<StageShape> stages = new ArrayList<>();
    private final List<ConvolutionalLayer> convolutions = new ArrayList<>();
    /** Of each stage; null for none. */
    private final List<BatchNormLayer> norms = new ArrayList<>();

    private final List<AbstractLayer<?>> members = new ArrayList<>();

    /** Layers fused where that saves work; the others as they are. {@code seams} are the shapes between them. */
    static Layer[] of(Layer[] layers, List<Shape> seams) {
        List<Layer> steps = new ArrayList<>();
        for (int i = 0; i < layers.length; ) {
            Fusion fusion = new Fusion();
            int end = i;
            while (end < layers.length && layers[end] instanceof AbstractLayer<?> layer && layer.join(fusion)) {
                fusion.members.add(layer);
                end++;
            }
            if (fusion.isWorthIt()) {
                FusedLayers fused = new FusedLayers(
                        fusion.stages, fusion.convolutions, fusion.norms, fusion.members, seams.get(end));
                fused.connect(seams.get(i), new SplittableRandom(0)); // draws nothing: its members have
                steps.add(fused);
                i = end;
            } else {
                steps.add(layers[i]);
                i++;
            }
        }
        return steps.toArray(new Layer[0]);
    }

    private boolean isWorthIt() {
        return members.size() > 1;
    }

    boolean addConvolution(ConvolutionalLayer layer, ConvolutionShape shape) {
        boolean fits = ConvolutionRun.follows(shape) || (stages.isEmpty() && ConvolutionRun.starts(shape));
        if (fits) {
            stages.add(new StageShape(shape, StageShape.NONE, false, false));
            convolutions.add(layer);
            norms.add(null);
        }
        return fits;
    }

    boolean addNormalization(BatchNormLayer layer) {
        StageShape last = last();
        boolean fits =
                last != null && norms.get(norms.size() - 1) == null && last.slope() == StageShape.NONE && !last.pool();
        if (fits) {
            norms.set(norms.size() - 1, layer);
        }
        return fits;
    }

    /** With slope 0 for ReLU. */
    boolean addActivation(double slope) {
        StageShape last = last();
        if (last == null || last.slope() != StageShape.NONE) {
            return false;
        }
        stages.set(stages.size() - 1, new StageShape(last.convolution(), slope, !last.pool(), last.pool()));
        return true;
    }

    /** Of 2 x 2 cells. */
    boolean addMaxPooling() {
        StageShape last = last();
        if (last == null || last.pool()) {
            return false;
        }
        stages.set(stages.size() - 1, new StageShape(last.convolution(), last.slope(), last.activationFirst(), true));
        return true;
    }

    private StageShape last() {
        return stages.isEmpty() ? null : stages.get(stages.size() - 1);
    }
}
