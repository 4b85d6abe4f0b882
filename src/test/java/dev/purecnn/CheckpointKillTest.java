package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another JVM trains, with a checkpoint after each step, and is killed: as by {@code kill -9}, while it writes, for it does
 * little else. {@code -Dpurecnn.kills=100} kills so many that some of them must come while a file is half written.
 */
class CheckpointKillTest {
    private static final int KILLS = Integer.getInteger("purecnn.kills", 5);
    private static final int ENOUGH = 100;
    private static final int SLOWEST_MILLIS = 300;
    private static final Dataset IMAGES = images(60, 1);

    @TempDir
    private Path temporary;

    private static CNN network() {
        return withLayers(new DropoutLayer(0.2), new DenseSoftmaxLayer(48, CLASSES))
                .build();
    }

    /** Enough epochs that few trainings end before they are killed, on any disk. */
    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().epochs(500).batchSize(6).threads(1).optimizer(Optimizer.adamW());
    }

    /** What the other JVM does. */
    public static void main(String[] arguments) {
        network()
                .train(
                        IMAGES,
                        null,
                        options()
                                .checkpoints(Path.of(arguments[0]))
                                .checkpointEvery(1)
                                .build());
    }

    @Test
    void resume_killedAtAnyMoment_givesSameBits() {
        CNN whole = network();
        History expected = whole.train(IMAGES, null, options().build());
        int[] killed = new int[3];
        RandomSeed.repeat(KILLS, random -> {
            Path folder = Files.createDirectory(temporary.resolve("killed" + killed[0]++));
            killedTraining(folder, random);
            List<String> names = CheckpointedTraining.names(folder);
            killed[1] += names.stream().anyMatch(name -> name.endsWith(".unfinished")) ? 1 : 0;
            killed[2] +=
                    names.stream().filter(name -> name.endsWith(".safetensors")).count() == 3 ? 1 : 0;
            assertWholeFiles(folder);
            CNN loaded = CheckpointedTraining.loadQuietly(folder);
            History history = loaded.resume(IMAGES, null, options().build());
            assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
            assertThat(CheckpointedTraining.figures(history)).isEqualTo(CheckpointedTraining.figures(expected));
        });
        System.out.println("CheckpointKillTest: " + killed[0] + " killed, " + killed[1] + " while writing a file, "
                + killed[2] + " between writing one and deleting another");
        if (killed[0] >= ENOUGH) { // few kills may all come at other moments
            assertThat(killed[1]).as("kills while a file was being written").isPositive();
            assertThat(killed[2]).as("kills between writing and deleting").isPositive();
        }
    }

    private static void assertWholeFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(name -> name.toString().endsWith(".safetensors"))
                    .toList()) {
                CNN.load(file);
            }
        }
    }

    private static void killedTraining(Path folder, Random random) throws Exception {
        Process process = start(folder);
        try {
            while (CheckpointedTraining.names(folder).stream().noneMatch(name -> name.endsWith(".safetensors"))) {
                assertThat(process.isAlive()).as("the training JVM").isTrue();
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(SLOWEST_MILLIS), random.nextInt(1_000_000));
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static Process start(Path folder) throws IOException {
        return OtherJvm.of(CheckpointKillTest.class, List.of(), folder.toString())
                .inheritIO()
                .start();
    }
}
