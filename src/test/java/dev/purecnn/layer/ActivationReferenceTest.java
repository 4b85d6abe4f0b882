package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.PyTorchCases;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Activations beside PyTorch's, and the error function beside mpmath's. */
class ActivationReferenceTest {
    private static final Map<String, Layer> LAYERS = Map.ofEntries(
            Map.entry("elu", new ELULayer()),
            Map.entry("elu 0.75", new ELULayer(0.75)),
            Map.entry("selu", new SELULayer()),
            Map.entry("silu", new SiLULayer()),
            Map.entry("softplus", new SoftplusLayer()),
            Map.entry("hardswish", new HardSwishLayer()),
            Map.entry("hardsigmoid", new HardSigmoidLayer()),
            Map.entry("relu6", ClipLayer.relu6()),
            Map.entry("hardtanh", new ClipLayer(-1, 1)),
            Map.entry("gelu", new GELULayer()),
            Map.entry("gelu exact", GELULayer.exact()),
            Map.entry("sigmoid", new SigmoidLayer()),
            Map.entry("tanh", new TanhLayer()));

    private final Map<String, double[][]> cases = PyTorchCases.read("layer/activations-pytorch.txt");

    @Test
    void forwardAndBackprop_anyInput_giveWhatPyTorchGives() {
        LAYERS.forEach((name, layer) -> {
            layer.connect(Shape.vector(1), new Random(1));
            for (double[] row : cases.get(name)) {
                double output = layer.forward(new double[] {row[0]})[0];
                double slope = layer.backprop(new double[] {1})[0];
                String where = name + " at " + row[0];
                assertThat(output).as(where).isCloseTo(row[1], within(1e-15 * Math.max(1, Math.abs(row[1]))));
                assertThat(slope).as("slope of " + where).isCloseTo(row[2], within(1e-15));
            }
        });
    }

    @Test
    void erf_anyInput_isWithinOneUnitInTheLastPlace() {
        for (double[] row : cases.get("erf")) {
            double error = Math.abs(ErrorFunction.erf(row[0]) - row[1]);
            assertThat(error).as("at %s", row[0]).isLessThanOrEqualTo(Math.ulp(row[1]));
            assertThat(ErrorFunction.erf(-row[0])).isEqualTo(-ErrorFunction.erf(row[0]));
        }
    }

    @Test
    void erf_extremes_areTheLimits() {
        assertThat(ErrorFunction.erf(Double.NaN)).isNaN();
        assertThat(ErrorFunction.erf(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(ErrorFunction.erf(Double.MAX_VALUE)).isEqualTo(1);
        assertThat(1 / ErrorFunction.erf(-0.0)).isEqualTo(Double.NEGATIVE_INFINITY);
    }
}
