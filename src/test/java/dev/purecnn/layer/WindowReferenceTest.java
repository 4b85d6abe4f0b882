package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.PythonDraws;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Convolutions and pools with all options of their windows give what PyTorch gives, forward and back. */
class WindowReferenceTest {

    @Test
    void forwardAndBackprop_allOptions_giveWhatPyTorchGives() throws IOException {
        int cases = 0;
        try (BufferedReader reference = new BufferedReader(new InputStreamReader(
                WindowReferenceTest.class.getResourceAsStream("windows-pytorch.txt"), StandardCharsets.UTF_8))) {
            assertThat(reference.readLine()).startsWith("# Made by windows-pytorch.py");
            for (String line = reference.readLine(); line != null; line = reference.readLine()) {
                String[] words = line.split(" ");
                int[] sizes =
                        Arrays.stream(words, 1, 21).mapToInt(Integer::parseInt).toArray();
                double[] expected = Arrays.stream(words, 21, words.length)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                compare(layer(words[0], sizes), sizes, expected, line);
                cases++;
            }
        }
        assertThat(cases).isEqualTo(450);
    }

    private static Layer layer(String kind, int[] sizes) {
        int height = sizes[6];
        int width = sizes[7];
        switch (kind) {
            case "conv":
                return with(ConvolutionalLayer.builder(sizes[1], sizes[4]), sizes)
                        .filterSize(height, width)
                        .groups(sizes[5])
                        .build();
            case "max":
                var max = with(MaxPoolingLayer.builder(height, width), sizes);
                return (sizes[16] == 1 ? max.roundUp() : max).build();
            default:
                var average = with(AveragePoolingLayer.builder(height, width), sizes);
                average = sizes[17] == 1 ? average.countPadding() : average;
                return (sizes[16] == 1 ? average.roundUp() : average).build();
        }
    }

    private static <B extends WindowBuilder<B>> B with(B builder, int[] sizes) {
        B options = builder.stride(sizes[8], sizes[9]).dilation(sizes[10], sizes[11]);
        return switch (sizes[12]) {
            case -1 -> options.sameUpperPadding();
            case -2 -> options.sameLowerPadding();
            case -3 -> options.samePadding();
            default -> options.padding(sizes[12], sizes[13], sizes[14], sizes[15]);
        };
    }

    private static void compare(Layer layer, int[] sizes, double[] expected, String line) {
        Shape input = Shape.of(sizes[1], sizes[2], sizes[3]);
        assertThat(layer.connect(input, new Random(1))).as(line).isEqualTo(Shape.of(sizes[4], sizes[18], sizes[19]));
        for (int i = 0; i < layer.parameters().size(); i++) {
            double[] values = layer.parameters().get(i).values();
            System.arraycopy(new PythonDraws(2 + i).next(values.length), 0, values, 0, values.length);
        }
        double[] images = new PythonDraws(1).next(sizes[0] * input.size());
        Arrays.setAll(images, i -> 4 * images[i]);
        double[] output = layer.forward(images);
        double[] lossGradient = new PythonDraws(4).next(output.length);
        assertThat(product(output, lossGradient)).as(line).isCloseTo(expected[0], within(1e-12));
        double[] inputGradient = layer.backprop(lossGradient);
        assertThat(projected(inputGradient)).as(line).isCloseTo(expected[1], within(1e-12));
        for (int i = 0; i < layer.parameters().size(); i++) {
            double[] gradient = layer.parameters().get(i).gradient();
            assertThat(projected(gradient)).as(line).isCloseTo(expected[2 + i], within(1e-12));
        }
    }

    private static double projected(double[] values) {
        return product(values, new PythonDraws(5).next(values.length));
    }

    private static double product(double[] first, double[] second) {
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += first[i] * second[i];
        }
        return sum;
    }
}
