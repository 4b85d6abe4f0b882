package dev.purecnn.peers;

import java.util.List;

/** The networks that are compared: images of 1 x 28 x 28, convolutions 3 x 3 'same', ten classes. */
enum Network {
    S1(new Convolution(1, 8), new Dense(8 * 28 * 28, 10)),
    S2(new Convolution(1, 3), new Pooling(), new Convolution(3, 3), new Dense(3 * 14 * 14, 10)),
    S3(new Convolution(1, 8), new Convolution(8, 4), new Dense(4 * 28 * 28, 10)),
    S4(
            new Convolution(1, 16),
            new Pooling(),
            new Relu(),
            new Convolution(16, 32),
            new Pooling(),
            new Relu(),
            new Dense(32 * 7 * 7, 10)),
    L5(
            new Convolution(1, 32),
            new Relu(),
            new Convolution(32, 64),
            new Relu(),
            new Pooling(),
            new Dense(64 * 14 * 14, 128),
            new Relu(),
            new Dense(128, 10));

    static final int SIDE = 28;
    static final int PIXELS = SIDE * SIDE;
    static final int CLASSES = 10;
    static final int FILTER = 3;
    static final int POOL = 2;

    /** Small enough that nothing diverges or dies out in minutes of training on random images. */
    static final double LEARNING_RATE = 0.001;

    /** A layer. Softmax and cross-entropy follow the last. */
    sealed interface Stage {}

    record Convolution(int channels, int filters) implements Stage {}

    record Pooling() implements Stage {}

    record Relu() implements Stage {}

    record Dense(int inputs, int outputs) implements Stage {}

    private final List<Stage> stages;

    Network(Stage... stages) {
        this.stages = List.of(stages);
    }

    List<Stage> stages() {
        return stages;
    }
}
