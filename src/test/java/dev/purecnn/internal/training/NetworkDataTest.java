package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NetworkDataTest {

    /** Layers draw weights by nextGaussian; what they draw otherwise comes out as if the weights had been drawn. */
    @Test
    void random_withoutWeights_drawsTheRestAlike() {
        Random expected = new Random(-5);
        RandomGenerator random = NetworkData.random(-5, LayerRegistry.builtIn());
        for (int weights : new int[] {0, 1, 1, 2, 1000, 3}) {
            for (int i = 0; i < weights; i++) {
                expected.nextGaussian();
                assertThat(random.nextGaussian()).isZero();
            }
            assertThat(random.nextLong()).isEqualTo(expected.nextLong());
            assertThat(random.nextDouble()).isEqualTo(expected.nextDouble());
        }
    }

    /** Layers of users may use Gaussian numbers for something else. */
    @Test
    void random_otherRegistry_drawsAll() {
        RandomGenerator random =
                NetworkData.random(7, LayerRegistry.builtIn().with("Own", description -> new ReLULayer()));
        assertThat(random.nextGaussian()).isEqualTo(new Random(7).nextGaussian());
    }

    private static List<String> names(Layer... layers) {
        new LayerChain(layers).connect(Shape.of(2, 4, 4), new Random(1));
        return NetworkData.tensors(List.of(layers)).stream()
                .map(tensor -> tensor.toString().replace("layers.", ""))
                .toList();
    }

    @Test
    void tensors_nestedLayers_haveTheNumbersOfTheirLayers() {
        assertThat(names(
                        new ConvolutionalLayer(2, 2, 3),
                        new ResidualLayer(
                                List.of(
                                        new ReLULayer(),
                                        new LayerChain(new BatchNormLayer(2), new ConvolutionalLayer(2, 3, 1))),
                                List.of(new ConvolutionalLayer(2, 3, 1))),
                        new DenseSoftmaxLayer(48, 5)))
                .containsExactly(
                        "0.weights (2 x 2 x 3 x 3)",
                        "0.biases (2)",
                        "1.1.0.scale (2)",
                        "1.1.0.shift (2)",
                        "1.1.0.running_mean (2)",
                        "1.1.0.running_variance (2)",
                        "1.1.1.weights (3 x 2 x 1 x 1)",
                        "1.1.1.biases (3)",
                        "1.2.weights (3 x 2 x 1 x 1)",
                        "1.2.biases (3)",
                        "2.weights (5 x 48)",
                        "2.biases (5)");
    }

    /** Made of two layers that it shows, and a third that it hides, behind its own factor. */
    private static final class Composite implements Layer {
        private final Layer dense = new DenseLayer(32, 32);
        private final Layer norm = new BatchNormLayer(2);
        private final Layer hidden = DenseLayer.builder(32, 32).bias(false).build();
        private final Parameter factor = new Parameter("factor", Shape.vector(1));

        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            return input;
        }

        @Override
        public double[] forward(double[] images) {
            return images;
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            return lossGradient;
        }

        @Override
        public List<Layer> layers() {
            return List.of(dense, norm);
        }

        @Override
        public List<Parameter> parameters() {
            return Stream.of(List.of(factor), norm.parameters(), hidden.parameters(), dense.parameters())
                    .flatMap(List::stream)
                    .toList();
        }
    }

    @Test
    void tensors_ownLayer_haveNamesInTheOrderOfTheirParameters() {
        assertThat(names(new Composite()))
                .containsExactly(
                        "0.factor (1)",
                        "0.1.scale (2)",
                        "0.1.shift (2)",
                        "0.1.running_mean (2)",
                        "0.1.running_variance (2)",
                        "0.weights (32 x 32)",
                        "0.0.weights (32 x 32)",
                        "0.0.biases (32)");
    }
}
