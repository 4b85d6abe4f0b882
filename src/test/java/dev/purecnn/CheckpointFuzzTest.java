package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.training.History;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Checkpoints with faults: those of a model, and lies about the training. */
class CheckpointFuzzTest extends ModelFuzzTest {
    private static final Dataset IMAGES = TestNetworks.images(20, 1);
    private static final List<String> TEXTS = List.of(
            "", "-0", "1e3", "NaN", "Infinity", "-Infinity", "0x1.8p3", "0x1p-1074", "Adam[]", "9".repeat(1000));

    private static final double[] NUMBERS = {
        -1, 0, 0.5, 3, 1e9, 1e17, 1e200, -1e308, Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY
    };

    private Map<String, String> notes;
    private List<Tensor> further;

    @Override
    void save(Path file) throws IOException {
        Path checkpoints = file.resolveSibling("checkpoints");
        cnn.train(IMAGES, IMAGES, options(2).checkpoints(checkpoints).build());
        Files.move(CheckpointedTraining.checkpoint(checkpoints, 6), file);
        try (ModelReader reader = ModelReader.open(file)) {
            List<Tensor> all = reader.read(List.of());
            int parameters = cnn.parameters().size();
            further = all.subList(parameters, all.size());
            notes = reader.model().training();
        }
    }

    private static TrainingOptions.Builder options(int epochs) {
        return TrainingOptions.builder()
                .epochs(epochs)
                .batchSize(8)
                .threads(1)
                .optimizer(Optimizer.adam())
                .earlyStopping(3);
    }

    /** Lies that loading cannot see: they may give another training, or be refused as documented, and nothing else. */
    @Test
    void resume_mutantsThatLoad_throwWhatIsDocumented() throws IOException {
        int[] count = new int[4];
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(SEED * 1_000_003 + run);
            byte[] mutant = liar(random);
            try {
                CNN loaded = CNN.loader().quiet().load(mutant);
                count[0]++;
                History history = loaded.resume(IMAGES, IMAGES, options(4).build());
                assertThat(history.epochs().size()).isBetween(2, 4);
                count[1]++;
            } catch (ModelFormatException e) {
                count[2]++;
            } catch (IllegalArgumentException | IllegalStateException | NotFiniteException e) {
                assertThat(e).hasMessageContaining("expected ").hasMessageMatching(".*[,;] got .*");
                count[3]++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", run " + run, e);
            }
        }
        System.out.println("CheckpointFuzzTest: " + count[0] + " loaded, " + count[1] + " of them resumed, " + count[3]
                + " refused to resume; " + count[2] + " refused to load");
        assertThat(count[1]).as("resumed").isGreaterThan(RUNS / 100);
    }

    @Override
    void write(Path file, Model model, List<Tensor> tensors) throws IOException {
        write(file, model.withTraining(notes), tensors, further);
    }

    private static void write(Path file, Model model, List<Tensor> tensors, List<Tensor> further) throws IOException {
        List<Tensor> all = new ArrayList<>(tensors);
        all.addAll(further);
        ModelWriter.write(file, model, all, () -> {}, Disk.real());
    }

    @Override
    byte[] liar(Random random) throws IOException {
        if (random.nextInt(3) == 0) {
            return super.liar(random);
        }
        Map<String, String> changedNotes = new TreeMap<>(notes);
        List<Tensor> changedTensors = new ArrayList<>(further);
        int chosen = random.nextInt(further.size());
        Tensor tensor = further.get(chosen);
        switch (random.nextInt(8)) {
            case 0 -> changedTensors.remove(chosen);
            case 1 -> Collections.swap(changedTensors, chosen, random.nextInt(further.size()));
            case 2 -> changedTensors.set(chosen, new Tensor("best.", tensor.sizes(), tensor.values()));
            case 3 -> {
                int length = 1 + random.nextInt(12);
                changedTensors.set(chosen, new Tensor(tensor.name(), new int[] {length, 1, 1}, new double[length]));
            }
            case 4 -> {
                double[] values = tensor.values().clone();
                values[random.nextInt(values.length)] = NUMBERS[random.nextInt(NUMBERS.length)];
                changedTensors.set(chosen, new Tensor(tensor.name(), tensor.sizes(), values));
            }
            default -> change(changedNotes, random);
        }
        Path file = folder.resolve("liar");
        Model model = new Model(
                NetworkData.dimensions(TestNetworks.INPUT),
                NetworkData.describe(cnn.layers()),
                0.01,
                0.9,
                1,
                random.nextInt(8) > 0 ? 2 : random.nextInt(4) > 0 ? random.nextInt(4) : Integer.MAX_VALUE,
                random.nextInt(8) > 0 ? 6 : random.nextInt(4) > 0 ? random.nextInt(9) : Long.MAX_VALUE,
                0,
                List.of(),
                Map.of(),
                changedNotes);
        write(file, model, NetworkData.tensors(cnn.layers()), changedTensors);
        return Files.readAllBytes(file);
    }

    private static void change(Map<String, String> notes, Random random) {
        String name = new ArrayList<>(notes.keySet()).get(random.nextInt(notes.size()));
        if (random.nextInt(5) == 0) {
            notes.remove(name);
        } else if (random.nextBoolean()) {
            notes.put(name, Long.toString(SIZES[random.nextInt(SIZES.length)]));
        } else {
            notes.put(name, TEXTS.get(random.nextInt(TEXTS.size())));
        }
    }
}
