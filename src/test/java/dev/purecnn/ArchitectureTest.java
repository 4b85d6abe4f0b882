package dev.purecnn;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.LayerRegistry;
import java.io.ObjectInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, and what no class of the library may do. */
class ArchitectureTest {
    private static final String KERNEL_CHOOSER = "dev\\.purecnn\\.internal\\.kernel\\.KernelChooser(\\$.*)?";

    /** VectorKernels and its helpers: what pom.xml compiles with the vector module. */
    private static final String VECTOR_KERNELS = "dev\\.purecnn\\.internal\\.kernel\\.Vector.*";

    /** Needed to read folders of pictures, and for nothing else. */
    private static final String PICTURE_DECODER = "dev\\.purecnn\\.data\\.Picture(Decoder|s)";

    /** Their last bits depend on the platform and the compiler; StrictMath has them all, with bits of one kind. */
    private static final Set<String> INEXACT_FUNCTIONS = Set.of(
            "exp", "expm1", "log", "log10", "log1p", "pow", "cbrt", "hypot", "sin", "cos", "tan", "asin", "acos",
            "atan", "atan2", "sinh", "cosh", "tanh");

    private static final Set<String> REFLECTION_BY_NAME = Set.of(
            "java.lang.Class.forName",
            "java.lang.ClassLoader.loadClass",
            "java.lang.invoke.MethodHandles$Lookup.findClass",
            "java.lang.Class.getMethod",
            "java.lang.Class.getDeclaredMethod",
            "java.lang.Class.getField",
            "java.lang.Class.getDeclaredField",
            "java.lang.Class.getConstructor",
            "java.lang.Class.getDeclaredConstructor");

    private static final Set<String> EXITS =
            Set.of("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt");

    /** On JDK 17 these take the charset of the machine, from JDK 18 on UTF-8. */
    private static final Set<String> DEFAULT_CHARSET = Set.of(
            "java.nio.charset.Charset.defaultCharset()",
            "java.lang.String.getBytes()",
            "java.lang.String.<init>([B)",
            "java.lang.String.<init>([B, int, int)",
            "java.io.ByteArrayOutputStream.toString()",
            "java.io.InputStreamReader.<init>(java.io.InputStream)",
            "java.io.OutputStreamWriter.<init>(java.io.OutputStream)",
            "java.io.FileReader.<init>(java.lang.String)",
            "java.io.FileReader.<init>(java.io.File)",
            "java.io.FileReader.<init>(java.io.FileDescriptor)",
            "java.io.FileWriter.<init>(java.lang.String)",
            "java.io.FileWriter.<init>(java.lang.String, boolean)",
            "java.io.FileWriter.<init>(java.io.File)",
            "java.io.FileWriter.<init>(java.io.File, boolean)",
            "java.io.FileWriter.<init>(java.io.FileDescriptor)",
            "java.io.PrintWriter.<init>(java.lang.String)",
            "java.io.PrintWriter.<init>(java.io.File)",
            "java.io.PrintWriter.<init>(java.io.OutputStream)",
            "java.io.PrintWriter.<init>(java.io.OutputStream, boolean)",
            "java.io.PrintStream.<init>(java.lang.String)",
            "java.io.PrintStream.<init>(java.io.File)",
            "java.io.PrintStream.<init>(java.io.OutputStream)",
            "java.io.PrintStream.<init>(java.io.OutputStream, boolean)",
            "java.util.Formatter.<init>(java.lang.String)",
            "java.util.Formatter.<init>(java.io.File)",
            "java.util.Formatter.<init>(java.io.OutputStream)",
            "java.util.Scanner.<init>(java.io.InputStream)",
            "java.util.Scanner.<init>(java.io.File)",
            "java.util.Scanner.<init>(java.nio.file.Path)",
            "java.util.Scanner.<init>(java.nio.channels.ReadableByteChannel)");

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.purecnn");

    /** Each package with those that it may use besides {@link #TOOLS}, as the design draws it, without {@code dev.purecnn}. */
    private static final Map<String, Set<String>> ARROWS = Map.ofEntries(
            entry("onnx", Set.of("", "data", "layer", "internal.file", "internal.training")),
            entry("view", Set.of("", "layer", "internal.file")),
            entry(
                    "",
                    Set.of(
                            "internal.training",
                            "training",
                            "evaluation",
                            "data",
                            "layer",
                            "internal.file",
                            "internal.kernel")),
            entry(
                    "internal.training",
                    Set.of(
                            "training",
                            "evaluation",
                            "data",
                            "layer",
                            "internal.file",
                            "internal.kernel",
                            "internal.shard")),
            entry("training", Set.of("evaluation", "data", "layer", "internal.kernel")),
            entry("evaluation", Set.of("data", "layer")),
            entry("data", Set.of("layer", "internal.file")),
            entry("layer", Set.of("internal.convolution", "internal.kernel", "internal.shard")),
            entry("internal.convolution", Set.of("internal.kernel")),
            entry("internal.file", Set.of()),
            entry("internal.kernel", Set.of()),
            entry("internal.random", Set.of()),
            entry("internal.shard", Set.of()),
            entry("internal.text", Set.of()));

