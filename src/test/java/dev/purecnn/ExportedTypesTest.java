package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.purecnn.data.Cifar10;
import dev.purecnn.data.Cifar100;
import dev.purecnn.data.Idx;
import dev.purecnn.data.ImageFolder;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.data.Pictures;
import dev.purecnn.evaluation.Classification;
import dev.purecnn.layer.GradientCheck;
import dev.purecnn.layer.Layer;
import dev.purecnn.onnx.OnnxExport;
import dev.purecnn.onnx.OnnxImport;
import dev.purecnn.onnx.Weights;
import dev.purecnn.training.ConsoleListener;
import dev.purecnn.view.FilterPicture;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every exported type is one that a user names first, or that the signatures of those name; none is public for another package. */
class ExportedTypesTest {
    /** What a user names first. Layers and exceptions, which are found by their type, are entry points too. */
    private static final Set<Class<?>> ENTRY_POINTS = Set.of(
            CNN.class,
            MnistCsv.class,
            Idx.class,
            Cifar10.class,
            Cifar100.class,
            Pictures.class,
            ImageFolder.class,
            GradientCheck.class,
            Classification.class,
            ConsoleListener.class,
            Weights.class,
            OnnxImport.class,
            OnnxExport.class,
            FilterPicture.class);

    private final Set<String> exportedPackages =
            ModuleFinder.of(Path.of("target/classes")).find("dev.purecnn").orElseThrow().descriptor().exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());

    private final Set<Class<?>> publicTypes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.purecnn").stream()
                    .filter(type -> exportedPackages.contains(type.getPackageName()))
                    .map(JavaClass::reflect)
                    .filter(ExportedTypesTest::isVisible)
                    .collect(Collectors.toSet());

    @Test
    void exports_publicTypes_areInAUsersSignatures() {
        Set<Class<?>> unreached = new LinkedHashSet<>(publicTypes);
        unreached.removeAll(reachable());
        assertThat(names(unreached))
                .as("public types that no entry point leads to")
                .isEmpty();
    }

    @Test
    void exports_signatures_nameExportedTypesOnly() {
        Set<Class<?>> hidden = reachable();
        hidden.removeIf(type -> !type.getName().startsWith("dev.purecnn.") || publicTypes.contains(type));
        assertThat(names(hidden))
                .as("types in signatures that users cannot name")
                .isEmpty();
    }

    private static Set<String> names(Set<Class<?>> types) {
        return types.stream().map(Class::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isVisible(Class<?> type) {
        return isVisible(type.getModifiers())
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    /** The entry points and what their visible members name, over and over. */
    private Set<Class<?>> reachable() {
        Set<Class<?>> reached = new LinkedHashSet<>(ENTRY_POINTS);
        publicTypes.stream()
                .filter(type -> Throwable.class.isAssignableFrom(type)
                        || Layer.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .forEach(reached::add);
        Deque<Class<?>> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            Class<?> type = open.remove();
            if (type.getName().startsWith("dev.purecnn.")) {
                namedBy(type)
                        .flatMap(ExportedTypesTest::classes)
                        .filter(reached::add)
                        .forEach(open::add);
            }
        }
        return reached;
    }

    private static Stream<Type> namedBy(Class<?> type) {
        Stream<Type> members = Stream.of(
                        Arrays.stream(type.getDeclaredMethods()).filter(ExportedTypesTest::isShown),
                        Arrays.stream(type.getDeclaredConstructors()).filter(ExportedTypesTest::isShown),
                        Arrays.stream(type.getDeclaredFields()).filter(ExportedTypesTest::isShown))
                .flatMap(all -> all)
                .flatMap(ExportedTypesTest::namedBy);
        Stream<Type> nested = Arrays.stream(type.getDeclaredClasses())
                .filter(ExportedTypesTest::isVisible)
                .map(t -> t);
        return Stream.of(members, nested, Arrays.stream(type.getTypeParameters()), supertypes(type))
                .flatMap(all -> all);
    }

    /** Supertypes that are hidden are left out: they are how a type is made. */
    private static Stream<Type> supertypes(Class<?> type) {
        Stream<Type> interfaces = Arrays.stream(type.getGenericInterfaces());
        return Stream.concat(Stream.ofNullable(type.getGenericSuperclass()), interfaces)
                .filter(supertype -> classes(supertype).allMatch(ExportedTypesTest::isVisible));
    }

    private static boolean isShown(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    private static Stream<Type> namedBy(Member member) {
        if (member instanceof Field field) {
            return Stream.of(field.getGenericType());
        }
        Executable executable = (Executable) member;
        Stream<Type> result =
                executable instanceof Method method ? Stream.of(method.getGenericReturnType()) : Stream.empty();
        return Stream.of(
                        result,
                        Arrays.stream(executable.getGenericParameterTypes()),
                        Arrays.stream(executable.getGenericExceptionTypes()),
                        Arrays.stream(executable.getTypeParameters()))
                .flatMap(all -> all);
    }

    /** The classes that a type is written with. */
    private static Stream<Class<?>> classes(Type type) {
        if (type instanceof Class<?> named) {
            return named.isArray() ? classes(named.getComponentType()) : Stream.of(named);
        } else if (type instanceof ParameterizedType generic) {
            return Stream.concat(Stream.of(generic.getRawType()), Arrays.stream(generic.getActualTypeArguments()))
                    .flatMap(ExportedTypesTest::classes);
        } else if (type instanceof GenericArrayType array) {
            return classes(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            return Stream.of(wildcard.getUpperBounds(), wildcard.getLowerBounds())
                    .flatMap(Arrays::stream)
                    .flatMap(ExportedTypesTest::classes);
        }
        return Arrays.stream(((TypeVariable<?>) type).getBounds())
                .filter(bound -> bound instanceof Class<?>) // a recursive bound names nothing more
                .flatMap(ExportedTypesTest::classes);
    }
}
