package dev.purecnn.internal.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Decides between plain and vector kernels.
 *
 * <p>If the virtual machine has the vector module, a program starts on the plain kernels, and changes over when the vector
 * ones are compiled: until then they would be a thousand times slower. The system property {@value #PROPERTY} forces one:
 * {@code plain} or {@code vector}.
 */
final class KernelChooser {
    static final String PROPERTY = "purecnn.kernels";
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final long PAUSE_NANOS = 100_000_000; // in which a program that has just started has the processors
    private static final PlainKernels PLAIN = new PlainKernels();

    private static volatile Kernels active;

    private KernelChooser() {}

    static Kernels active() {
        Kernels chosen = active;
        return chosen == null ? choose() : chosen;
    }

    private static synchronized Kernels choose() {
        if (active == null) {
            String forced = System.getProperty(PROPERTY, "");
            switch (forced) {
                case "plain" -> active = PLAIN;
                case "vector" -> active = forcedVector();
                case "" -> chooseFreely();
                default ->
                    throw new IllegalStateException("System property " + PROPERTY + ": expected plain or vector, got "
                            + forced + ". Correct it, or leave it out.");
            }
        }
        return active;
    }

    private static Kernels forcedVector() {
        Module module = vectorModule()
                .orElseThrow(() -> new IllegalStateException("System property " + PROPERTY + ": expected the module "
                        + VECTOR_MODULE + " for vector kernels, got a virtual machine without it."
                        + " Start java with --add-modules " + VECTOR_MODULE + "."));
        try {
            return load(module);
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            throw new IllegalStateException(
                    "System property " + PROPERTY + ": expected vector kernels that load, got " + cause
                            + ". Leave the property out for plain kernels, or start java in another way.",
                    cause);
        }
    }

    /**
     * Plain at first. Loading the vector kernels takes as long as many predictions, so a thread of its own does it. That is no
     * daemon: what it logs is to be seen even if the program ends soon.
     */
    private static void chooseFreely() {
        active = PLAIN;
        new Loader().start();
    }

    /** A class and no lambda: making the first lambda would take a tenth of the time to a first prediction. */
    private static final class Loader extends Thread {
        private Loader() {
            super("purecnn-kernel-loader");
        }

        @Override
        public void run() {
            new PlainWarmup().run(PLAIN);
            LockSupport.parkNanos(PAUSE_NANOS);
            vector().ifPresent(vector -> KernelWarmup.start(PLAIN, vector, () -> active = vector));
        }
    }

    /** The vector kernels, if they are there; else it is logged why they are not. */
    private static Optional<Kernels> vector() {
        Optional<Module> module = vectorModule();
        if (module.isEmpty()) {
            logger().log(
                            Level.INFO,
                            "The vector module is missing, so plain kernels do the work: the same results, later. Start java with"
                                    + " --add-modules " + VECTOR_MODULE + " for more speed.");
            return Optional.empty();
        }
        try {
            return Optional.of(load(module.get()));
        } catch (ReflectiveOperationException | LinkageError e) {
            logger().log(Level.WARNING, "The vector kernels do not load here; plain kernels do the work.", e);
            return Optional.empty();
        }
    }

    private static Optional<Module> vectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE);
    }

    /** By name, because the module that they need may be missing. */
    private static Kernels load(Module module) throws ReflectiveOperationException {
        KernelChooser.class.getModule().addReads(module);
        Class<?> kernels = Class.forName("dev.purecnn.internal.kernel.VectorKernels");
        return (Kernels) kernels.getDeclaredConstructor().newInstance();
    }

    private static Logger logger() {
        return System.getLogger("dev.purecnn");
    }
}
