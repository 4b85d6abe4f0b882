package dev.purecnn.data;

import java.util.Arrays;

/** Turns handwriting into pictures like MNIST's; {@link Preprocessing#mnist} lists the steps. */
final class Handwriting {
    static final int FIELD = 28;
    private static final int BOX = 20;
    private static final int LONGEST_SIDE = 512; // a larger picture is averaged down to it first
    private static final int LEAST_CONTRAST = 16; // of 255, between paper and ink
    private static final double LEAST_SEPARABILITY = 0.8; // MNIST's images have 0.87 and more, pure noise 0.64
    private static final double FAR = 5; // standard deviations of noise
    private static final double DEVIATIONS_PER_MEDIAN = 1.4826; // of a normal distribution
    private static final int SHORTEST = 20; // a digit is longer than this part of the picture
    private static final int SPECK = 20; // what is smaller than this part of the largest stroke is dirt
    private static final double THINNEST_STROKE = 2.0 / BOX; // of the digit's longer side
    private static final double STEP = 3; // chamfer distance 3-4: 3 to a neighbour, 4 across a corner (Borgefors 1986)

    private final int height;
    private final int width;
    private byte[] grey;
    private boolean[] ink;
    private double paperLevel;
    private double inkLevel;

    private Handwriting(byte[] grey, int height, int width) {
        this.grey = grey;
        this.height = height;
        this.width = width;
    }

    /** Of grey pixels, row by row: {@code FIELD x FIELD} bytes, light on dark. */
    static byte[] digit(byte[] grey, int height, int width) {
        int longest = Math.max(height, width);
        if (longest > LONGEST_SIDE) {
            int newHeight = Preprocessing.proportional(height, LONGEST_SIDE, longest);
            int newWidth = Preprocessing.proportional(width, LONGEST_SIDE, longest);
            byte[] smaller = new byte[newHeight * newWidth];
            Resampling.scale(grey, height, width, smaller, 0, newWidth, newHeight, newWidth);
            return new Handwriting(smaller, newHeight, newWidth).digit();
        }
        return new Handwriting(grey, height, width).digit();
    }

    private byte[] digit() {
        findInk();
        removeSpecks();
        return centred(strokes());
    }

    private void findInk() {
        Levels levels = new Levels(grey);
        byte[] seen = grey;
        if (levels.separability() < LEAST_SEPARABILITY) {
            seen = smoothed(grey);
            levels = new Levels(seen);
        }
        if (levels.separability() < LEAST_SEPARABILITY) {
            grey = flattened(grey);
            seen = flattened(seen);
            levels = new Levels(seen);
        }
        int darkest;
        int lightest;
        if (levels.separability() >= LEAST_SEPARABILITY) {
            boolean darkInk = 2 * darkOnBorder(seen, levels.threshold) < 2 * (height + width) - 4;
            darkest = darkInk ? 0 : levels.threshold + 1;
            lightest = darkInk ? levels.threshold : 255;
        } else { // little ink, or much noise: what the paper's noise does not explain
            int paper = levels.median();
            int noise = (int) Math.ceil(Math.max(LEAST_CONTRAST, FAR * levels.deviation(paper)));
            boolean darkInk = levels.count(0, paper - noise) >= levels.count(paper + noise, 255);
            darkest = darkInk ? 0 : paper + noise;
            lightest = darkInk ? paper - noise : 255;
        }
        paperLevel = darkest > 0 ? levels.mean(0, darkest - 1) : levels.mean(lightest + 1, 255);
        inkLevel = levels.mean(darkest, lightest);
        if (!(Math.abs(paperLevel - inkLevel) >= LEAST_CONTRAST)) { // or NaN: there is no ink at all
            throw noInk();
        }
        ink = new boolean[seen.length];
        for (int i = 0; i < ink.length; i++) {
            int level = seen[i] & 0xff;
            ink[i] = level >= darkest && level <= lightest;
        }
    }

    /** Without shadows: 128 more than each pixel's distance from the mean of a window of half the picture's sides. */
    private byte[] flattened(byte[] levels) {
        long[] sums = new long[(height + 1) * (width + 1)]; // of all pixels above and to the left
        for (int row = 0; row < height; row++) {
            long rowSum = 0;
            for (int col = 0; col < width; col++) {
                rowSum += levels[row * width + col] & 0xff;
                sums[(row + 1) * (width + 1) + col + 1] = sums[row * (width + 1) + col + 1] + rowSum;
            }
        }
        byte[] result = new byte[levels.length];
        for (int i = 0; i < result.length; i++) {
            int top = Math.max(0, i / width - height / 4);
            int bottom = Math.min(height, i / width + height / 4 + 1);
            int left = Math.max(0, i % width - width / 4);
            int right = Math.min(width, i % width + width / 4 + 1);
            long sum = sums[bottom * (width + 1) + right]
                    - sums[top * (width + 1) + right]
                    - sums[bottom * (width + 1) + left]
                    + sums[top * (width + 1) + left];
            long mean = sum / ((bottom - top) * (long) (right - left));
            result[i] = (byte) Math.max(0, Math.min(255, 128 + (levels[i] & 0xff) - mean));
        }
        return result;
    }

