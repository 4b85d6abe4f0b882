package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Options at their extremes. What connecting takes grows with weights and planes, never with the value of an option: a file of a
 * kilobyte can hold any value.
 */
class ExtremeConvolutionTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MOST_BYTES = 20_000; // an exception with its message and trace takes some thousand
    private static final int[] EXTREMES = {
        1, 2, 3, 7, 1000, 65_537, 1 << 20, 999_999_999, 1_000_000_000, 1_999_999_999, 2_000_000_000, Integer.MAX_VALUE
    };

    private int refusals;

    /** Connects if the options fit the images; returns the allocated bytes, weights and refusals included. */
    private long connect(ConvolutionalLayer.Builder options, Shape images) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            options.build().connect(images, new Random(1));
        } catch (IllegalArgumentException e) {
            refusals += e.getMessage().startsWith("ConvolutionalLayer: expected ") ? 1 : 0;
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void connect_anyExtremes_takesLittleMemory() {
        warmUp();
        int connected = 0;
        for (int padding : EXTREMES) {
            for (int stride : EXTREMES) {
                for (int dilation : EXTREMES) {
                    for (int width = 1; width <= 3; width++) {
                        var options = ConvolutionalLayer.builder(1, 2)
                                .filterSize(1, width)
                                .stride(stride)
                                .dilation(dilation)
                                .padding(padding - 1);
                        int before = refusals;
                        assertThat(connect(options, Shape.of(1, 2, 1000)))
                                .as("padding %d, stride %d, dilation %d", padding - 1, stride, dilation)
                                .isLessThan(MOST_BYTES);
                        connected += refusals == before ? 1 : 0;
                    }
                }
            }
        }
        assertThat(connected).isGreaterThan(1000);
        assertThat(refusals).isGreaterThan(1000);
    }

    /** Loads classes. */
    private void warmUp() {
        Layer layer =
                ConvolutionalLayer.builder(1, 1).filterSize(1, 3).stride(3).build();
        layer.connect(Shape.of(1, 1, 9), new Random(1));
        layer.forward(new double[9]);
        layer.backprop(new double[3]);
        connect(ConvolutionalLayer.builder(1, 1), Shape.of(1, 3, 3));
        connect(ConvolutionalLayer.builder(1, 1).padding(0).filterSize(5), Shape.of(1, 3, 3));
        connect(ConvolutionalLayer.builder(1, 1).padding(1 << 30), Shape.of(1, 3, 3));
    }

    /** Would take many seconds if anything counted through the stride or the dilation. */
    @Test
    void connect_strideAndDilationInTheBillions_returnsAtOnce() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            Layer layer = ConvolutionalLayer.builder(1, 1)
                    .filterSize(1, 2)
                    .stride(2_000_000_000)
                    .dilation(1_999_999_999)
                    .padding(1_000_000_000)
                    .build();
            Shape images = Shape.of(1, 1, 7);
            assertThat(layer.connect(images, new Random(1))).isEqualTo(Shape.of(1, 2, 1));
            assertThat(layer.forward(new double[7])).hasSize(2);
        });
    }

    /** As many phases as taps, each with a product of its own on the way back. */
    @Test
    void forwardAndBackprop_wideFilterWithEqualStride_takeMemoryOfWeightsOnly() {
        int width = 16_000;
        ConvolutionalLayer layer = ConvolutionalLayer.builder(1, 1)
                .filterSize(1, width)
                .stride(width)
                .padding(0)
                .build();
        double[] images = new double[3 * width];
        Arrays.setAll(images, i -> i % 10);
        warmUp();
        Shape input = Shape.of(1, 1, 3 * width);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        layer.connect(input, new Random(1));
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
        layer.forward(images);
        layer.backprop(new double[] {1, 10, 100});
        // far less than a table of taps by phases, and more than the layer's own: vectors that are not compiled yet are
        // objects
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(8000L * width);
        double[] weightGradient = layer.parameters().get(0).gradient();
        for (int tap = 0; tap < width; tap++) {
            assertThat(weightGradient[tap]).isEqualTo(111 * (tap % 10));
        }
    }
}