    /** Small packages that know no other, which every package may use. */
    private static final Set<String> TOOLS = Set.of("internal.random", "internal.text");

    @Test
    void packages_dependencies_pointDownOnly() {
        for (JavaClass type : LIBRARY) {
            assertThat(ARROWS).containsKey(packageOf(type));
            assertThat(type.getDirectDependenciesFromSelf())
                    .as("the packages that %s uses", type.getName())
                    .extracting(Dependency::getTargetClass)
                    .filteredOn(target -> target.getPackageName().startsWith("dev.purecnn"))
                    .extracting(ArchitectureTest::packageOf)
                    .filteredOn(name -> !name.equals(packageOf(type)) && !TOOLS.contains(name))
                    .isSubsetOf(ARROWS.get(packageOf(type)));
        }
    }

    private static String packageOf(JavaClass type) {
        return type.getPackageName().replaceFirst("^dev\\.purecnn\\.?", "");
    }

    @Test
    void packages_imports_formNoCycle() {
        slices().assignedFrom(eachPackage()).should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void pictures_onlyInViewAndTheirDecoder() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.purecnn.view")
                .and()
                .haveNameNotMatching(PICTURE_DECODER)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..", "javax.swing..")
                .because("a server without java.desktop trains and predicts too")
                .check(LIBRARY);
    }

    @Test
    void opencsv_onlyInCsvReader() {
        noClasses()
                .that()
                .haveNameNotMatching("dev\\.purecnn\\.data\\.\\w*Csv.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.opencsv..")
                .because("those who only predict need no opencsv")
                .check(LIBRARY);
    }

    @Test
    void vectorModule_onlyInVectorKernels() {
        noClasses()
                .that()
                .haveNameNotMatching(VECTOR_KERNELS)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .because("without --add-modules every other class must load")
                .check(LIBRARY);
    }

    @Test
    void vectorKernels_unknownByTypeToAll() {
        noClasses()
                .that()
                .haveNameNotMatching(VECTOR_KERNELS)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(VECTOR_KERNELS)
                .because("the chooser loads them by name, when their module is there")
                .check(LIBRARY);
    }

    /** Or a network that has the layer could not be loaded. */
    @Test
    void layers_each_areRegistered() {
        for (JavaClass type : LIBRARY) {
            boolean made = !type.isInterface()
                    && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                    && type.getModifiers().contains(JavaModifier.PUBLIC);
            if (made && type.isAssignableTo(Layer.class)) {
                LayerDescription description = LayerDescription.of(type.getSimpleName());
                Throwable refusal = catchThrowable(() -> LayerRegistry.builtIn().layers(List.of(description), 0));
                assertThat(String.valueOf(refusal)).doesNotContain("expected a known type of layer");
            }
        }
    }

    @Test
    void serialization_nowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .because("a model file must not run code")
                .check(LIBRARY);
    }

    @Test
    void reflectionByName_onlyInKernelChooser() {
        noClasses()
                .that()
                .haveNameNotMatching(KERNEL_CHOOSER)
                .should()
                .accessTargetWhere(target("reflection by name", access -> REFLECTION_BY_NAME.contains(nameOf(access))))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect..")
                .because("what is found by name, neither compiler nor module system can see")
                .check(LIBRARY);
    }

    @Test
    void network_nowhere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "javax.net..")
                .because("the library reads what it is given, and fetches nothing")
                .check(LIBRARY);
    }

    @Test
    void exit_nowhere() {
        noClasses()
                .should()
                .accessTargetWhere(target("the end of the JVM", access -> EXITS.contains(nameOf(access))))
                .because("the JVM belongs to the application")
                .check(LIBRARY);
    }

    @Test
    void defaultCharset_nowhere() {
        noClasses()
                .should()
                .accessTargetWhere(target(
                        "the default charset",
                        access -> DEFAULT_CHARSET.contains(access.getTarget().getFullName())))
                .because("the same file must read the same everywhere")
                .check(LIBRARY);
    }

    @Test
    void inexactFunctions_onlyFromStrictMath() {
        noClasses()
                .should()
                .accessTargetWhere(target(
                        "a function of Math whose bits vary",
                        access -> access.getTargetOwner().isEquivalentTo(Math.class)
                                && INEXACT_FUNCTIONS.contains(access.getTarget().getName())))
                .because("one seed gives one model, bit for bit; StrictMath has the same functions")
                .check(LIBRARY);
    }

    @Test
    void randomness_alwaysFromASeed() {
        noClasses()
                .should()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .because("one seed gives one model")
                .check(LIBRARY);
    }

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return SliceIdentifier.of(javaClass.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    private static DescribedPredicate<JavaAccess<?>> target(String description, Predicate<JavaAccess<?>> predicate) {
        return describe(description, predicate);
    }

    private static String nameOf(JavaAccess<?> access) {
        return access.getTargetOwner().getName() + "." + access.getTarget().getName();
    }
}
