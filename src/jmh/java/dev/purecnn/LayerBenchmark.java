package dev.purecnn;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import java.util.Arrays;
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

/** One layer, forward and back, including what a kernel alone does not show: packing, layout, copying back. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class LayerBenchmark {
    @Param
    public BenchmarkLayer layer;

    @Param("1")
    public int batch;

    private Layer connected;
    private double[] images;
    private double[] lossGradient;

    @Setup(Level.Trial)
    public void check() {
        UsedJvm.prepare();
        Answers.check(layer.name(), layer.answer());
        connected = layer.connect();
        images = layer.images(batch);
        lossGradient = BenchmarkLayer.noise(connected.forward(images).length, 6);
    }

    /** Gradients add up from step to step; without this they would grow without bound. */
    @Setup(Level.Iteration)
    public void clearGradients() {
        for (Parameter parameter : connected.parameters()) {
            Arrays.fill(parameter.gradient(), 0.0);
        }
    }

    @Benchmark
    public double[] forward(Work work) {
        work.flop += 2 * batch * connected.multiplyAdds();
        return connected.forward(images);
    }

    @Benchmark
    public double[] backprop(Work work) {
        work.flop += 4 * batch * connected.multiplyAdds();
        return connected.backprop(lossGradient);
    }
}
