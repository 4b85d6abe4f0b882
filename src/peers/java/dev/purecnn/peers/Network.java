package dev.purecnn.peers;

import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The networks that are compared, with ten classes: five for images of 1 x 28 x 28, and two residual networks for color images, R8 (as
 * in MLPerf Tiny) and R18 (ResNet-18, He et al. 2015).
 */
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
            new Dense(128, 10)),
    R8(32, residual(List.of(new Convolution(3, 16, 3, 1), new BatchNorm(16), new Relu()), 1, 16, 32, 64)),
    R18(
            64,
            residual(
                    List.of(new Convolution(3, 64, 7, 2), new BatchNorm(64), new Relu(), new Pooling(3, 2, 1)),
                    2,
                    64,
                    128,
                    256,
                    512));

    static final int SIDE = 28;
    static final int PIXELS = SIDE * SIDE;
    static final int CLASSES = 10;
    static final int FILTER = 3;
    static final int POOL = 2;

    /** Small enough that nothing diverges or dies out in minutes of training on random images. */
    static final double LEARNING_RATE = 0.001;

    /** A layer. Softmax and cross-entropy follow the last. */
    sealed interface Stage {}

    /** Padded by half of its filters; without biases where batch norm follows. */
    record Convolution(int channels, int filters, int size, int stride, boolean biases) implements Stage {
        Convolution(int channels, int filters) {
            this(channels, filters, FILTER, 1, true);
        }

        Convolution(int channels, int filters, int size, int stride) {
            this(channels, filters, size, stride, false);
        }
    }

    record BatchNorm(int channels) implements Stage {
        static final double EPSILON = 1e-5;
        /** Of the running statistics, as PyTorch counts: the share of the newest. */
        static final double MOMENTUM = 0.1;
    }

    record Pooling(int size, int stride, int padding) implements Stage {
        Pooling() {
            this(POOL, POOL, 0);
        }
    }

    record GlobalPooling() implements Stage {}

    record Relu() implements Stage {}

    record Dense(int inputs, int outputs) implements Stage {}

    /** The sum of both; an empty shortcut is the input. */
    record Residual(List<Stage> inner, List<Stage> shortcut) implements Stage {}

    private final Shape shape;
    private final List<Stage> stages;

    Network(Stage... stages) {
        shape = Shape.of(1, SIDE, SIDE);
        this.stages = List.of(stages);
    }

    Network(int side, List<Stage> stages) {
        shape = Shape.of(3, side, side);
        this.stages = stages;
    }

    /** Groups of basic blocks, each group but the first with twice the stride in its first block. */
    private static List<Stage> residual(List<Stage> stem, int blocks, int... widths) {
        List<Stage> stages = new ArrayList<>(stem);
        int channels = widths[0];
        for (int filters : widths) {
            for (int block = 0; block < blocks; block++) {
                int stride = filters == channels ? 1 : 2;
                List<Stage> shortcut = stride == 1
                        ? List.of()
                        : List.of(new Convolution(channels, filters, 1, stride), new BatchNorm(filters));
                stages.add(new Residual(
                        List.of(
                                new Convolution(channels, filters, FILTER, stride),
                                new BatchNorm(filters),
                                new Relu(),
                                new Convolution(filters, filters, FILTER, 1),
                                new BatchNorm(filters)),
                        shortcut));
                stages.add(new Relu());
                channels = filters;
            }
        }
        stages.add(new GlobalPooling());
        stages.add(new Dense(channels, CLASSES));
        return List.copyOf(stages);
    }

    List<Stage> stages() {
        return stages;
    }

    /** Of an image. */
    Shape shape() {
        return shape;
    }

    boolean isResidual() {
        return this == R8 || this == R18;
    }

    /** What is measured of it. */
    Set<Task> tasks() {
        return switch (this) {
            case R8 -> EnumSet.of(Task.TRAIN_32, Task.TRAIN_128, Task.PREDICT_ONE, Task.PREDICT_MANY);
            case R18 -> EnumSet.of(Task.TRAIN_32, Task.PREDICT_ONE, Task.PREDICT_32);
            default -> EnumSet.complementOf(EnumSet.of(Task.PREDICT_32));
        };
    }
}
