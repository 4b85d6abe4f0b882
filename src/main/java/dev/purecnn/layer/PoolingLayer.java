package dev.purecnn.layer;

/** Windows that slide over each plane: their sizes, and where they lie. */
abstract class PoolingLayer extends BasicLayer {
    final int poolSize;
    final int stride;

    PoolingLayer(int poolSize, int stride) {
        if (poolSize < 1 || stride < 1) {
            throw new IllegalArgumentException(name() + ": expected poolSize and stride of at least 1, got poolSize "
                    + poolSize + " and stride " + stride + ". Use 2 for windows of 2 x 2.");
        }
        this.poolSize = poolSize;
        this.stride = stride;
    }

    @Override
    final Shape fit(Shape images) {
        if (images.height() < poolSize || images.width() < poolSize) {
            throw new IllegalArgumentException(name() + ": expected images of at least " + poolSize + " x " + poolSize
                    + " cells, got " + images + ". Use a smaller poolSize or fewer pooling layers.");
        }
        return Shape.of(
                images.channels(), (images.height() - poolSize) / stride + 1, (images.width() - poolSize) / stride + 1);
    }

    /** The rows of all output planes of {@code n} images. */
    final int outputRows(int n) {
        return n * output().channels() * output().height();
    }

    /** The first cell of the first window of an output row; the next window is {@code stride} cells on. */
    final int corner(int outputRow) {
        int plane = outputRow / output().height();
        int row = outputRow % output().height();
        return (plane * input().height() + row * stride) * input().width();
    }

    @Override
    public final LayerDescription description() {
        return super.description().with("poolSize", poolSize).with("stride", stride);
    }

    /** The notebook's form, such as {@code <MaxPoolingLayer: 2>}. */
    @Override
    public final String toString() {
        return "<" + name() + ": " + poolSize + (stride == poolSize ? "" : ", stride=" + stride) + ">";
    }
}
