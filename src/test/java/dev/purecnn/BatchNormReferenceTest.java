package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.Optimizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network with batch normalization is trained as PyTorch trains it, with batches of any size. */
class BatchNormReferenceTest {
    private static final Shape INPUT = Shape.of(1, 8, 6);
    private static final int CLASSES = 5;
    private static final int STEPS = 50;

    private static CNN network(Optimizer optimizer, double learningRate) {
        CNN cnn = CNN.builder(INPUT)
                .layers(
                        new ConvolutionalLayer(1, 4, 3),
                        new BatchNormLayer(4),
                        new ReLULayer(),
                        new AveragePoolingLayer(2),
                        new ResidualLayer(
                                new ConvolutionalLayer(4, 4, 3),
                                BatchNormLayer.builder(4)
                                        .momentum(0.75)
                                        .epsilon(1e-3)
                                        .build(),
                                new ReLULayer(),
                                new ConvolutionalLayer(4, 4, 3)),
                        new DenseLayer(48, 10),
                        new BatchNormLayer(10),
                        new TanhLayer(),
                        new DenseSoftmaxLayer(10, CLASSES))
                .optimizer(optimizer)
                .learningRate(learningRate)
                .quiet()
                .seed(1)
                .build();
        PythonDraws draws = new PythonDraws(1);
        for (Parameter parameter : parameters(cnn)) {
            for (int i = 0; i < parameter.values().length && parameter.isTrained(); i++) {
                parameter.values()[i] = switch (parameter.name()) {
                    case "weights" -> draws.next();
                    case "scale" -> 1 + draws.next() / 2;
                    default -> draws.next() / 4;
                };
            }
        }
        return cnn;
    }

    private static List<Parameter> parameters(CNN cnn) {
        return cnn.layers().stream()
                .map(Layer::parameters)
                .flatMap(List::stream)
                .toList();
    }

    /** Only weights decay, as the script has it. */
    private static Optimizer adamW() {
        Optimizer decaying = Optimizer.adamW().weightDecay(0.1).epsilon(1e-6);
        Optimizer sparing = Optimizer.adamW().weightDecay(0).epsilon(1e-6);
        return parameter -> (parameter.name().equals("weights") ? decaying : sparing).forParameter(parameter);
    }

    @Test
    void trainOnBatch_anyBatchSize_givesPyTorchsLossesAndValues() throws IOException {
        try (BufferedReader reference = new BufferedReader(new InputStreamReader(
                BatchNormReferenceTest.class.getResourceAsStream("batch-norm-pytorch.txt"), StandardCharsets.UTF_8))) {
            assertThat(reference.readLine()).startsWith("# Made by batch-norm-pytorch.py");
            int cases = 0;
            for (String line = reference.readLine(); line != null; line = reference.readLine()) {
                String[] words = line.split(" ");
                CNN cnn =
                        words[1].equals("sgd") ? network(Optimizer.sgd().momentum(0.9), 0.05) : network(adamW(), 0.01);
                compare(reference, cnn, Integer.parseInt(words[2]), line);
                cases++;
            }
            assertThat(cases).isEqualTo(8);
        }
    }

    private static void compare(BufferedReader reference, CNN cnn, int batchSize, String name) throws IOException {
        PythonDraws draws = new PythonDraws(2);
        double[] images = new double[batchSize * INPUT.size()];
        int[] labels = new int[batchSize];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < images.length; i++) {
                images[i] = 4 * draws.next();
                if (i % INPUT.size() == INPUT.size() - 1) {
                    labels[i / INPUT.size()] = (int) ((draws.next() + 0.5) * CLASSES);
                }
            }
            double expected = Double.parseDouble(reference.readLine().split(" ")[1]);
            assertThat(cnn.trainOnBatch(images, labels))
                    .as("%s, step %d", name, step)
                    .isCloseTo(expected, within(1e-10));
        }
        for (Parameter parameter : parameters(cnn)) {
            String line = reference.readLine();
            String[] words = line.split(" ");
            double[] values = parameter.values();
            String what = name + ", " + line + ": " + parameter;
            assertThat(values[0]).as(what).isCloseTo(Double.parseDouble(words[1]), within(1e-10));
            assertThat(projected(values, 3)).as(what).isCloseTo(Double.parseDouble(words[2]), within(1e-10));
            assertThat(projected(values, 4)).as(what).isCloseTo(Double.parseDouble(words[3]), within(1e-10));
        }
    }

    /** One number that all values have a part in. */
    private static double projected(double[] values, long seed) {
        PythonDraws draws = new PythonDraws(seed);
        double sum = 0;
        for (double value : values) {
            sum += value * draws.next();
        }
        return sum;
    }
}
