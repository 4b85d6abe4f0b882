package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Optional;

/** Another dataset with one change. Everything else comes from the source. */
abstract class DatasetView implements Dataset {
    final Dataset source;

    DatasetView(Dataset source) {
        this.source = source;
    }

    /** The same view of another dataset: of the source as it is in some epoch. */
    abstract Dataset over(Dataset otherSource);

    @Override
    public Dataset epoch(int epoch) {
        Dataset inEpoch = source.epoch(epoch);
        return inEpoch == source ? this : over(inEpoch);
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Shape shape() {
        return source.shape();
    }

    @Override
    public int classes() {
        return source.classes();
    }

    @Override
    public List<String> classNames() {
        return source.classNames();
    }

    @Override
    public boolean isLabelled() {
        return source.isLabelled();
    }

    @Override
    public Optional<Preprocessing> preprocessing() {
        return source.preprocessing();
    }

    @Override
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        source.copyImage(index, target, offset);
    }
}