    private static IllegalArgumentException noInk() {
        return new IllegalArgumentException(
                "Preprocessing: expected handwriting, got a picture without ink that differs from"
                        + " its paper by " + LEAST_CONTRAST + " of 255 and is longer than a twentieth of the picture."
                        + " Write darker, or crop the picture.");
    }

    private int darkOnBorder(byte[] seen, int threshold) {
        int dark = 0;
        for (int i = 0; i < seen.length; i++) {
            int row = i / width;
            int col = i % width;
            boolean border = row == 0 || row == height - 1 || col == 0 || col == width - 1;
            dark += border && (seen[i] & 0xff) <= threshold ? 1 : 0;
        }
        return dark;
    }

    /** The mean of each pixel and its eight neighbours, those at the border counted again where some are missing. */
    private byte[] smoothed(byte[] seen) {
        byte[] result = new byte[seen.length];
        for (int row = 0; row < height; row++) {
            for (int col = 0; col < width; col++) {
                int sum = 4;
                for (int i = 0; i < 9; i++) {
                    int r = Math.min(height - 1, Math.max(0, row + i / 3 - 1));
                    int c = Math.min(width - 1, Math.max(0, col + i % 3 - 1));
                    sum += seen[r * width + c] & 0xff;
                }
                result[row * width + col] = (byte) (sum / 9);
            }
        }
        return result;
    }

    /** Removes connected parts, also across corners, that are small compared with the largest. */
    private void removeSpecks() {
        int[] stroke = new int[ink.length]; // of each pixel: which, from 1
        int[] sizes = new int[ink.length + 1];
        int[] queue = new int[ink.length];
        int strokes = 0;
        for (int i = 0; i < ink.length; i++) {
            if (ink[i] && stroke[i] == 0) {
                sizes[++strokes] = flood(i, strokes, stroke, queue);
            }
        }
        int largest = Arrays.stream(sizes, 0, strokes + 1).max().getAsInt();
        for (int i = 0; i < ink.length; i++) {
            ink[i] = ink[i] && sizes[stroke[i]] * (long) SPECK >= largest;
        }
    }

    private int flood(int start, int number, int[] stroke, int[] queue) {
        int size = 1;
        queue[0] = start;
        stroke[start] = number;
        for (int done = 0; done < size; done++) {
            int row = queue[done] / width;
            int col = queue[done] % width;
            for (int r = Math.max(0, row - 1); r <= Math.min(height - 1, row + 1); r++) {
                for (int c = Math.max(0, col - 1); c <= Math.min(width - 1, col + 1); c++) {
                    int next = r * width + c;
                    if (ink[next] && stroke[next] == 0) {
                        stroke[next] = number;
                        queue[size++] = next;
                    }
                }
            }
        }
        return size;
    }

    /** The ink as light on dark, in its bounding box with the border that it needs; thin strokes made thicker. */
    private Plane strokes() {
        Plane box = bounds();
        if (Math.max(box.height, box.width) * SHORTEST < Math.max(height, width)) {
            throw noInk();
        }
        boolean[] paper = new boolean[ink.length];
        for (int i = 0; i < paper.length; i++) {
            paper[i] = !ink[i];
        }
        double thinnest = THINNEST_STROKE * Math.max(box.height, box.width);
        double grow = Math.max(0, (thinnest - strokeWidth(distances(paper))) / 2);
        int[] toInk = distances(ink);
        int border = (int) Math.ceil(grow);
        int top = box.top - border;
        int left = box.left - border;
        Plane result = new Plane(top, left, box.height + 2 * border, box.width + 2 * border);
        for (int i = 0; i < ink.length; i++) {
            int row = i / width - top;
            int col = i % width - left;
            if (row >= 0
                    && row < result.height
                    && col >= 0
                    && col < result.width
                    && toInk[i] <= STEP * Math.max(grow, 1)) {
                result.pixels[row * result.width + col] = (byte) level(i, toInk[i] <= STEP * grow && grow > 0);
            }
        }
        return result;
    }

    private int level(int pixel, boolean full) {
        double level = 255 * (paperLevel - (grey[pixel] & 0xff)) / (paperLevel - inkLevel);
        return full ? 255 : (int) Math.max(0, Math.min(255, level + 0.5));
    }

    private Plane bounds() {
        int top = height;
        int bottom = -1;
        int left = width;
        int right = -1;
        for (int i = 0; i < ink.length; i++) {
            if (ink[i]) {
                top = Math.min(top, i / width);
                bottom = i / width;
                left = Math.min(left, i % width);
                right = Math.max(right, i % width);
            }
        }
        return new Plane(top, left, bottom - top + 1, right - left + 1);
    }

