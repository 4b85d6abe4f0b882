package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.onnx.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A network that was trained in PyTorch and saved by {@code safetensors.torch.save_file(net.state_dict(), path)}:
 *
 * <pre>{@code
 * x = max_pool2d(relu(norm(conv1(x))), 2)
 * x = sigmoid(conv2(x)).flatten(1)
 * x = softmax(fc(tanh(hidden(x))), 1)
 * }</pre>
 */
public final class PyTorchWeights {
    /** The shape of its images. */
    public static final Shape INPUT = Shape.of(2, 8, 6);

    private PyTorchWeights() {}

    /**
     * Reads the weights and predicts.
     *
     * @param arguments the file of weights, or none for the one of this library's tests
     * @throws IOException if it cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        String file = arguments.length > 0 ? arguments[0] : "src/test/resources/dev/purecnn/onnx/pytorch.safetensors";
        CNN cnn = network(Path.of(file));
        System.out.println(cnn.summary());
        System.out.println(Arrays.toString(cnn.predict(new double[INPUT.size()])));
    }

    /**
     * The network with its weights.
     *
     * @param file the file of weights
     * @return the network, which predicts as in PyTorch, and can be trained on
     * @throws IOException if it cannot be read
     */
    public static CNN network(Path file) throws IOException {
        ConvolutionalLayer conv1 = new ConvolutionalLayer(2, 4, 3);
        BatchNormLayer norm = new BatchNormLayer(4);
        ConvolutionalLayer conv2 =
                ConvolutionalLayer.builder(4, 6).filterSize(3, 5).groups(2).build();
        DenseLayer hidden = new DenseLayer(6 * 4 * 3, 7);
        DenseSoftmaxLayer fc = new DenseSoftmaxLayer(7, 3);
        CNN cnn = CNN.builder(INPUT)
                .layers(
                        conv1,
                        norm,
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        conv2,
                        new SigmoidLayer(),
                        hidden,
                        new TanhLayer(),
                        fc)
                .seed(1)
                .quiet()
                .build();
        Weights.read(file)
                .map("conv1", conv1)
                .map("norm", norm)
                .map("conv2", conv2)
                .map("hidden", hidden)
                .map("fc", fc)
                .into(cnn);
        return cnn;
    }
}
