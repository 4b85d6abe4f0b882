package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How little memory predictions take, and how little a training leaves behind, each time in a JVM with no more than that. */
class MemoryTest {

    private static String in(int megabytes, String what, int size) throws IOException, InterruptedException {
        return OtherJvm.run(
                List.of("-Xmx" + megabytes + "m", "-Dpurecnn.kernels=plain"),
                MemoryTest.class,
                what,
                String.valueOf(size));
    }

    /** Two threads with 16 images each would take 450 MB for the outputs of the layers alone. */
    @Test
    void predictAll_largeImages_worksInChunksThatFit() throws IOException, InterruptedException {
        assertThat(in(200, "predictAll", 128)).contains("predicted 16 images");
    }

    @Test
    void predict_burstOfThreads_keepsFewReplicas() throws IOException, InterruptedException {
        String output = in(1000, "burst", 32);
        long kept = Long.parseLong(output.replaceAll("(?s).*kept (\\d+) KiB.*", "$1"));
        // a replica has 1 MiB of layer outputs, and some room to work in
        assertThat(kept).isLessThan(3L * 1024 * (1 + Runtime.getRuntime().availableProcessors()));
    }

    /** Two workers with 8 images each had 40 MiB of layer outputs and gradients alone. */
    @Test
    void train_ended_keepsNoBuffers() throws IOException, InterruptedException {
        String output = in(1000, "trained", 32);
        assertThat(Long.parseLong(output.replaceAll("(?s).*kept (-?\\d+) KiB.*", "$1")))
                .isLessThan(3 * 1024);
    }

    @Test
    void predictAll_tooLittleMemory_saysHowMuchItTakes() throws IOException, InterruptedException {
        assertThat(in(22, "predictAll", 300))
                .contains("OutOfMemoryError: CNN: expected memory to predict 2 images on each of 1 threads, at least")
                .contains("or give Java more memory (-Xmx)");
    }

    @Test
    void trainOnBatch_tooLittleMemory_saysHowMuchItTakes() throws IOException, InterruptedException {
        assertThat(in(32, "train", 128))
                .contains("OutOfMemoryError: CNN: expected memory to train on a batch of 8 images, at least")
                .contains("Use a smaller batchSize or fewer threads");
    }

    private static long usedKiB() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1024;
    }

    /** What the other JVM does. */
    public static void main(String[] arguments) throws InterruptedException {
        int size = Integer.parseInt(arguments[1]);
        CNN cnn = CNN.builder(Shape.of(3, size, size))
                .layers(
                        new ConvolutionalLayer(3, 32, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(32, 64, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new GlobalAveragePoolingLayer(),
                        new DenseSoftmaxLayer(64, 10))
                .seed(1)
                .quiet()
                .threads(2)
                .build();
        if (arguments[0].equals("predictAll")) {
            int images = size > 200 ? 2 : 16;
            System.out.println(
                    "predicted " + cnn.predictAll(new double[images * 3 * size * size]).length / 10 + " images");
        } else if (arguments[0].equals("train")) {
            cnn.trainOnBatch(new double[8 * 3 * size * size], new int[8]);
        } else if (arguments[0].equals("trained")) {
            Dataset images = Dataset.of(new double[32][3 * size * size], new int[32], Shape.of(3, size, size), 10);
            long before = usedKiB();
            cnn.train(images, null, TrainingOptions.builder().threads(2).build());
            System.out.println("kept " + (usedKiB() - before) + " KiB");
        } else {
            double[] image = new double[3 * size * size];
            long before = usedKiB();
            Thread[] threads = new Thread[64];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = new Thread(() -> cnn.predict(image));
                threads[i].start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("kept " + (usedKiB() - before) + " KiB");
        }
    }
}
