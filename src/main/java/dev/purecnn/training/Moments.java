package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Map;

/** The running means of a parameter's gradient and of its square, and the steps of Adam and AdamW. */
final class Moments implements Optimizer.Update {
    private final double[] values;
    private final double[] gradient;
    private final double[] mean;
    private final double[] square;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double penalty;
    private final double shrinkage;

    /**
     * Starts both means from 0.
     *
     * @param penalty the weight decay that goes into the gradient, and so into the means
     * @param shrinkage the weight decay that is kept apart from them
     */
    Moments(Parameter parameter, Adam adam, double penalty, double shrinkage) {
        values = parameter.values();
        gradient = parameter.gradient();
        mean = new double[values.length];
        square = new double[values.length];
        beta1 = adam.beta1();
        beta2 = adam.beta2();
        epsilon = adam.epsilon();
        this.penalty = penalty;
        this.shrinkage = shrinkage;
    }

    /**
     * A mean is at most the largest slope so far, made larger by at most {@code 1 / (1 - beta)} while it starts from 0; the root
     * that divides it is at least 0.
     */
    static double largestAfter(Adam adam, double largest, double weightDecay, double learningRate) {
        double slope = largest * (1 + weightDecay);
        double direction = slope / (1 - adam.beta1()) / adam.epsilon();
        return Math.max(slope * slope / (1 - adam.beta2()), (1 + learningRate) * (direction + slope));
    }

    @Override
    public void step(long step, double scale, double learningRate, int from, int to) {
        double unbias1 = 1.0 / (1.0 - power(beta1, step)); // both means start from 0, and so are too small
        double unbias2 = 1.0 / (1.0 - power(beta2, step));
        for (int i = from; i < to; i++) {
            double slope = gradient[i] * scale + penalty * values[i];
            mean[i] = beta1 * mean[i] + (1.0 - beta1) * slope;
            square[i] = beta2 * square[i] + (1.0 - beta2) * (slope * slope);
            double direction = mean[i] * unbias1 / (Math.sqrt(square[i] * unbias2) + epsilon);
            values[i] -= learningRate * (direction + shrinkage * values[i]);
            gradient[i] = 0.0;
        }
    }

    @Override
    public Map<String, double[]> state() {
        return Map.of("mean", mean, "square", square);
    }

    /** By squaring (Knuth, The Art of Computer Programming, volume 2, algorithm 4.6.3 A): {@code StrictMath.pow} allocates. */
    private static double power(double base, long exponent) {
        double product = 1.0;
        double factor = base;
        for (long rest = exponent; rest > 0; rest /= 2) {
            if (rest % 2 == 1) {
                product *= factor;
            }
            factor *= factor;
        }
        return product;
    }
}
