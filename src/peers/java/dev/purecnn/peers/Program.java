package dev.purecnn.peers;

import dev.purecnn.CNN;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Measures one library in its own JVM: {@code Program <library> <float32|float64> <threads>}. First it checks that the
 * library computes the same networks; then it runs everything once, so that all of it is compiled and the profiles are
 * those of a program that trains many networks; then it measures, and prints one line per cell.
 */
public final class Program {
    private static final int BATCHES =
            8; // enough that none is special, few enough to stay in the cache as batches of 1
    private static final int CHECK_STEPS = 3;
    private static final double PER_STEP = 200; // measured: right ones reach 73 tolerances, wrong ones begin at 800
    private static final long WARM_UP_NANOS = Long.getLong("peers.warmUpMillis", 600) * 1_000_000;
    private static final long SLICE_NANOS = Long.getLong("peers.sliceMillis", 150) * 1_000_000;
    private static final int SLICES = Integer.getInteger("peers.slices", 3);

    private final Peer peer;
    private final List<Network> networks;
    /** Cells that failed the check: measured all the same, and marked. */
    private final Set<String> wrong = new HashSet<>();

    private final boolean onlyCheck = Boolean.getBoolean("peers.onlyCheck");

    private Program(Peer peer) {
        this.peer = peer;
        networks = Arrays.stream(Network.values())
                .filter(network -> Options.wants(network) && peer.runs(network))
                .toList();
    }

    /** See the class. */
    public static void main(String[] args) {
        Program program = new Program(Peer.of(args[0], args[1], Integer.parseInt(args[2])));
        program.check();
        if (!program.onlyCheck) {
            program.measure();
        }
    }

    /**
     * Predictions of a trained network must be the same, and a new one must make the same step on batches of each size: the forward
     * pass, the gradients and the update. It is one step, as rounding to float32 soon decides a ReLU otherwise: R18's predictions are
     * 8e-7 apart after the first step and 6e-4 after the fifth.
     */
    private void check() {
        for (Network network : networks) {
            Images images = new Images(network);
            CNN ours = PurecnnPeer.network(network, 1);
            if (Double.isNaN(peer.tolerance())) {
                try (Model theirs = peer.model(network, PurecnnPeer.parameters(ours))) {
                    learns(network, images, theirs);
                }
                continue;
            }
            for (int batch = 0; batch < CHECK_STEPS; batch++) {
                ours.trainOnBatch(images.pixels(batch, 32), images.labels(batch, 32));
            }
            try (Model theirs = peer.model(network, PurecnnPeer.parameters(ours))) {
                double apart = distance(images, ours, theirs);
                System.err.printf("%s: predictions differ by %.1e%n", network, apart);
                require(
                        apart <= peer.tolerance(),
                        network + ": expected probabilities within " + peer.tolerance() + ", got " + apart + " apart.");
            }
            for (Task task : network.tasks()) {
                if (task.trains() && peer.trains() && Options.wants(task)) {
                    checkSteps(network, task, images);
                }
            }
        }
    }

    /** Compares how far predictions are apart with how far the step moves them. */
    private void checkSteps(Network network, Task task, Images images) {
        double worst = 0;
        for (int batch = 0; batch < Math.min(CHECK_STEPS, images.batches(task.batchSize())); batch++) {
            double[] pixels = images.pixels(batch, task.batchSize());
            int[] labels = images.labels(batch, task.batchSize());
            CNN ours = PurecnnPeer.network(network, 1);
            try (Model theirs = peer.model(network, PurecnnPeer.parameters(ours))) {
                theirs.training(pixels, labels).run();
                double[] before = ours.predictAll(images.pixels(0, 32));
                ours.trainOnBatch(pixels, labels);
                double step = distance(before, ours.predictAll(images.pixels(0, 32)));
                worst = Math.max(worst, distance(images, ours, theirs) / step);
            }
        }
        boolean right = worst <= PER_STEP * peer.tolerance();
        System.err.printf(
                "%s %s: steps differ by a share of %.1e%s%n",
                network, task, worst, right ? "" : ": its gradients are WRONG");
        if (!right) {
            wrong.add(network + " " + task);
        }
    }

