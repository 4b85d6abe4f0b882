package dev.purecnn;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;

/** A dataset that asks another one, for tests to override. */
class ForwardingDataset implements Dataset {
    private final Dataset source;

    ForwardingDataset(Dataset source) {
        this.source = source;
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
    public int label(int index) {
        return source.label(index);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        source.copyImage(index, target, offset);
    }
}
