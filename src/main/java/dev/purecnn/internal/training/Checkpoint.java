package dev.purecnn.internal.training;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.training.EpochResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint has beyond a model: the state of a training and of its optimizer. Counts, sums and settings are metadata;
 * arrays are tensors after those of the model: {@code optimizer.layers.0.weights.velocity}, {@code best.layers.0.weights}, and
 * {@code history}, a row per epoch.
 */
public record Checkpoint(TrainingState state, OptimizerState optimizer) {
    private static final String SETTING = "setting.";
    private static final String OPTIMIZER = "optimizer.";
    private static final String BEST = "best.";
    private static final String HISTORY = "history";
    /** The numbers of a row of the history; no images where there was no validation. */
    private static final String HISTORY_COLUMNS = "epoch,epochs,loss,accuracy,images,"
            + "validation_loss,validation_accuracy,validation_images,learning_rate,seconds";

    private static final int COLUMNS = 10;
    private static final int LONGEST_NUMBER = 32;

    /** The texts; doubles as hexadecimal numbers, which are exact. */
    Map<String, String> texts() {
        TrainingState.Plan plan = state.plan();
        TrainingState.Running running = state.running();
        Map<String, String> texts = new HashMap<>();
        texts.put("optimizer", optimizer.optimizer());
        texts.put("optimizer_steps", Long.toString(optimizer.steps()));
        texts.put("batch_size", Integer.toString(plan.batchSize()));
        texts.put("num_images", Integer.toString(plan.numImages()));
        texts.put("sample_size", Integer.toString(plan.sampleSize()));
        texts.put("shuffle", plan.shuffle() ? "1" : "0");
        state.settings().texts().forEach((name, text) -> texts.put(SETTING + name, text));
        texts.put("batches_done", Integer.toString(running.batchesDone()));
        texts.put("loss_sum", Double.toHexString(running.lossSum()));
        texts.put("hits", Integer.toString(running.hits()));
        texts.put("seconds", Double.toHexString(running.seconds()));
        texts.put("best_loss", Double.toHexString(state.best().loss()));
        texts.put("history_columns", HISTORY_COLUMNS); // for other programs that read the file
        texts.put("epochs_since_best", Integer.toString(state.best().epochsSince()));
        return texts;
    }

    /** The model's parameters and all arrays after them. */
    List<Tensor> tensors(List<Tensor> parameters) {
        List<Tensor> tensors = new ArrayList<>(parameters);
        for (int i = 0; i < optimizer.arrays().size(); i++) {
            Tensor parameter = parameters.get(i);
            new TreeMap<>(optimizer.arrays().get(i))
                    .forEach((name, array) -> tensors.add(memoryTensor(parameter, name, array)));
        }
        for (int i = 0; i < state.best().values().size(); i++) {
            Tensor parameter = parameters.get(i);
            double[] values = state.best().values().get(i);
            tensors.add(new Tensor(BEST + parameter.name(), parameter.sizes(), values));
        }
        if (!state.results().isEmpty()) {
            double[] rows = state.results().stream()
                    .flatMapToDouble(result -> Arrays.stream(row(result)))
                    .toArray();
            tensors.add(new Tensor(HISTORY, new int[] {rows.length / COLUMNS, COLUMNS}, rows));
        }
        return tensors;
    }

