package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Picture;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.ELULayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A model file of the second format, with class names, preprocessing and frozen layers, loads for ever, with the bits that it
 * had. {@link #main} wrote {@code 2-model.safetensors} and printed what is expected, with the first version that has the format.
 */
class SecondGoldenFileTest {
    private static final Shape INPUT = Shape.of(3, 6, 5);
    private static final List<String> NAMES = List.of("cat", "Größe", "\"quoted\" name");
    private static final String FINGERPRINT = "efec766797b832127026d691bac96b3f2e24d9c4a2d5931598e99a22d828875e";
    private static final double[] PROBABILITIES = {0x1.cbe3f77c43855p-2, 0x1.d76f1414aeba9p-3, 0x1.48647e79651d5p-2};

    private static Preprocessing preprocessing() {
        return Preprocessing.builder(INPUT)
                .resize(Resize.FIT)
                .background(0x336699)
                .scaling(PixelScaling.standardized(
                        new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}))
                .build();
    }

    private static Picture picture() {
        int[] argb = new int[11 * 9];
        Arrays.setAll(argb, i -> i * 0x1234567 | (i % 4 == 0 ? 0x80000000 : 0xff000000));
        return Picture.ofArgb(argb, 11, 9);
    }

    /** Writes the file, and prints what is expected of it. */
    public static void main(String[] arguments) throws IOException {
        CNN whole = CNN.builder(INPUT)
                .layers(
                        ConvolutionalLayer.builder(3, 4)
                                .filterSize(3)
                                .padding(1)
                                .bias(false)
                                .build(),
                        BatchNormLayer.builder(4).momentum(0.8).epsilon(0.001).build(),
                        new ELULayer(0.5),
                        new GlobalAveragePoolingLayer(),
                        new DenseSoftmaxLayer(4, 3))
                .classNames(NAMES)
                .preprocessing(preprocessing())
                .learningRate(0.03)
                .seed(-7)
                .quiet()
                .build();
        double[] images = new double[8 * INPUT.size()];
        Arrays.setAll(images, i -> i * 37 % 101 / 50.0 - 1);
        whole.trainOnBatch(images, new int[] {0, 1, 2, 0, 1, 2, 0, 1});
        CNN cnn = whole.toBuilder()
                .keep(4)
                .frozen()
                .layers(new DenseSoftmaxLayer(4, 3))
                .build();
        cnn.save(Path.of(arguments[0]));
        System.out.println(cnn.fingerprint());
        System.out.println(Arrays.toString(NAMES.stream()
                .mapToDouble(cnn.classify(picture())::probability)
                .mapToObj(Double::toHexString)
                .toArray()));
    }

    @Test
    void model_secondFormat_loadsWithItsBits() throws IOException {
        CNN cnn;
        try (InputStream in = SecondGoldenFileTest.class.getResourceAsStream("golden/2-model.safetensors")) {
            cnn = CNN.loader().quiet().load(in);
        }
        assertThat(cnn.fingerprint()).isEqualTo(FINGERPRINT);
        assertThat(cnn.classNames()).isEqualTo(NAMES);
        assertThat(cnn.preprocessing()).contains(preprocessing());
        assertThat(cnn.frozenLayers()).isEqualTo(4);
        Classification result = cnn.classify(picture());
        Bits.assertSameBits(NAMES.stream().mapToDouble(result::probability).toArray(), PROBABILITIES);
    }
}
