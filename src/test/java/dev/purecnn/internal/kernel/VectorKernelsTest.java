package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The vector kernels give the same bits. Runs where the vector module is available. */
@EnabledIf("vectorModuleIsThere")
class VectorKernelsTest extends KernelsContract {

    static boolean vectorModuleIsThere() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    @Override
    Kernels kernels() {
        return new VectorKernels();
    }

    @Test
    void name_isVector() {
        assertThat(kernels().name()).isEqualTo("vector");
    }
}
