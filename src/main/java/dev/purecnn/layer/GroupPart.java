package dev.purecnn.layer;

/**
 * One group's part of an array of a convolution's parameters, for kernels that take whole arrays: a copy that is put back, or
 * where there is but one group, the array itself.
 */
final class GroupPart {
    private final int length;
    private final int groups;
    private double[] copy;

    /** Parts of an array of that length; the memory for the copy is made when it is needed. */
    GroupPart(int length, int groups) {
        this.length = length / groups;
        this.groups = groups;
    }

    double[] of(double[] all, int group) {
        if (groups == 1) {
            return all;
        }
        if (copy == null) {
            copy = new double[length];
        }
        System.arraycopy(all, group * length, copy, 0, length);
        return copy;
    }

    void putBack(double[] all, int group) {
        if (groups > 1) {
            System.arraycopy(copy, 0, all, group * length, length);
        }
    }
}
