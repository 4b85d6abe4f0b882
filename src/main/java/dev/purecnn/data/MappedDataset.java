package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;
import java.util.function.BiConsumer;

/** What a function makes of another dataset's images, each time that they are read. */
final class MappedDataset implements Dataset {
    private final Dataset source;
    private final Shape shape;
    private final BiConsumer<double[], double[]> function;
    private final ThreadLocal<double[]> before; // each thread works in arrays of its own, made once
    private final ThreadLocal<double[]> after;

    MappedDataset(Dataset source, Shape shape, BiConsumer<double[], double[]> function) {
        this.source = source;
        this.shape = Objects.requireNonNull(shape, "shape");
        this.function = Objects.requireNonNull(function, "function");
        int sourceSize = source.shape().size();
        before = ThreadLocal.withInitial(() -> new double[sourceSize]);
        after = ThreadLocal.withInitial(() -> new double[shape.size()]);
    }

    private MappedDataset(Dataset source, MappedDataset other) {
        this.source = source;
        shape = other.shape;
        function = other.function;
        before = other.before;
        after = other.after;
    }

    @Override
    public Dataset epoch(int epoch) {
        Dataset inEpoch = source.epoch(epoch);
        return inEpoch == source ? this : new MappedDataset(inEpoch, this);
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, source.size());
        DatasetChecks.room("Dataset.copyImage", target, offset, shape.size());
        double[] image = before.get();
        double[] result = after.get();
        source.copyImage(index, image, 0);
        function.accept(image, result);
        System.arraycopy(result, 0, target, offset, result.length);
    }
}
