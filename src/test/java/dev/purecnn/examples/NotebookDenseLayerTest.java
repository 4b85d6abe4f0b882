package dev.purecnn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.GradientCheck;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** People copy the README's layer, so it must be right. */
class NotebookDenseLayerTest {

    @Test
    void backprop_anyImages_passesGradientCheck() {
        GradientCheck.Result result = GradientCheck.check(new NotebookDenseLayer(12, 5), Shape.of(3, 2, 2), 1);
        assertThat(result.worstRelativeError()).as(result.toString()).isLessThan(1e-7);
    }

    @Test
    void forward_sameSeed_agreesWithLibrarysDenseLayer() {
        Layer own = new NotebookDenseLayer(12, 5);
        Layer library = new DenseLayer(12, 5);
        own.connect(Shape.of(3, 2, 2), new Random(1));
        library.connect(Shape.of(3, 2, 2), new Random(1));
        double[] images = new Random(2).doubles(3 * 12).toArray();
        assertThat(own.forward(images)).containsExactly(library.forward(images), within(1e-14));
        assertThat(own.replica().forward(images)).containsExactly(own.forward(images));
    }
}
