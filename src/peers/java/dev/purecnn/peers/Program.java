package dev.purecnn.peers;

import dev.purecnn.CNN;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures one library in its own JVM: {@code Program <library> <float32|float64> <threads>}. First it checks that the
 * library computes the same networks; then it runs everything once, so that all of it is compiled and the profiles are
 * those of a program that trains many networks; then it measures, and prints one line per cell.
 */
public final class Program {
    private static final int BATCHES =
            8; // enough that none is special, few enough to stay in the cache as batches of 1
    private static final int CHECK_STEPS = 5;
    private static final long WARM_UP_NANOS = Long.getLong("peers.warmUpMillis", 600) * 1_000_000;
    private static final long SLICE_NANOS = Long.getLong("peers.sliceMillis", 150) * 1_000_000;
    private static final int SLICES = Integer.getInteger("peers.slices", 3);

    private final Peer peer;
    private final List<Network> networks;
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

    /** Steps of training, then a prediction: the forward pass, the gradients and the update must all be the same. */
    private void check() {
        for (Network network : networks) {
            Images images = new Images(network);
            CNN ours = PurecnnPeer.network(network, 1);
            if (!peer.trains()) {
                train(images, ours, null);
            }
            try (Model theirs = peer.model(network, PurecnnPeer.parameters(ours))) {
                if (Double.isNaN(peer.tolerance())) {
                    learns(network, images, theirs);
                    continue;
                }
                if (peer.trains()) {
                    train(images, ours, theirs);
                }
                compare(network, images, ours, theirs);
            }
        }
    }

    private static void train(Images images, CNN ours, Model theirs) {
        for (int step = 0; step < CHECK_STEPS; step++) {
            double[] pixels = images.pixels(step, 32);
            int[] labels = images.labels(step, 32);
            ours.trainOnBatch(pixels, labels);
            if (theirs != null) {
                theirs.training(pixels, labels).run();
            }
        }
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

    private void compare(Network network, Images images, CNN ours, Model theirs) {
        double[] batch = images.pixels(0, 32);
        double[] image = images.pixels(0, 1);
        double many = distance(
                ours.predictAll(batch),
                Numbers.doubles(theirs.predictionOfMany(batch).get()));
        double one = distance(
                ours.predict(image),
                Numbers.doubles(theirs.predictionOfOne(image).get()));
        System.err.printf("%s: after %d steps, probabilities differ by %.1e%n", network, CHECK_STEPS, many);
        require(
                Math.max(one, many) <= peer.tolerance(),
                network + ": expected probabilities within " + peer.tolerance() + ", got " + Math.max(one, many)
                        + " apart.");
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
                System.out.println(network + " " + task + " " + imagesPerSecond);
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
