package dev.purecnn.peers;

/** What is measured of a network. */
enum Task {
    TRAIN_1("train, batch 1", 1),
    TRAIN_32("train, batch 32", 32),
    TRAIN_128("train, batch 128", 128),
    PREDICT_ONE("predict one image", 1),
    PREDICT_32("predict a batch of 32", 32),
    PREDICT_MANY("predict a batch of 512", 512);

    private final String title;
    private final int batchSize;

    Task(String title, int batchSize) {
        this.title = title;
        this.batchSize = batchSize;
    }

    String title() {
        return title;
    }

    int batchSize() {
        return batchSize;
    }

    boolean trains() {
        return name().startsWith("TRAIN");
    }

    /** Of one image the time is shown, of more the rate. */
    String show(double imagesPerSecond) {
        return this == PREDICT_ONE
                ? "%,.0f us".formatted(1e6 / imagesPerSecond)
                : "%,.0f images/s".formatted(imagesPerSecond);
    }
}
