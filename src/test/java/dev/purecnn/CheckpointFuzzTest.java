package dev.purecnn;

import dev.purecnn.data.Dataset;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
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

/** Checkpoints with faults: those of a model, and lies about the training. */
class CheckpointFuzzTest extends ModelFuzzTest {
    private static final List<String> TEXTS = List.of(
            "", "-0", "1e3", "NaN", "Infinity", "-Infinity", "0x1.8p3", "0x1p-1074", "Adam[]", "9".repeat(1000));

    private Map<String, String> notes;
    private List<Tensor> further;

    @Override
    void save(Path file) throws IOException {
        Dataset images = TestNetworks.images(20, 1);
        Path checkpoints = file.resolveSibling("checkpoints");
        TrainingOptions options = TrainingOptions.builder()
                .epochs(2)
                .batchSize(8)
                .threads(1)
                .optimizer(Optimizer.adam())
                .earlyStopping(3)
                .checkpoints(checkpoints)
                .build();
        cnn.train(images, images, options);
        Files.move(CheckpointedTraining.checkpoint(checkpoints, 6), file);
        try (ModelReader reader = ModelReader.open(file)) {
            List<Tensor> all = reader.read(List.of());
            int parameters = cnn.parameters().size();
            further = all.subList(parameters, all.size());
            notes = reader.model().training();
        }
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
            case 2 -> changedTensors.set(chosen, new Tensor("best.", tensor.dimensions(), tensor.values()));
            case 3 -> {
                int length = 1 + random.nextInt(12);
                changedTensors.set(chosen, new Tensor(tensor.name(), new int[] {length, 1, 1}, new double[length]));
            }
            case 4 -> {
                double[] values = tensor.values().clone();
                values[random.nextInt(values.length)] = random.nextBoolean() ? random.nextGaussian() : Double.NaN;
                changedTensors.set(chosen, new Tensor(tensor.name(), tensor.dimensions(), values));
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
                2,
                6,
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
