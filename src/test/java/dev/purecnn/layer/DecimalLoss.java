package dev.purecnn.layer;

import java.math.BigDecimal;
import java.math.MathContext;

/** Cross-entropy of softmax written out, with 60 digits, for logits up to some hundreds apart. */
final class DecimalLoss {
    private static final MathContext DIGITS = new MathContext(60);

    private DecimalLoss() {}

    /** {@code log(sum over j of exp(logit[j] - logit[label]))}. */
    static double loss(double[] logits, int label) {
        BigDecimal others = BigDecimal.ZERO;
        for (int i = 0; i < logits.length; i++) {
            if (i != label) {
                others = others.add(exp(new BigDecimal(logits[i]).subtract(new BigDecimal(logits[label]))));
            }
        }
        return log1p(others).doubleValue();
    }

    /** Taylor's series of a small part of x, squared until it is the whole. */
    private static BigDecimal exp(BigDecimal x) {
        int halvings = 20;
        BigDecimal small = x.divide(BigDecimal.valueOf(1L << halvings), new MathContext(100));
        MathContext digits = new MathContext(100);
        BigDecimal term = BigDecimal.ONE;
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 1; i < 30; i++) {
            term = term.multiply(small, digits).divide(BigDecimal.valueOf(i), digits);
            sum = sum.add(term, digits);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, digits);
        }
        return sum;
    }

    /** Newton's method on {@code exp(y) = 1 + x}; for a tiny x its own value, less half its square. */
    private static BigDecimal log1p(BigDecimal x) {
        if (x.compareTo(new BigDecimal("1e-30")) < 0) {
            return x.subtract(x.multiply(x).divide(BigDecimal.valueOf(2), DIGITS), DIGITS);
        }
        BigDecimal target = BigDecimal.ONE.add(x);
        // the logarithm in doubles is right to some 15 digits of the exponent's own size; each step doubles them
        BigDecimal y = new BigDecimal(roughLog1p(x));
        for (int i = 0; i < 4; i++) {
            BigDecimal ratio = target.divide(exp(y), new MathContext(100));
            BigDecimal rest = ratio.subtract(BigDecimal.ONE);
            y = y.add(rest.subtract(rest.multiply(rest).divide(BigDecimal.valueOf(2), new MathContext(100))));
            y = y.round(new MathContext(100));
        }
        return y.round(DIGITS);
    }

    private static double roughLog1p(BigDecimal x) {
        int exponent = x.precision() - x.scale();
        if (exponent < 300) {
            return Math.log1p(x.doubleValue());
        }
        return Math.log(x.movePointLeft(exponent).doubleValue()) + exponent * Math.log(10);
    }
}
