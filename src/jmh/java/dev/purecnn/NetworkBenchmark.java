package dev.purecnn;

import dev.purecnn.layer.Layer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A training step, and the prediction of one image, as a user calls them, on one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class NetworkBenchmark {
    private static final int BATCHES = 8;

    @Param
    public BenchmarkNetwork network;

    private final double[] image = BenchmarkNetwork.images(1, 7);
    private final Batches single = new Batches(1);
    private final Batches many = new Batches(32);
    private CNN cnn;
    private long forwardFlop;
    private long trainingFlop;

    /** Batches to take in turn, so that a network does not learn one by heart. */
    private static final class Batches {
        private final int size;
        private final double[][] images = new double[BATCHES][];
        private final int[][] labels = new int[BATCHES][];
        private int next;

        Batches(int size) {
            this.size = size;
            for (int i = 0; i < BATCHES; i++) {
                images[i] = BenchmarkNetwork.images(size, i);
                labels[i] = BenchmarkNetwork.labels(size, i);
            }
        }

        double train(CNN cnn) {
            next = (next + 1) % BATCHES;
            return cnn.trainOnBatch(images[next], labels[next]);
        }
    }

    @Setup(Level.Trial)
    public void check() {
        UsedJvm.prepare();
        cnn = network.build();
        for (Layer layer : cnn.layers()) {
            forwardFlop += 2 * layer.multiplyAdds();
        }
        // backward, each multiplication occurs twice; but the gradient of the images is not needed
        trainingFlop = 3 * forwardFlop - 2 * cnn.layers().get(0).multiplyAdds();
    }

    @Benchmark
    public double trainOnOne(Work work) {
        work.flop += trainingFlop;
        return single.train(cnn);
    }

    @Benchmark
    public double trainOn32(Work work) {
        work.flop += many.size * trainingFlop;
        return many.train(cnn);
    }

    @Benchmark
    public double[] predict(Work work) {
        work.flop += forwardFlop;
        return cnn.predict(image);
    }
}
