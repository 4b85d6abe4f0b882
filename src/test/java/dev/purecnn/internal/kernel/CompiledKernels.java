package dev.purecnn.internal.kernel;

/**
 * Waits for vector kernels that are forced from the start to be compiled: until then they put their vectors on the heap, and
 * no allocation can be measured.
 */
public final class CompiledKernels {
    private CompiledKernels() {}

    /** Returns when the active kernels allocate nothing. */
    public static void await() {
        new KernelWarmup(new PlainKernels(), Kernels.active(), () -> {}).run();
    }
}
