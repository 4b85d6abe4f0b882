package dev.purecnn.layer;

/** A convolution as its definition has it: seven loops, and nothing clever. What the real one is compared with. */
record NaiveConvolution(
        Shape input,
        int filters,
        int filterHeight,
        int filterWidth,
        int stride,
        int dilation,
        int padRows,
        int padCols,
        int groups) {

    Shape output() {
        return Shape.of(
                filters,
                (input.height() + 2 * padRows - dilation * (filterHeight - 1) - 1) / stride + 1,
                (input.width() + 2 * padCols - dilation * (filterWidth - 1) - 1) / stride + 1);
    }

    int weightCount() {
        return filters * groupChannels() * filterHeight * filterWidth;
    }

    private int groupChannels() {
        return input.channels() / groups;
    }

    /** What is done where a weight meets an input for an output. Indices are into the flat arrays. */
    private interface Meeting {
        void at(int input, int weight, int output);
    }

    private void meet(int n, Meeting meeting) {
        Shape output = output();
        for (int image = 0; image < n; image++) {
            for (int filter = 0; filter < filters; filter++) {
                for (int row = 0; row < output.height(); row++) {
                    for (int col = 0; col < output.width(); col++) {
                        int out = ((image * filters + filter) * output.height() + row) * output.width() + col;
                        meetAt(image, filter, row, col, (in, weight) -> meeting.at(in, weight, out));
                    }
                }
            }
        }
    }

    private interface Pair {
        void at(int input, int weight);
    }

    private void meetAt(int image, int filter, int row, int col, Pair pair) {
        int firstChannel = filter / (filters / groups) * groupChannels();
        for (int channel = 0; channel < groupChannels(); channel++) {
            for (int filterRow = 0; filterRow < filterHeight; filterRow++) {
                for (int filterCol = 0; filterCol < filterWidth; filterCol++) {
                    int inRow = row * stride + filterRow * dilation - padRows;
                    int inCol = col * stride + filterCol * dilation - padCols;
                    if (inRow >= 0 && inRow < input.height() && inCol >= 0 && inCol < input.width()) {
                        int plane = image * input.channels() + firstChannel + channel;
                        int in = (plane * input.height() + inRow) * input.width() + inCol;
                        int weightPlane = filter * groupChannels() + channel;
                        int weight = (weightPlane * filterHeight + filterRow) * filterWidth + filterCol;
                        pair.at(in, weight);
                    }
                }
            }
        }
    }

    double[] forward(double[] images, double[] weights, double[] biases) {
        int n = images.length / input.size();
        int plane = output().height() * output().width();
        double[] output = new double[n * output().size()];
        for (int i = 0; i < output.length; i++) {
            output[i] = biases[i / plane % filters];
        }
        meet(n, (in, weight, out) -> output[out] += images[in] * weights[weight]);
        return output;
    }

    double[] inputGradient(double[] lossGradient, double[] weights) {
        int n = lossGradient.length / output().size();
        double[] gradient = new double[n * input.size()];
        meet(n, (in, weight, out) -> gradient[in] += lossGradient[out] * weights[weight]);
        return gradient;
    }

    double[] weightGradient(double[] lossGradient, double[] images) {
        double[] gradient = new double[weightCount()];
        meet(images.length / input.size(), (in, weight, out) -> gradient[weight] += lossGradient[out] * images[in]);
        return gradient;
    }

    double[] biasGradient(double[] lossGradient) {
        int plane = output().height() * output().width();
        double[] gradient = new double[filters];
        for (int i = 0; i < lossGradient.length; i++) {
            gradient[i / plane % filters] += lossGradient[i];
        }
        return gradient;
    }
}
