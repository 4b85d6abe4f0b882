package dev.purecnn.training;

/** The library's own schedules: records, so that their descriptions have all their numbers. */
final class Schedules {
    private Schedules() {}

    record Constant(double learningRate) implements Schedule {
        @Override
        public double rate(double epochs) {
            return learningRate;
        }
    }

    record ExponentialDecay(double learningRate, double decayRate) implements Schedule {
        @Override
        public double rate(double epochs) {
            return learningRate * StrictMath.pow(decayRate, Math.floor(epochs));
        }
    }

    record Step(double learningRate, double factor, double length) implements Schedule {
        @Override
        public double rate(double epochs) {
            return learningRate * StrictMath.pow(factor, Math.floor(epochs / length));
        }
    }

    record Cosine(double learningRate, double length) implements Schedule {
        @Override
        public double rate(double epochs) {
            return wave(learningRate, 0.0, epochs / length);
        }
    }

    record OneCycle(double highest, double length) implements Schedule {
        @Override
        public double rate(double epochs) {
            double top = 0.3 * length;
            double first = highest / 25;
            double last = first / 10_000;
            return epochs < top
                    ? wave(first, highest, epochs / top)
                    : wave(highest, last, (epochs - top) / (length - top));
        }
    }

    record WarmUp(Schedule schedule, double start, double length) implements Schedule {
        @Override
        public double rate(double epochs) {
            return schedule.rate(epochs) * (epochs < length ? start + (1 - start) * (epochs / length) : 1.0);
        }
    }

    record StartingAt(Schedule schedule, int epoch) implements Schedule {
        @Override
        public double rate(double epochs) {
            return schedule.rate(Math.max(0, epochs - epoch));
        }
    }

    private static double wave(double from, double to, double part) {
        return part < 1 ? to + (from - to) * (1 + StrictMath.cos(StrictMath.PI * part)) / 2 : to;
    }
}
