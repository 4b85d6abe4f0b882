package dev.purecnn.layer;

/** A layer that keeps nothing but its output and its input gradient. */
abstract class BasicLayer extends AbstractLayer<AbstractLayer.Buffers> {

    @Override
    final Buffers newBuffers(int n) {
        return new Buffers(n, this);
    }
}
