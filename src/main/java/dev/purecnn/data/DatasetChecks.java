package dev.purecnn.data;

/** The checks that every dataset makes at its public edge. */
final class DatasetChecks {

    private DatasetChecks() {}

    static void count(String where, int count, int size) {
        if (count < 0 || count > size) {
            throw new IllegalArgumentException(where + ": expected a count from 0 to " + size + ", got " + count
                    + ". There are " + size + " images; ask for no more.");
        }
    }

    static void index(String where, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(where + ": expected an image index below " + size + ", got " + index
                    + ". Images are numbered from 0 to size() - 1.");
        }
    }

    static void room(String where, double[] target, int offset, int imageSize) {
        if (offset < 0 || offset > target.length - imageSize) {
            throw new IllegalArgumentException(
                    where + ": expected room for " + imageSize + " values at offset " + offset + ", got an array of "
                            + target.length + ". Make the target larger or correct the offset.");
        }
    }

    static void classes(String where, int classes) {
        if (classes < 1) {
            throw new IllegalArgumentException(
                    where + ": expected at least 1 class, got " + classes + ". Give the number of different labels.");
        }
    }
}