    /** Across a stroke of w pixels the distances to the paper are 1, 2, ..., 2, 1: their mean is about w / 4 + 1 / 2. */
    private double strokeWidth(int[] toPaper) {
        long sum = 0;
        int count = 0;
        for (int i = 0; i < ink.length; i++) {
            sum += ink[i] ? toPaper[i] : 0;
            count += ink[i] ? 1 : 0;
        }
        return 4 * (sum / STEP / count) - 2;
    }

    /** Of each pixel to the nearest of a set: in thirds of a pixel, in two passes over the picture. */
    private int[] distances(boolean[] set) {
        int[] distances = new int[set.length];
        for (int i = 0; i < set.length; i++) {
            distances[i] = set[i] ? 0 : Integer.MAX_VALUE / 2;
        }
        for (int i = 0; i < set.length; i++) {
            relax(distances, i, -1);
        }
        for (int i = set.length - 1; i >= 0; i--) {
            relax(distances, i, 1);
        }
        return distances;
    }

    /** By the four neighbours that the pass has visited. */
    private void relax(int[] distances, int i, int side) {
        int row = i / width + side;
        int col = i % width;
        int best = distances[i];
        if (row >= 0 && row < height) {
            best = Math.min(best, distances[row * width + col] + 3);
            best = Math.min(best, col > 0 ? distances[row * width + col - 1] + 4 : best);
            best = Math.min(best, col < width - 1 ? distances[row * width + col + 1] + 4 : best);
        }
        if (col + side >= 0 && col + side < width) {
            best = Math.min(best, distances[i + side] + 3);
        }
        distances[i] = best;
    }

    /** Fits the strokes into the box, and puts their centre of mass into the middle of the field. */
    private static byte[] centred(Plane strokes) {
        int longest = Math.max(strokes.height, strokes.width);
        int rows = Preprocessing.proportional(strokes.height, BOX, longest);
        int cols = Preprocessing.proportional(strokes.width, BOX, longest);
        byte[] small = new byte[rows * cols];
        Resampling.scale(strokes.pixels, strokes.height, strokes.width, small, 0, cols, rows, cols);
        long mass = 0;
        long rowMass = 0;
        long colMass = 0;
        for (int i = 0; i < small.length; i++) {
            int level = small[i] & 0xff;
            mass += level;
            rowMass += (long) level * (i / cols);
            colMass += (long) level * (i % cols);
        }
        int top = start(rowMass, mass, rows);
        int left = start(colMass, mass, cols);
        byte[] field = new byte[FIELD * FIELD];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(small, row * cols, field, (top + row) * FIELD + left, cols);
        }
        return field;
    }

    /** Where the box must start to have its centre of mass on cell 14, as in MNIST, as far as it fits. */
    private static int start(long moment, long mass, int length) {
        long centre = mass == 0 ? length / 2 : (2 * moment + mass) / (2 * mass); // rounded
        return (int) Math.max(0, Math.min(FIELD - length, FIELD / 2 - centre));
    }

    /** A part of the picture. */
    private static final class Plane {
        final int top;
        final int left;
        final int height;
        final int width;
        final byte[] pixels;

        Plane(int top, int left, int height, int width) {
            this.top = top;
            this.left = left;
            this.height = height;
            this.width = width;
            pixels = new byte[height * width];
        }
    }

    /** How often each grey occurs, and what follows from it. */
    private static final class Levels {
        private final long[] counts = new long[256];
        private double between; // the largest variance between dark and light
        int threshold; // the lightest dark of the two that are parted best (Otsu 1979)

        Levels(byte[] pixels) {
            for (byte pixel : pixels) {
                counts[pixel & 0xff]++;
            }
            for (int level = 0; level < 255; level++) {
                double dark = count(0, level);
                double light = pixels.length - dark;
                double distance = mean(level + 1, 255) - mean(0, level);
                double value = dark / pixels.length * (light / pixels.length) * distance * distance;
                if (value > between) { // not if NaN: one of them is empty
                    between = value;
                    threshold = level;
                }
            }
        }

        long count(int from, int to) {
            long count = 0;
            for (int level = Math.max(0, from); level <= Math.min(255, to); level++) {
                count += counts[level];
            }
            return count;
        }

        /** NaN of none. */
        double mean(int from, int to) {
            long sum = 0;
            for (int level = Math.max(0, from); level <= Math.min(255, to); level++) {
                sum += level * counts[level];
            }
            return (double) sum / count(from, to);
        }

        /** From 0 to 1: how much of the variance lies between dark and light. */
        double separability() {
            double mean = mean(0, 255);
            double variance = 0;
            for (int level = 0; level < 256; level++) {
                variance += counts[level] * (level - mean) * (level - mean) / count(0, 255);
            }
            return variance > 0 ? between / variance : 0;
        }

        int median() {
            int level = 0;
            while (2 * count(0, level) < count(0, 255)) {
                level++;
            }
            return level;
        }

        /** Of the noise around a level: from the median of the absolute distances, which ink does not move. */
        double deviation(int level) {
            int distance = 0;
            while (2 * count(level - distance, level + distance) < count(0, 255)) {
                distance++;
            }
            return DEVIATIONS_PER_MEDIAN * distance;
        }
    }
}
