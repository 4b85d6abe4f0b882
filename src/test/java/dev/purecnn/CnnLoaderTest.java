package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loaded network can be all that a built one can. */
class CnnLoaderTest {
    private static final Dataset IMAGES = images(200, 1);
    private static final TrainingOptions ONE_EPOCH =
            TrainingOptions.builder().epochs(1).threads(1).build();

    @TempDir
    private Path folder;

    private Path saved(CNN cnn) throws IOException {
        Path file = folder.resolve("model");
        cnn.save(file);
        return file;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static String printed(Work work) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void load_quiet_printsNothing() throws IOException {
        Path file = saved(small(2).build());
        assertThat(printed(() -> CNN.load(file).train(IMAGES, null, ONE_EPOCH))).isNotEmpty();
        assertThat(printed(() -> CNN.loader().quiet().load(file).train(IMAGES, null, ONE_EPOCH)))
                .isEmpty();
    }

    @Test
    void load_listener_isToldInsteadOfTheConsole() throws IOException {
        Path file = saved(small(2).build());
        int[] epochs = {0};
        TrainingListener counting = onEpoch(result -> epochs[0]++);
        assertThat(printed(() -> CNN.loader().listener(counting).load(file).train(IMAGES, null, ONE_EPOCH)))
                .isEmpty();
        assertThat(epochs[0]).isEqualTo(1);
    }

    @Test
    void load_optimizer_isTheNetworksOwn() throws IOException {
        CNN sgd = small(2).build();
        CNN adam = small(2).optimizer(Optimizer.adam()).build();
        Path file = saved(sgd);
        CNN loadedAdam = CNN.loader().quiet().optimizer(Optimizer.adam()).load(file);
        CNN loadedSgd = CNN.loader().quiet().load(file);
        for (CNN cnn : new CNN[] {sgd, adam, loadedSgd, loadedAdam}) {
            step(cnn, IMAGES, 0, 32);
        }
        assertThat(loadedSgd.fingerprint()).isEqualTo(sgd.fingerprint());
        assertThat(loadedAdam.fingerprint()).isEqualTo(adam.fingerprint()).isNotEqualTo(sgd.fingerprint());
    }

    @Test
    void load_checkpointWithItsOptimizer_goesOnWithWhatItRemembers() throws IOException {
        CNN cnn = small(2).optimizer(Optimizer.adam()).build();
        cnn.train(
                IMAGES,
                null,
                TrainingOptions.builder().epochs(1).checkpoints(folder).build());
        CNN loaded = CNN.loader().quiet().optimizer(Optimizer.adam()).load(folder);
        step(cnn, IMAGES, 0, 32);
        step(loaded, IMAGES, 0, 32);
        assertThat(loaded.fingerprint()).isEqualTo(cnn.fingerprint());
    }

    /** Notes which threads go through it. */
    private static final class ThreadsLayer extends PassingLayer {
        private static final Set<Thread> SEEN = ConcurrentHashMap.newKeySet();

        @Override
        void onForward(double[] images) {
            SEEN.add(Thread.currentThread());
        }

        @Override
        public Layer replica() {
            return new ThreadsLayer();
        }

        @Override
        public LayerDescription description() {
            return LayerDescription.of("ThreadsLayer");
        }
    }

    private static final LayerRegistry REGISTRY =
            LayerRegistry.builtIn().with("ThreadsLayer", description -> new ThreadsLayer());

    @Test
    void load_oneThread_worksOnTheCallers() throws IOException {
        CNN cnn = withLayers(new ThreadsLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .threads(1)
                .build();
        Path file = saved(cnn);
        CNN loaded = CNN.loader().quiet().registry(REGISTRY).threads(1).load(file);
        ThreadsLayer.SEEN.clear();
        step(loaded, IMAGES, 0, 200);
        double[] probabilities = loaded.predictAll(IMAGES);
        assertThat(ThreadsLayer.SEEN).containsExactly(Thread.currentThread());
        step(cnn, IMAGES, 0, 200);
        assertSameBits(probabilities, cnn.predictAll(IMAGES));
    }

    @Test
    void load_layersOfOnesOwn_takesARegistry() throws IOException {
        Path file = saved(withLayers(new ThreadsLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .build());
        CNN loaded = CNN.load(file, REGISTRY);
        assertThat(CNN.loader().registry(REGISTRY).load(file).fingerprint()).isEqualTo(loaded.fingerprint());
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.loader().load(file))
                .withMessageContaining("ThreadsLayer");
    }

    @Test
    void load_severalFilesByOneLoader_areIndependent() throws IOException {
        CNN first = small(2).learningRate(0.5).build();
        CNN second = withLayers(new DenseSoftmaxLayer(48, CLASSES)).seed(9).build();
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        first.save(one);
        second.save(two);
        CnnLoader loader = CNN.loader().quiet();
        CNN loadedOne = loader.load(one);
        CNN loadedTwo = loader.load(two);
        for (CNN cnn : new CNN[] {first, second, loadedOne, loadedTwo}) {
            step(cnn, IMAGES, 0, 32);
        }
        assertThat(loadedOne.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(loadedOne.seed()).isEqualTo(2);
        assertThat(loadedTwo.fingerprint()).isEqualTo(second.fingerprint());
        assertThat(loadedTwo.seed()).isEqualTo(9);
    }

    @Test
    void threads_none_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CNN.loader().threads(0))
                .withMessage("CNN: expected at least 1 thread, got 0. Use a positive number.");
    }
}
