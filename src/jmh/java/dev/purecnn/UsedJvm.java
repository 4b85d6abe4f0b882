package dev.purecnn;

import dev.purecnn.internal.kernel.CompiledKernels;

/** Gives a fresh JVM the history of one that has trained before. */
public final class UsedJvm {
    private UsedJvm() {}

    /** Returns when the kernels are compiled and every network has been trained, with the right result. */
    public static void prepare() {
        CompiledKernels.await();
        BenchmarkNetwork.trainAll();
    }
}
