package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.batch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.labels;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.ParallelLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.TanhLayer;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After the first step no thread allocates anything. */
class AllocationTest {
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 50;
    private static final long PATIENCE_NANOS = 30_000_000_000L;
    private static final Dataset IMAGES = images(64, 1);

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 2", "32, 1", "32, 2"})
    void trainOnBatch_afterFirstStep_allocatesNothing(int batchSize, int threads) {
        CNN cnn = small(1).threads(threads).build();
        double[] images = batch(IMAGES, 0, batchSize);
        int[] labels = labels(IMAGES, 0, batchSize);
        cnn.trainOnBatch(images, labels);
        assertThat(fewestBytes(() -> cnn.trainOnBatch(images, labels))).isZero();
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "30, 1", "30, 2"})
    void trainOnBatch_batchNorm_allocatesNothingAfterFirstStep(int batchSize, int threads) {
        CNN cnn = withLayers(
                        new ConvolutionalLayer(1, 3, 3),
                        new BatchNormLayer(3),
                        new ResidualLayer(new BatchNormLayer(3), new ReLULayer(), new BatchNormLayer(3)),
                        new ReLULayer(),
                        ParallelLayer.product(List.of(new TanhLayer(), new BatchNormLayer(3)), List.of()),
                        ParallelLayer.concatenation(List.of(new BatchNormLayer(3)), List.of()),
                        new DenseSoftmaxLayer(6 * 48, CLASSES))
                .threads(threads)
                .build();
        double[] images = batch(IMAGES, 0, batchSize);
        int[] labels = labels(IMAGES, 0, batchSize);
        cnn.trainOnBatch(images, labels);
        assertThat(fewestBytes(() -> cnn.trainOnBatch(images, labels))).isZero();
    }

    @Test
    void trainOnBatch_sizesInTurn_allocateNothing() {
        CNN cnn = small(1).threads(1).build();
        double[] large = batch(IMAGES, 0, 32);
        double[] small = batch(IMAGES, 0, 5);
        int[] largeLabels = labels(IMAGES, 0, 32);
        int[] smallLabels = labels(IMAGES, 0, 5);
        Runnable both = () -> {
            cnn.trainOnBatch(large, largeLabels);
            cnn.trainOnBatch(small, smallLabels);
        };
        both.run();
        assertThat(fewestBytes(both)).isZero();
    }

    @Test
    void classify_afterFirst_allocatesNothing() {
        CNN cnn = small(1).build();
        double[] image = IMAGES.image(0);
        cnn.classify(image);
        assertThat(fewestBytes(() -> cnn.classify(image))).isZero();
    }

    @Test
    void classify_normalizedConvolutions_allocatesNothing() {
        CNN cnn = withLayers(
                        new ConvolutionalLayer(1, 16, 3),
                        new BatchNormLayer(16),
                        new ReLULayer(),
                        new ConvolutionalLayer(16, 16, 3),
                        new BatchNormLayer(16),
                        new DenseSoftmaxLayer(16 * 48, CLASSES))
                .build();
        double[] image = IMAGES.image(0);
        cnn.classify(image);
        assertThat(fewestBytes(() -> cnn.classify(image))).isZero();
    }

    @Test
    void predict_afterFirst_allocatesItsAnswerAlone() {
        CNN cnn = small(1).build();
        double[] image = IMAGES.image(0);
        double[][] results = new double[1][];
        results[0] = cnn.predict(image);
        Runnable onlyResult = () -> results[0] = new double[CLASSES];
        onlyResult.run();
        long least = bytes(onlyResult);
        assertThat(fewestBytes(() -> results[0] = cnn.predict(image), least)).isEqualTo(least);
    }

    /** What is not the result is less than a tenth of the images that pass: chunks are kept. */
    @ParameterizedTest
    @CsvSource({"64", "60"})
    void predictAll_afterFirst_allocatesNoRoomForImages(int images) {
        CNN cnn = small(1).threads(1).build();
        double[] batch = batch(IMAGES, 0, images);
        cnn.predictAll(batch);
        long few = CALLS * (images * (CLASSES * 8L + 4L) + batch.length * 8L / 10);
        assertThat(fewestBytes(() -> cnn.predictAll(batch), few)).isLessThanOrEqualTo(few);
    }

    /**
     * The least that one of many rounds allocated. On a busy machine, a helper may end before it gets work and be replaced by a new
     * thread, which allocates, but not in every round. Vector kernels that are forced from the start, with {@code
     * -Dpurecnn.kernels=vector}, allocate their vectors until they are compiled, which takes time on a busy machine.
     */
    private static long fewestBytes(Runnable call) {
        return fewestBytes(call, 0);
    }

    /** As above; stops trying once it was that few. */
    private static long fewestBytes(Runnable call, long few) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long fewest = Long.MAX_VALUE;
        while (fewest > few && System.nanoTime() < deadline) {
            fewest = Math.min(fewest, bytes(call));
        }
        return fewest;
    }

    /** What all threads together allocated in a round of calls. */
    private static long bytes(Runnable call) {
        long[] threads = ownThreads();
        long before = allocated(threads);
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        long after = allocated(threads);
        return before >= 0 && after >= 0 ? after - before : Long.MAX_VALUE;
    }

    /** This thread and all helpers. */
    private static long[] ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread == Thread.currentThread() || thread.getName().equals("purecnn-worker"))
                .mapToLong(Thread::getId)
                .toArray();
    }

    /** What they have allocated since they started; -1 if one of them, such as a helper of an earlier test, has ended. */
    private static long allocated(long[] threads) {
        long sum = 0;
        for (long thread : threads) {
            long bytes = BEAN.getThreadAllocatedBytes(thread);
            if (bytes < 0) {
                return -1;
            }
            sum += bytes;
        }
        return sum;
    }
}
