package dev.purecnn;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.Notes;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.OptimizerMemory;
import dev.purecnn.internal.training.TrainingSettings;
import dev.purecnn.internal.training.TrainingState;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.EpochResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint has beyond a model: where a training stands, and what its optimizer remembers. Counts, sums and settings are
 * notes beside the model's own; arrays are tensors after the model's own, {@code optimizer.layers.0.weights.velocity}, {@code
 * best.layers.0.weights} and {@code history}, a row an epoch.
 */
record Checkpoint(TrainingState state, OptimizerMemory memory) {
    private static final String SETTING = "setting.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";
    private static final String HISTORY = "history";
    /** The numbers of a row of the history; no images where there was no validation. */
    private static final String HISTORY_COLUMNS = "epoch,epochs,loss,accuracy,images,"
            + "validation_loss,validation_accuracy,validation_images,learning_rate,seconds";

    private static final int COLUMNS = 10;

    /** The notes; doubles as hexadecimal numbers, which are exact. */
    Map<String, String> notes() {
        TrainingState.Plan plan = state.plan();
        TrainingState.Running running = state.running();
        Map<String, String> notes = new HashMap<>();
        notes.put("optimizer", memory.optimizer());
        notes.put("optimizer_steps", Long.toString(memory.steps()));
        notes.put("batch_size", Integer.toString(plan.batchSize()));
        notes.put("num_images", Integer.toString(plan.numImages()));
        notes.put("sample_size", Integer.toString(plan.sampleSize()));
        notes.put("shuffle", plan.shuffle() ? "1" : "0");
        state.settings().texts().forEach((name, text) -> notes.put(SETTING + name, text));
        notes.put("batches_done", Integer.toString(running.batchesDone()));
        notes.put("loss_sum", Double.toHexString(running.lossSum()));
        notes.put("hits", Integer.toString(running.hits()));
        notes.put("seconds", Double.toHexString(running.seconds()));
        notes.put("best_loss", Double.toHexString(state.best().loss()));
        notes.put("history_columns", HISTORY_COLUMNS); // for those who read the file by other means
        notes.put("epochs_since_best", Integer.toString(state.best().epochsSince()));
        return notes;
    }

    /** The model's parameters and all arrays after them. */
    List<Tensor> tensors(List<Tensor> parameters) {
        List<Tensor> tensors = new ArrayList<>(parameters);
        for (int i = 0; i < memory.arrays().size(); i++) {
            Tensor parameter = parameters.get(i);
            new TreeMap<>(memory.arrays().get(i))
                    .forEach((name, array) -> tensors.add(memoryTensor(parameter, name, array)));
        }
        for (int i = 0; i < state.best().values().size(); i++) {
            Tensor parameter = parameters.get(i);
            tensors.add(new Tensor(
                    BEST + parameter.name(),
                    parameter.shape(),
                    state.best().values().get(i)));
        }
        if (!state.results().isEmpty()) {
            double[] rows = state.results().stream()
                    .flatMapToDouble(result -> Arrays.stream(row(result)))
                    .toArray();
            tensors.add(new Tensor(HISTORY, Shape.of(1, rows.length / COLUMNS, COLUMNS), rows));
        }
        return tensors;
    }

    private static Tensor memoryTensor(Tensor parameter, String name, double[] array) {
        if (array.length == 0 || name.isEmpty() || name.contains(".")) {
            throw new IllegalStateException(
                    "Optimizer: expected memory with names without dots, of at least 1 number, got " + array.length
                            + " numbers called \"" + name + "\". Answer others in Update.memory().");
        }
        Shape shape = array.length == parameter.values().length ? parameter.shape() : Shape.vector(array.length);
        return new Tensor(OPTIMIZER + parameter.name() + "." + name, shape, array);
    }

    private static double[] row(EpochResult result) {
        Evaluation training = result.training();
        Evaluation validation = result.validation();
        return new double[] {
            result.epoch(),
            result.epochs(),
            training.loss(),
            training.accuracy(),
            training.numSamples(),
            validation == null ? 0 : validation.loss(),
            validation == null ? 0 : validation.accuracy(),
            validation == null ? 0 : validation.numSamples(),
            result.learningRate(),
            result.seconds()
        };
    }