    private static Tensor memoryTensor(Tensor parameter, String name, double[] array) {
        if (array.length == 0 || name.isEmpty() || name.contains(".")) {
            throw new IllegalStateException(
                    "Optimizer: expected a state with names without dots, of at least 1 number, got " + array.length
                            + " numbers called \"" + name + "\". Return others in Update.state().");
        }
        boolean alike = array.length == parameter.values().length;
        int[] sizes = alike ? parameter.sizes() : new int[] {array.length};
        return new Tensor(OPTIMIZER + parameter.name() + "." + name, sizes, array);
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
            throw fault("whole numbers of epochs and images in the history", value);
        }
        return (int) value;
    }

    /**
     * Takes apart what {@link #texts} and {@link #tensors} put together.
     *
     * @throws IllegalArgumentException if it is none of a training of that network
     */
    public static Checkpoint of(Map<String, String> texts, List<Tensor> parameters, List<Tensor> further) {
        Map<String, Map<String, double[]>> states = new HashMap<>();
        Map<String, Tensor> left = new HashMap<>();
        for (Tensor tensor : further) {
            String name = tensor.name();
            int dot = name.lastIndexOf('.');
            if (name.startsWith(OPTIMIZER) && dot >= OPTIMIZER.length() && dot + 1 < name.length()) {
                states.computeIfAbsent(name.substring(OPTIMIZER.length(), dot), key -> new TreeMap<>())
                        .put(name.substring(dot + 1), tensor.values());
            } else {
                left.put(name, tensor);
            }
        }
        List<Map<String, double[]>> arrays = new ArrayList<>();
        List<double[]> best = new ArrayList<>();
        boolean hasBest = left.keySet().stream().anyMatch(name -> name.startsWith(BEST));
        for (Tensor parameter : parameters) {
            Map<String, double[]> state = states.remove(parameter.name());
            arrays.add(state == null ? Map.of() : state);
            if (hasBest) {
                best.add(best(parameter, left.remove(BEST + parameter.name())));
            }
        }
        List<EpochResult> results = results(left.remove(HISTORY));
        if (!left.isEmpty() || !states.isEmpty()) {
            throw fault("arrays of a training", left.keySet() + " and states of " + states.keySet());
        }
        long steps = integer(texts, "optimizer_steps", Long.MAX_VALUE);
        OptimizerState optimizer = new OptimizerState(text(texts, "optimizer"), steps, arrays);
        return new Checkpoint(state(texts, results, best), optimizer);
    }

    private static double[] best(Tensor parameter, Tensor saved) {
        if (saved == null || saved.values().length != parameter.values().length || saved.firstNotFinite() >= 0) {
            throw fault("finite numbers of " + BEST + parameter, saved);
        }
        return saved.values();
    }

    private static List<EpochResult> results(Tensor history) {
        List<EpochResult> results = new ArrayList<>();
        if (history != null) {
            int[] sizes = history.sizes();
            if (sizes.length == 0 || sizes[sizes.length - 1] != COLUMNS) {
                throw fault("a history of " + COLUMNS + " columns", history);
            }
            for (int from = 0; from < history.values().length; from += COLUMNS) {
                results.add(result(history.values(), from));
            }
        }
        return results;
    }

    private static TrainingState state(Map<String, String> texts, List<EpochResult> results, List<double[]> best) {
        Map<String, String> settings = new TreeMap<>();
        texts.forEach((name, text) -> {
            if (name.startsWith(SETTING)) {
                settings.put(name.substring(SETTING.length()), text);
            }
        });
        return new TrainingState(
                new TrainingState.Plan(
                        count(texts, "batch_size"),
                        count(texts, "num_images"),
                        count(texts, "sample_size"),
                        integer(texts, "shuffle", 1) == 1),
                new TrainingSettings(settings),
                results,
                new TrainingState.Running(
                        count(texts, "batches_done"),
                        number(texts, "loss_sum"),
                        count(texts, "hits"),
                        number(texts, "seconds")),
                new TrainingState.Best(number(texts, "best_loss"), count(texts, "epochs_since_best"), best));
    }

    private static String text(Map<String, String> texts, String name) {
        String text = texts.get(name);
        if (text == null) {
            throw fault("metadata with training." + name, "none");
        }
        return text;
    }

    private static int count(Map<String, String> texts, String name) {
        return (int) integer(texts, name, Integer.MAX_VALUE);
    }

    private static long integer(Map<String, String> texts, String name, long most) {
        String text = text(texts, name);
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw fault("training." + name + " from 0 to " + most, text);
    }

    /** A number that was written by {@link Double#toHexString}; it may be infinite, or NaN. */
    private static double number(Map<String, String> texts, String name) {
        String text = text(texts, name);
        try {
            if (text.length() <= LONGEST_NUMBER) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw fault("training." + name + " of a hexadecimal number", text);
    }

    private static IllegalArgumentException fault(String expected, Object got) {
        return new IllegalArgumentException("Checkpoint: expected " + expected + ", got "
                + (got == null ? "none" : Quoted.of(got)) + ". Load another checkpoint.");
    }
}
