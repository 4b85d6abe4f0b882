package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;

class ParameterTest {

    @Test
    void constructor_shape_givesZeros() {
        Parameter parameter = new Parameter("weights", Shape.of(2, 3, 5));
        assertThat(parameter.values()).hasSize(30).containsOnly(0);
        assertThat(parameter.gradient()).hasSize(30).containsOnly(0);
        assertThat(parameter.momentum()).isZero();
        assertThat(parameter.name()).isEqualTo("weights");
        assertThat(parameter.shape()).isEqualTo(Shape.of(2, 3, 5));
        assertThat(parameter).hasToString("weights (2 x 3 x 5)");
    }

    @Test
    void valuesAndGradient_always_areTheSameArrays() {
        Parameter parameter = new Parameter("weights", Shape.vector(3));
        assertThat(parameter.values()).isSameAs(parameter.values());
        double[] gradient = parameter.gradient();
        gradient[1] = 7;
        parameter.clearGradient();
        assertThat(parameter.gradient()).isSameAs(gradient).containsExactly(0, 0, 0);
    }

    @Test
    void replica_sharesValuesOnly() {
        Parameter parameter = new Parameter("weights", Shape.vector(3), 0.5);
        parameter.gradient()[0] = 7;
        Parameter replica = parameter.replica();
        assertThat(replica.values()).isSameAs(parameter.values());
        assertThat(replica.gradient()).containsExactly(0, 0, 0);
        assertThat(replica.momentum()).isEqualTo(0.5);
        assertThat(replica).hasToString("weights (3 x 1 x 1)");
    }

    @Test
    void constructor_wrongMomentum_isRefused() {
        for (double momentum : new double[] {-0.5, 1, 1.5, Double.NaN, Double.NEGATIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Parameter("weights", Shape.vector(3), momentum))
                    .withMessage("Parameter weights: expected a momentum in [0, 1), got " + momentum
                            + ". Use 0 for none, or a value such as 0.9.");
        }
    }

    @Test
    void constructor_null_isRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Parameter(null, Shape.vector(3)))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> new Parameter("weights", null))
                .withMessage("shape");
    }

    @Test
    void runningMean_itsReplicas_areNotTrained() {
        Parameter observed = Parameter.runningMean("mean", Shape.vector(3), 0.75);
        assertThat(observed.isTrained()).isFalse();
        assertThat(observed.replica().isTrained()).isFalse();
        assertThat(observed.replica().values()).isSameAs(observed.values());
        assertThat(observed.momentum()).isEqualTo(0.75);
        assertThat(new Parameter("weights", Shape.vector(3)).isTrained()).isTrue();
        assertThat(new Parameter("weights", Shape.vector(3)).replica().isTrained())
                .isTrue();
    }

    @Test
    void isDecayed_everyLayer_weightsOnly() {
        for (Layer layer : new Layer[] {
            new ConvolutionalLayer(1, 2, 3), new DenseLayer(3, 2), new DenseSoftmaxLayer(3, 2), new BatchNormLayer(2)
        }) {
            for (Parameter parameter : layer.parameters()) {
                assertThat(parameter.isDecayed())
                        .as("%s of %s", parameter, layer)
                        .isEqualTo(parameter.name().equals("weights"));
                assertThat(parameter.replica().isDecayed()).isEqualTo(parameter.isDecayed());
            }
        }
    }

    @Test
    void sizes_unlessGiven_areThoseOfTheShape() {
        assertThat(new Parameter("p", Shape.of(2, 3, 5)).sizes()).containsExactly(2, 3, 5);
        assertThat(new Parameter("p", Shape.of(1, 3, 5)).sizes()).containsExactly(3, 5);
        assertThat(new Parameter("p", Shape.vector(3)).sizes()).containsExactly(3);
        Parameter filters = new Parameter("p", Shape.of(6, 3, 5)).withSizes(2, 3, 3, 5);
        assertThat(filters.sizes()).containsExactly(2, 3, 3, 5);
        assertThat(filters.replica().withoutDecay().sizes()).containsExactly(2, 3, 3, 5);
        assertThat(filters.shape()).isEqualTo(Shape.of(6, 3, 5));
    }

    @Test
    void withSizes_ofAnotherNumberOfValues_isRefused() {
        Parameter parameter = new Parameter("weights", Shape.vector(6));
        for (int[] sizes : new int[][] {{}, {5}, {2, 2}, {-2, -3}, {6, 0}, {1 << 16, 1 << 16, 6}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> parameter.withSizes(sizes))
                    .withMessageStartingWith("Parameter weights: expected sizes of 6 values, got ");
        }
    }
}
