package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A function of another dataset's images, applied each time that one is read. */
final class MappedDataset extends DatasetView {
    private final Shape shape;
    private final BiConsumer<double[], double[]> function;
    private final ThreadLocal<double[]> before; // each thread works in arrays of its own, made once
    private final ThreadLocal<double[]> after;

    MappedDataset(Dataset source, Shape shape, BiConsumer<double[], double[]> function) {
        super(source);
        this.shape = Objects.requireNonNull(shape, "shape");
        this.function = Objects.requireNonNull(function, "function");
        int sourceSize = source.shape().size();
        before = ThreadLocal.withInitial(() -> new double[sourceSize]);
        after = ThreadLocal.withInitial(() -> new double[shape.size()]);
    }

    private MappedDataset(Dataset source, MappedDataset other) {
        super(source);
        shape = other.shape;
        function = other.function;
        before = other.before;
        after = other.after;
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new MappedDataset(otherSource, this);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Optional<Preprocessing> preprocessing() {
        return Optional.empty(); // the function's part of it is unknown
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
