package dev.purecnn.data;

/**
 * How a picture of any size becomes one of the size that a network takes: {@code height x width} below.
 *
 * <p>Rows and columns are counted from the upper left; {@code round} rounds halves up, and gives at least 1. A side that
 * shrinks is averaged over the exact area that each pixel covers, with fractions of pixels at the edges; a side that grows is
 * interpolated linearly between the centres of the pixels (Pillow's BILINEAR; OpenCV's INTER_AREA and INTER_LINEAR are the same
 * pair). The arithmetic is in whole numbers, rounded once, so the result is the same everywhere.
 *
 * <pre>{@code
 * Preprocessing.builder(Shape.of(3, 64, 64)).resize(Resize.CENTER_CROP).build();
 * }</pre>
 */
public enum Resize {

    /** Refuses any other size. */
    EXACT,

    /**
     * Cuts the largest part of the right shape out of the middle, then scales it. Of a picture of {@code h x w} that is too
     * wide it keeps {@code c = round(h * width / height)} columns from column {@code (w - c) / 2}, rounded down, on; of one
     * that is too high, {@code r = round(w * height / width)} rows from row {@code (h - r) / 2} on. If an odd number is cut
     * off, right and bottom lose one more.
     */
    CENTER_CROP,

    /**
     * Scales the whole picture into the target and fills the rest with the background, black if none is given. A picture of
     * {@code h x w} that is too wide becomes {@code r = round(h * width / w)} rows, from row {@code (height - r) / 2},
     * rounded down, on; one that is too high, {@code c = round(w * height / h)} columns from column {@code (width - c) / 2}
     * on. If an odd number is left over, right and bottom get one more.
     */
    FIT,

    /** Scales height and width each to the target, without keeping the proportions. */
    STRETCH,

    /**
     * Makes MNIST's kind of picture out of your own handwriting: see {@link Preprocessing#mnist}. For
     * {@code 1 x 28 x 28} only.
     */
    MNIST
}
