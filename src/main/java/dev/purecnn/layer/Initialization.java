package dev.purecnn.layer;

import java.util.random.RandomGenerator;

/** How first weights are drawn. */
final class Initialization {
    private Initialization() {}

    /**
     * Fills the weights with N(0, 2 / fanIn), which keeps the variance of activations through layers with rectifiers.
     *
     * @see <a href="https://arxiv.org/abs/1502.01852">He et al. 2015</a>
     */
    static void he(double[] weights, int fanIn, RandomGenerator random) {
        double deviation = Math.sqrt(2.0 / fanIn);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = random.nextGaussian() * deviation;
        }
    }
}
