package dev.purecnn;

import dev.purecnn.internal.kernel.CompiledKernels;

/** Makes a fresh JVM one that has worked before. */
public final class UsedJvm {
    private UsedJvm() {}

    /** Returns when the kernels are compiled and every network has been trained, with the right outcome. */
    public static void prepare() {
        CompiledKernels.await();
        BenchmarkNetwork.trainAll();
    }
}