    private static EpochResult result(double[] rows, int from) {
        Evaluation validation = rows[from + 7] == 0 ? null : evaluation(rows, from + 5);
        return new EpochResult(
                integer(rows[from]),
                integer(rows[from + 1]),
                evaluation(rows, from + 2),
                validation,
                rows[from + 8],
                rows[from + 9]);
    }

    private static Evaluation evaluation(double[] rows, int from) {
        return new Evaluation(rows[from], rows[from + 1], integer(rows[from + 2]));
    }

    private static int integer(double value) {
        if (value != (int) value || value < 0) {
            throw new IllegalArgumentException(
                    "TrainingState: expected whole numbers of epochs and images in the history," + " got " + value
                            + ". Load another checkpoint.");
        }
        return (int) value;
    }

    /** Takes apart what {@link #notes} and {@link #tensors} put together. */
    static Checkpoint of(ModelReader reader, List<Tensor> parameters, List<Tensor> further) throws FileFault {
        Notes notes = reader.notes();
        int number = 0;
        List<Map<String, double[]>> arrays = new ArrayList<>();
        for (Tensor parameter : parameters) {
            Map<String, double[]> memory = memory(parameter, further.subList(number, further.size()));
            arrays.add(memory);
            number += memory.size();
        }
        List<double[]> best = new ArrayList<>();
        if (number < further.size() && further.get(number).name().startsWith(BEST)) {
            for (Tensor parameter : parameters) {
                String name = BEST + parameter.name();
                if (number == further.size() || !further.get(number).isLike(name, parameter.shape())) {
                    throw reader.tensorFault(parameters.size() + number, name + " (" + parameter.shape() + ")");
                }
                best.add(further.get(number++).values());
            }
        }
        List<EpochResult> results = new ArrayList<>();
        try {
            if (number < further.size() && isHistory(further.get(number))) {
                double[] rows = further.get(number++).values();
                for (int from = 0; from < rows.length; from += COLUMNS) {
                    results.add(result(rows, from));
                }
            }
            if (number < further.size()) {
                throw reader.tensorFault(parameters.size() + number, "an array of a training");
            }
            long steps = notes.integer("optimizer_steps", Long.MAX_VALUE);
            return new Checkpoint(
                    state(notes, results, best), new OptimizerMemory(notes.text("optimizer"), steps, arrays));
        } catch (IllegalArgumentException e) {
            throw notes.fault(e);
        }
    }

    /** What the first of the tensors say of the optimizer's memory of a parameter. */
    private static Map<String, double[]> memory(Tensor parameter, List<Tensor> tensors) {
        String prefix = OPTIMIZER + parameter.name() + ".";
        Map<String, double[]> memory = new LinkedHashMap<>();
        for (Tensor tensor : tensors) {
            String name = tensor.name().startsWith(prefix) ? tensor.name().substring(prefix.length()) : "";
            if (name.isEmpty() || name.contains(".")) {
                break;
            }
            memory.put(name, tensor.values());
        }
        return memory;
    }

    private static boolean isHistory(Tensor tensor) {
        return tensor.isLike(HISTORY, Shape.of(1, tensor.shape().height(), COLUMNS));
    }

    private static TrainingState state(Notes notes, List<EpochResult> results, List<double[]> best) throws FileFault {
        return new TrainingState(
                new TrainingState.Plan(
                        count(notes, "batch_size"),
                        count(notes, "num_images"),
                        count(notes, "sample_size"),
                        notes.integer("shuffle", 1) == 1),
                new TrainingSettings(notes.under(SETTING)),
                results,
                new TrainingState.Running(
                        count(notes, "batches_done"),
                        notes.number("loss_sum"),
                        count(notes, "hits"),
                        notes.number("seconds")),
                new TrainingState.Best(notes.number("best_loss"), count(notes, "epochs_since_best"), best));
    }

    private static int count(Notes notes, String name) throws FileFault {
        return (int) notes.integer(name, Integer.MAX_VALUE);
    }
}
