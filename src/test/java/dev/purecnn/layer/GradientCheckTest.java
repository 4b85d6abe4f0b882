package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The check passes what is right, and finds what is wrong. */
class GradientCheckTest {

    /** {@code output = scale * input^2 + shift}: right as it stands, and each test breaks one thing of it. */
    private static class SquareLayer implements Layer {
        final Parameter scale = new Parameter("scale", Shape.vector(1));
        final Parameter shift = new Parameter("shift", Shape.vector(1));
        double[] images = {};

        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            scale.values()[0] = 1 + random.nextDouble();
            return input;
        }

        @Override
        public double[] forward(double[] values) {
            images = values;
            return Arrays.stream(values)
                    .map(x -> scale.values()[0] * x * x + shift.values()[0])
                    .toArray();
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            double[] inputGradient = new double[images.length];
            for (int i = 0; i < images.length; i++) {
                inputGradient[i] = 2 * scale.values()[0] * images[i] * lossGradient[i];
                scale.gradient()[0] += images[i] * images[i] * lossGradient[i];
                shift.gradient()[0] += lossGradient[i];
            }
            return inputGradient;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(scale, shift);
        }

        @Override
        public String toString() {
            return "<SquareLayer>";
        }
    }

    private static GradientCheck.Result check(Layer layer) {
        return GradientCheck.check(layer, Shape.of(2, 3, 4), 1);
    }

    @Test
    void check_rightLayer_passes() {
        GradientCheck.Result result = check(new SquareLayer());
        assertThat(result.worstRelativeError()).isBetween(0.0, 1e-9);
        // 48 inputs and 2 parameters, by one backprop, by two, and by backpropParameters
        assertThat(result.compared()).isEqualTo(3 * (48 + 2));
    }

    @Test
    void check_oneWrongInputGradient_isNamedWithItsIndex() {
        GradientCheck.Result result = check(new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                double[] inputGradient = super.backprop(lossGradient);
                inputGradient[17] *= 1.001;
                return inputGradient;
            }
        });
        assertThat(result.where()).isEqualTo("input, by backprop");
        assertThat(result.index()).isEqualTo(17);
        assertThat(result.worstRelativeError()).isBetween(0.99e-3, 1.01e-3);
        assertThat(result.analytic() / result.numeric()).isBetween(1.00099, 1.00101);
        assertThat(result)
                .hasToString("GradientCheck: worst relative error " + result.worstRelativeError()
                        + " of 150 gradients, in input, by backprop at index 17: analytic " + result.analytic()
                        + ", numeric " + result.numeric());
    }

    @Test
    void check_forgottenParameter_isNamed() {
        GradientCheck.Result result = check(new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                double kept = shift.gradient()[0];
                double[] inputGradient = super.backprop(lossGradient);
                shift.gradient()[0] = kept;
                return inputGradient;
            }
        });
        assertThat(result.where()).isEqualTo("shift, by backprop");
        assertThat(result.worstRelativeError()).isEqualTo(1.0);
        assertThat(result.analytic()).isZero();
    }

    @Test
    void check_gradientOverwrittenInsteadOfAdded_isFound() {
        GradientCheck.Result result = check(new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                scale.clearGradient();
                return super.backprop(lossGradient);
            }
        });
        assertThat(result.where()).isEqualTo("scale, by two calls of backprop, which add up");
        assertThat(result.worstRelativeError()).isBetween(0.49, 0.51);
    }

    @Test
    void check_inputGradientAddedInsteadOfOverwritten_isFound() {
        GradientCheck.Result result = check(new SquareLayer() {
            private double[] sum;

            @Override
            public double[] backprop(double[] lossGradient) {
                double[] inputGradient = super.backprop(lossGradient);
                if (sum == null) {
                    sum = new double[inputGradient.length];
                }
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += inputGradient[i];
                }
                return sum;
            }
        });
        assertThat(result.where()).isEqualTo("input, by two calls of backprop, which add up");
        assertThat(result.worstRelativeError()).isBetween(0.49, 0.51);
    }

    @Test
    void check_wrongBackpropParameters_isFound() {
        GradientCheck.Result result = check(new SquareLayer() {
            @Override
            public void backpropParameters(double[] lossGradient) {}
        });
        assertThat(result.where()).endsWith(", by backpropParameters");
        assertThat(result.worstRelativeError()).isEqualTo(1.0);
    }

    @Test
    void check_nan_isInfinitelyWrong() {
        GradientCheck.Result result = check(new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                double[] inputGradient = super.backprop(lossGradient);
                inputGradient[5] = Double.NaN;
                return inputGradient;
            }
        });
        assertThat(result.worstRelativeError()).isInfinite();
        assertThat(result.index()).isEqualTo(5);
    }

    @Test
    void check_wrongLayerOfChain_isNamedWithItsNumber() {
        Layer wrong = new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                scale.gradient()[0] += 0.01;
                return super.backprop(lossGradient);
            }
        };
        LayerChain chain = new LayerChain(
                new ConvolutionalLayer(2, 3, 3), new LayerChain(new ReLULayer(), wrong), new DenseSoftmaxLayer(36, 5));
        GradientCheck.Result result = check(chain);
        assertThat(result.where()).startsWith("scale of layer 1, <SquareLayer> of layer 1, a chain, by ");
    }

    @Test
    void check_wrongLayerOfResidual_isNamedWithItsNumber() {
        Layer wrong = new SquareLayer() {
            @Override
            public double[] backprop(double[] lossGradient) {
                shift.gradient()[0] += 0.01;
                return super.backprop(lossGradient);
            }
        };
        GradientCheck.Result result = check(new LayerChain(
                new ConvolutionalLayer(2, 3, 3), new ResidualLayer(new TanhLayer(), wrong), new ReLULayer()));
        assertThat(result.where())
                .startsWith(
                        "shift of layer 1, <SquareLayer> of layer 1, <ResidualLayer: <TanhLayer>, <SquareLayer>>, by ");
        assertThat(check(new ResidualLayer(wrong)).where()).startsWith("shift of layer 0, <SquareLayer>, by ");
    }

    @Test
    void check_wrongLabelsPath_isFound() {
        class HalfHearted implements OutputLayer {
            private final DenseSoftmaxLayer layer = new DenseSoftmaxLayer(24, 3);

            @Override
            public Shape connect(Shape input, RandomGenerator random) {
                return layer.connect(input, random);
            }

            @Override
            public double[] forward(double[] images) {
                return layer.forward(images);
            }

            @Override
            public double[] backprop(double[] lossGradient) {
                return layer.backprop(lossGradient);
            }

            @Override
            public double[] losses(int[] labels) {
                return Arrays.stream(layer.losses(labels)).map(loss -> loss / 2).toArray();
            }

            @Override
            public double[] backpropLabels(int[] labels) {
                return layer.backpropLabels(labels);
            }
        }

        assertThat(check(new HalfHearted()).where()).isEqualTo("input, by backpropLabels");
        assertThat(check(new DenseSoftmaxLayer(24, 3)).worstRelativeError()).isLessThan(1e-9);
    }

    /** A rectifier whose bend is nearer than the largest step. */
    @Test
    void check_bendNearby_takesSmallerSteps() {
        double[] values = {1e-3, -1e-3, 1e-4, -2e-5, 3e-6, 0.5};
        GradientCheck.Result result = GradientCheck.of(new ReLULayer(), Shape.vector(6))
                .values(values)
                .run();
        assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
    }

    @Test
    void check_connectedLayer_leavesParametersAndImagesAlone() {
        Layer layer = new DenseSoftmaxLayer(24, 3);
        layer.connect(Shape.of(2, 3, 4), new Random(9));
        double[] weights = layer.parameters().get(0).values().clone();
        layer.parameters().get(0).gradient()[0] = 7;
        double[] images = gaussians(72, new Random(1));
        GradientCheck.Result result =
                GradientCheck.of(layer, Shape.of(2, 3, 4)).values(images).run();
        assertThat(result.worstRelativeError()).isLessThan(1e-8);
        assertSameBits(layer.parameters().get(0).values(), weights);
        assertThat(layer.parameters().get(0).gradient()).containsOnly(0);
        assertSameBits(images, gaussians(72, new Random(1)));
    }

    @Test
    void check_sameSeed_givesSameResult() {
        assertThat(GradientCheck.check(new DenseSoftmaxLayer(24, 3), Shape.vector(24), 5))
                .isEqualTo(GradientCheck.check(new DenseSoftmaxLayer(24, 3), Shape.vector(24), 5))
                .isNotEqualTo(GradientCheck.check(new DenseSoftmaxLayer(24, 3), Shape.vector(24), 6));
    }

    // ---- messages

    @Test
    void options_wrongOnes_areRefused() {
        GradientCheck check = GradientCheck.of(new ReLULayer(), Shape.of(1, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check.images(0))
                .withMessage("GradientCheck: expected at least 1 image, got 0. Use 2 to check batches, too.");
        for (int length : new int[] {0, 5, 7}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> check.values(new double[length]))
                    .withMessage("GradientCheck: expected 6 input values (1 x 2 x 3) per image, got " + length
                            + ". Pass whole images, back to back.");
        }
        assertThatNullPointerException().isThrownBy(() -> check.values(null));
        assertThatNullPointerException()
                .isThrownBy(() -> GradientCheck.of(null, Shape.vector(1)))
                .withMessage("layer");
        assertThatNullPointerException()
                .isThrownBy(() -> GradientCheck.of(new ReLULayer(), null))
                .withMessage("input");
    }

    @Test
    void check_wrongLengths_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(new SquareLayer() {
                    @Override
                    public double[] forward(double[] values) {
                        return new double[47];
                    }
                }))
                .withMessage(
                        "GradientCheck: expected 48 output values from forward with 2 images, got 47. Make connect and"
                                + " forward agree.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(new SquareLayer() {
                    @Override
                    public double[] backprop(double[] lossGradient) {
                        return new double[24];
                    }
                }))
                .withMessage(
                        "GradientCheck: expected 48 input gradients (2 images of 2 x 3 x 4) from backprop, got 24. Return"
                                + " one per input value.");
    }
}