    private static double distance(Images images, CNN ours, Model theirs) {
        double[] batch = images.pixels(0, 32);
        double[] image = images.pixels(0, 1);
        return Math.max(
                distance(
                        ours.predictAll(batch),
                        Numbers.doubles(theirs.predictionOfMany(batch).get())),
                distance(
                        ours.predict(image),
                        Numbers.doubles(theirs.predictionOfOne(image).get())));
    }

    /** A library that draws its own weights must at least give an image's class a higher probability after a step on it. */
    private static void learns(Network network, Images images, Model model) {
        double[] image = images.pixels(0, 1);
        int[] label = images.labels(0, 1);
        double before = Numbers.doubles(model.predictionOfOne(image).get())[label[0]];
        model.training(image, label).run();
        double after = Numbers.doubles(model.predictionOfOne(image).get())[label[0]];
        System.err.printf("%s: a step takes the right class from %.6f to %.6f%n", network, before, after);
        require(after > before, network + ": expected training to help, it did not.");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }

    private static double distance(double[] a, double[] b) {
        require(a.length == b.length, "Expected " + a.length + " probabilities, got " + b.length + ".");
        double distance = 0.0;
        for (int i = 0; i < a.length; i++) {
            distance = Math.max(distance, Math.abs(a[i] - b[i]));
        }
        return distance;
    }

    private void measure() {
        Map<Network, Map<Task, Runnable[]>> work = new EnumMap<>(Network.class);
        for (Network network : networks) {
            List<double[]> parameters = PurecnnPeer.parameters(PurecnnPeer.network(network, 1));
            work.put(network, tasks(network, peer.model(network, parameters)));
        }
        work.values().forEach(tasks -> tasks.values().forEach(steps -> time(steps, WARM_UP_NANOS)));
        work.forEach((network, tasks) -> tasks.forEach((task, steps) -> {
            time(steps, WARM_UP_NANOS / 4);
            for (int slice = 0; slice < SLICES; slice++) {
                double imagesPerSecond = task.batchSize() / time(steps, SLICE_NANOS);
                String cell = network + " " + task;
                System.out.println(cell + " " + imagesPerSecond + (wrong.contains(cell) ? " wrong" : ""));
            }
        }));
    }

    private Map<Task, Runnable[]> tasks(Network network, Model model) {
        Images images = new Images(network);
        Map<Task, Runnable[]> tasks = new EnumMap<>(Task.class);
        for (Task task : network.tasks()) {
            if (!Options.wants(task) || task.trains() && !peer.trains()) {
                continue;
            }
            Runnable[] steps = new Runnable[Math.min(BATCHES, images.batches(task.batchSize()))];
            for (int batch = 0; batch < steps.length; batch++) {
                double[] pixels = images.pixels(batch, task.batchSize());
                steps[batch] = task.trains()
                        ? model.training(pixels, images.labels(batch, task.batchSize()))
                        : running(
                                task == Task.PREDICT_ONE
                                        ? model.predictionOfOne(pixels)
                                        : model.predictionOfMany(pixels));
            }
            tasks.put(task, steps);
        }
        return tasks;
    }

    private static Runnable running(Supplier<?> prediction) {
        return () -> {
            if (prediction.get() == null) {
                throw new IllegalStateException("No probabilities came.");
            }
        };
    }

    /** Seconds per step, over at least as long as asked and at least one step. */
    private static double time(Runnable[] steps, long nanos) {
        long start = System.nanoTime();
        long elapsed;
        int done = 0;
        do {
            steps[done % steps.length].run();
            done++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < nanos);
        return elapsed * 1e-9 / done;
    }
}
