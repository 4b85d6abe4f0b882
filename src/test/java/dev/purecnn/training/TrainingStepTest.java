package dev.purecnn.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import dev.purecnn.TestNetworks;
import dev.purecnn.data.Dataset;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.LayerChain;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingStepTest {
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
        TrainingStep step = new TrainingStep(chain);
        Dataset images = TestNetworks.images(40, 1);
        Crew alone = Crew.of(1);
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 20 && fewest > 0; round++) {
            long before = BEAN.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int i = 0; i < 20; i++) {
                step.use(optimizer, 0.01, CrossEntropy.plain());
                step.run(images, 0.001, alone);
            }
            fewest = Math.min(
                    fewest, BEAN.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        assertThat(fewest).isZero();
    }
}
