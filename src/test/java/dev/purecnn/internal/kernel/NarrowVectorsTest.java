package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.purecnn.OtherJvm;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The vector kernels for each number of lanes give the same bits, on any machine that has at least that many. The lanes of a
 * virtual machine are what it started with, so each runs in its own.
 */
@EnabledIf("dev.purecnn.internal.kernel.VectorKernelsTest#vectorModuleIsThere")
class NarrowVectorsTest {
    private static final int BYTES = Double.BYTES;

    /** Runs all tests of the contract on the vector kernels, without a test framework. */
    public static final class Main {
        private Main() {}

        /**
         * Prints the lanes, and how many tests passed.
         *
         * @param args none
         * @throws ReflectiveOperationException if a test fails
         */
        public static void main(String[] args) throws ReflectiveOperationException {
            System.out.println("lanes " + VectorTiles.LANES);
            int passed = 0;
            for (Method test : KernelsContract.class.getDeclaredMethods()) {
                if (test.isAnnotationPresent(Test.class)) {
                    try {
                        test.invoke(new VectorKernelsTest());
                    } catch (InvocationTargetException e) {
                        e.getCause().printStackTrace(System.out);
                        throw e;
                    }
                    passed++;
                }
            }
            System.out.println("passed " + passed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 2})
    void kernels_fewerLanes_giveDefinedBits(int lanes) throws Exception {
        // one seed, because vectors are slow until they are compiled
        String output = OtherJvm.run(
                List.of(OtherJvm.ADD_VECTOR, "-XX:MaxVectorSize=" + lanes * BYTES, "-Dpurecnn.seed=" + lanes),
                Main.class);
        for (int fewer = 1; fewer < lanes; fewer++) {
            assumeTrue(!output.contains("lanes " + fewer + System.lineSeparator()), "the machine has fewer lanes");
        }
        long tests = List.of(KernelsContract.class.getDeclaredMethods()).stream()
                .filter(method -> method.isAnnotationPresent(Test.class))
                .count();
        assertThat(output).contains("lanes " + lanes).contains("passed " + tests);
    }
}
