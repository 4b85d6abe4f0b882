package dev.purecnn.layer;

/**
 * One group's part of an array of a convolution's parameters, for kernels that take whole arrays: a copy that is put back, or
 * where there is but one group, the array itself.
 */
final class GroupPart {
    private final int groups;
    private final double[] copy;

    GroupPart(int length, int groups) {
        this.groups = groups;
        this.copy = groups == 1 ? null : new double[length / groups];
    }

    double[] of(double[] all, int group) {
        if (groups == 1) {
            return all;
        }
        System.arraycopy(all, group * copy.length, copy, 0, copy.length);
        return copy;
    }

    void putBack(double[] all, int group) {
        if (groups > 1) {
            System.arraycopy(copy, 0, all, group * copy.length, copy.length);
        }
    }
}
