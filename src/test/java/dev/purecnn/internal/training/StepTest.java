package dev.purecnn.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.purecnn.TestNetworks;
import dev.purecnn.data.Dataset;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StepTest {
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                Optimizer.sgd(),
                Optimizer.sgd().momentum(0.9).nesterov().weightDecay(0.001),
                Optimizer.adam(),
                Optimizer.adamW());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void run_clippedAfterFirstStep_allocatesNothing(Optimizer optimizer) {
        // vector kernels that are forced from the start allocate until they are compiled; AllocationTest waits for them
        assumeThat(Kernels.active().name()).isEqualTo("plain");
        LayerChain chain = new LayerChain(new DenseSoftmaxLayer(TestNetworks.INPUT.size(), TestNetworks.CLASSES));
        chain.connect(TestNetworks.INPUT, new Random(1));
        Step step = new Step(chain);
        Dataset images = TestNetworks.images(40, 1);
        IntUnaryOperator source = IntUnaryOperator.identity();
        Workers alone = Workers.of(1);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 20 && fewest > 0; round++) {
            long before = BEAN.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 20; i++) {
                step.use(optimizer, 0.01, CrossEntropy.plain());
                step.run(images, source, 0, 0.001, alone);
            }
            fewest = Math.min(
                    fewest, BEAN.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        assertThat(fewest).isZero();
    }

    /** Notes how many images come together, on one thread. */
    private record Counter(List<Integer> counts, long multiplyAdds) implements Layer {
        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            return input;
        }

        @Override
        public double[] forward(double[] images) {
            counts.add(images.length / TestNetworks.INPUT.size());
            return images;
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            return lossGradient;
        }

        @Override
        public Layer replica() {
            return this;
        }
    }

    /** What a batch normalization takes together, as its description says. */
    @ParameterizedTest
    @CsvSource({
        "32, 1, 1",
        "32, 8, 8",
        "32, 17, 8 8 1",
        "32, 20, 8 8 4",
        "32, 128, 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8 8",
        "32, 129, 9 9 9 9 9 9 9 9 9 9 9 9 9 9 3",
        "31, 16, 16",
        "31, 17, 16 1",
        "31, 40, 16 16 8",
        "31, 257, 17 17 17 17 17 17 17 17 17 17 17 17 17 17 17 2"
    })
    void run_batch_isCutIntoShardsOfItsOwnAndTheNetworksSize(int multiplyAddsAParameter, int images, String expected) {
        List<Integer> counts = new ArrayList<>();
        DenseSoftmaxLayer output = new DenseSoftmaxLayer(TestNetworks.INPUT.size(), TestNetworks.CLASSES);
        long parameters = TestNetworks.CLASSES * (TestNetworks.INPUT.size() + 1L);
        long work = multiplyAddsAParameter * parameters - TestNetworks.CLASSES * TestNetworks.INPUT.size();
        LayerChain chain = new LayerChain(new Counter(counts, work), output);
        chain.connect(TestNetworks.INPUT, new Random(1));
        Step step = new Step(chain);
        step.use(Optimizer.sgd(), Double.POSITIVE_INFINITY, CrossEntropy.plain());

        step.run(TestNetworks.images(images, 1), IntUnaryOperator.identity(), 0, 0.001, Workers.of(1));

        assertThat(counts.stream().map(String::valueOf).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }
}
