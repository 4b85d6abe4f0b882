package dev.purecnn.data;

import dev.purecnn.internal.random.CounterRandom;
import dev.purecnn.layer.Shape;

/** Changes images as an augmentation says, one at a time, without allocating anything. */
final class Augmenter {
    private static final int FLIP_HORIZONTALLY = 0; // numbers of the draws
    private static final int FLIP_VERTICALLY = 1;
    private static final int ZOOM = 2;
    private static final int ANGLE = 3;
    private static final int SHIFT_ROW = 4;
    private static final int SHIFT_COL = 5;
    private static final int CUT_ROW = 6;
    private static final int CUT_COL = 7;
    private static final int NOISE = 8; // and all after it

    private final Augmentation options;
    private final int height;
    private final int width;
    private final double[] image;

    // where a cell (row, col) comes from: a linear function of both, for the row and for the column
    private double rowFromRow;
    private double rowFromCol;
    private double firstRow;
    private double colFromRow;
    private double colFromCol;
    private double firstCol;

    Augmenter(Augmentation options, Shape shape) {
        this.options = options;
        height = shape.height();
        width = shape.width();
        image = new double[shape.size()];
    }

    /** Where to put the image to change. */
    double[] image() {
        return image;
    }

    void apply(long key, double[] target, int offset) {
        if (options.moves()) {
            draw(key);
            for (int row = 0; row < height; row++) {
                for (int col = 0; col < width; col++) {
                    move(row, col, target, offset + row * width + col);
                }
            }
        } else {
            System.arraycopy(image, 0, target, offset, image.length);
        }
        if (options.noise > 0) {
            addNoise(key, target, offset);
        }
        if (options.cutout > 0) {
            cut(key, target, offset);
        }
    }

    private void draw(long key) {
        double flipCol = options.flipHorizontally && CounterRandom.below(2, key, FLIP_HORIZONTALLY) == 1 ? -1 : 1;
        double flipRow = options.flipVertically && CounterRandom.below(2, key, FLIP_VERTICALLY) == 1 ? -1 : 1;
        double range = options.largestZoom - options.smallestZoom;
        double zoom = options.smallestZoom + range * CounterRandom.uniform(key, ZOOM);
        double angle = options.angle * (2 * CounterRandom.uniform(key, ANGLE) - 1);
        double cos = Angles.cos(angle) / zoom;
        double sin = Angles.sin(angle) / zoom;
        rowFromRow = flipRow * cos;
        rowFromCol = flipRow * sin;
        colFromRow = flipCol * -sin;
        colFromCol = flipCol * cos;
        double centreRow = (height - 1) / 2.0;
        double centreCol = (width - 1) / 2.0;
        double toRow = centreRow + CounterRandom.below(2 * options.shift + 1, key, SHIFT_ROW) - options.shift;
        double toCol = centreCol + CounterRandom.below(2 * options.shift + 1, key, SHIFT_COL) - options.shift;
        firstRow = centreRow - rowFromRow * toRow - rowFromCol * toCol;
        firstCol = centreCol - colFromRow * toRow - colFromCol * toCol;
    }

    /** Sets one cell, in all channels. */
    private void move(int row, int col, double[] target, int index) {
        double fromRow = firstRow + rowFromRow * row + rowFromCol * col;
        double fromCol = firstCol + colFromRow * row + colFromCol * col;
        double top = Math.floor(fromRow);
        double left = Math.floor(fromCol);
        double down = fromRow - top;
        double right = fromCol - left;
        int plane = height * width;
        for (int start = 0; start < image.length; start += plane) {
            double upper =
                    (1 - right) * value(start, (int) top, (int) left) + right * value(start, (int) top, (int) left + 1);
            double lower = (1 - right) * value(start, (int) top + 1, (int) left)
                    + right * value(start, (int) top + 1, (int) left + 1);
            target[index + start] = (1 - down) * upper + down * lower;
        }
    }

    private double value(int start, int row, int col) {
        boolean inside = row >= 0 && row < height && col >= 0 && col < width;
        return inside ? image[start + row * width + col] : options.fill;
    }

    /** Two uniform numbers give two normal ones. */
    private void addNoise(long key, double[] target, int offset) {
        for (int i = 0; i < image.length; i += 2) {
            double radius = options.noise * Math.sqrt(-2 * StrictMath.log(1 - CounterRandom.uniform(key, NOISE + i)));
            double angle = 2 * Math.PI * CounterRandom.uniform(key, NOISE + i + 1L);
            target[offset + i] += radius * Angles.cos(angle);
            if (i + 1 < image.length) {
                target[offset + i + 1] += radius * Angles.sin(angle);
            }
        }
    }

    private void cut(long key, double[] target, int offset) {
        int top = CounterRandom.below(height, key, CUT_ROW) - options.cutout / 2;
        int left = CounterRandom.below(width, key, CUT_COL) - options.cutout / 2;
        int bottom = Math.min(height, top + options.cutout);
        int right = Math.min(width, left + options.cutout);
        int plane = height * width;
        for (int start = 0; start < image.length; start += plane) {
            for (int row = Math.max(0, top); row < bottom; row++) {
                for (int col = Math.max(0, left); col < right; col++) {
                    target[offset + start + row * width + col] = options.fill;
                }
            }
        }
    }
}
