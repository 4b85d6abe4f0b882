package dev.purecnn.peers;

import dev.purecnn.checks.S4Recipe;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.evaluation.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/**
 * Trains S4 on MNIST in another library, from the weights that this one draws from a seed, and prints which share of the test
 * images it gets right: {@code AccuracyProgram <library> <float32|float64> <threads> <recipe> <seed>}.
 */
public final class AccuracyProgram {
    private static final int TEST_BATCH_SIZE = 1000;

    private AccuracyProgram() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Peer peer = Peer.of(args[0], args[1], Integer.parseInt(args[2]));
        S4Recipe recipe = S4Recipe.valueOf(args[3]);
        long seed = Long.parseLong(args[4]);
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"));
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        var weights = PurecnnPeer.parameters(PurecnnPeer.network(Network.S4, 1, seed));
        try (Model model = peer.model(Network.S4, weights)) {
            train(model.steps(recipe.batchSize(), recipe.momentum()), recipe, train, new Random(seed));
            System.out.println(accuracy(model, test));
        }
    }

    private static void train(Model.Steps steps, S4Recipe recipe, Dataset images, Random random) {
        int batchSize = recipe.batchSize();
        double[] pixels = new double[batchSize * Network.PIXELS];
        int[] labels = new int[batchSize];
        for (int epoch = 0; epoch < recipe.epochs(); epoch++) {
            Dataset shuffled = images.shuffled(random.nextLong()).take(recipe.sampleSize());
            for (int from = 0; from + batchSize <= shuffled.size(); from += batchSize) { // without the rest, if any
                for (int i = 0; i < batchSize; i++) {
                    shuffled.copyImage(from + i, pixels, i * Network.PIXELS);
                    labels[i] = shuffled.label(from + i);
                }
                steps.on(pixels, labels, recipe.schedule().rate(epoch + (double) from / recipe.sampleSize()));
            }
        }
    }

    private static double accuracy(Model model, Dataset images) {
        int correct = 0;
        for (int from = 0; from < images.size(); from += TEST_BATCH_SIZE) {
            double[] pixels = new double[TEST_BATCH_SIZE * Network.PIXELS];
            for (int i = 0; i < TEST_BATCH_SIZE; i++) {
                images.copyImage(from + i, pixels, i * Network.PIXELS);
            }
            double[] probabilities =
                    Numbers.doubles(model.predictionOfMany(pixels).get());
            for (int i = 0; i < TEST_BATCH_SIZE; i++) {
                int most = Evaluation.mostProbable(probabilities, i * Network.CLASSES, Network.CLASSES);
                correct += most == images.label(from + i) ? 1 : 0;
            }
        }
        return (double) correct / images.size();
    }
}
