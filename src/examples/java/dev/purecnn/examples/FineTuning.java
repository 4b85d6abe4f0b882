package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.ImageFolder;
import dev.purecnn.data.Pictures;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.onnx.OnnxExport;
import dev.purecnn.onnx.OnnxImport;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;

/** A ResNet-18 that PyTorch exported learns the classes of a folder of photos, and is written for other tools. */
public final class FineTuning {
    private FineTuning() {}

    /**
     * Trains the last layer, and classifies a photo.
     *
     * @param arguments the model, the folder of photos, a photo, and the model to write
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Path photo = Path.of(arguments[2]);
        Path file = Path.of(arguments[3]);

        PixelScaling scaling = PixelScaling.standardized(
                new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225}); // torchvision's
        Preprocessing preprocessing = Preprocessing.builder(Shape.of(3, 64, 64))
                .resize(Resize.CENTER_CROP)
                .scaling(scaling)
                .build();
        Dataset photos = ImageFolder.load(folder, preprocessing); // with a folder for each class
        CNN imported = OnnxImport.read(model).endWithSoftmax().build();
        CNN cnn = imported.toBuilder()
                .keep(21)
                .frozen() // frozen(16) trains the last two blocks, too
                .layers(new DenseSoftmaxLayer(512, photos.classNames().size()))
                .classNames(photos.classNames())
                .preprocessing(preprocessing)
                .build();
        TrainingOptions options = TrainingOptions.builder()
                .epochs(5)
                .optimizer(Optimizer.adamW())
                .learningRate(0.002)
                .build();
        cnn.train(photos, null, options);
        System.out.println(cnn.classify(Pictures.read(photo))); // such as dog 81.0 %, cat 19.0 %
        OnnxExport.of(cnn).pixels().write(file);
    }
}
