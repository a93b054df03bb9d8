package io.onebox.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The rules of the house that hold in every module. A module's `ArchitectureTest` implements this and
/// adds its own. Each rule says why, so that a failure explains itself.
public interface HouseRules {

    /// The module's own classes, without tests: what is under `target/classes`, not in a jar.
    static JavaClasses codeOf(String rootPackage) {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(new ImportOption.DoNotIncludeJars())
                .importPackages(rootPackage);
    }

    /// The classes to check.
    JavaClasses code();

    @Test
    default void packagesHaveNoCycles() {
        slices().matching("io.onebox.(**)")
                .should()
                .beFreeOfCycles()
                .because("a cycle of packages is one package in several places")
                .check(code());
    }

    @Test
    default void nothingStaticChanges() {
        DescribedPredicate<JavaClass> mutable = DescribedPredicate.describe(
                "mutable types",
                type -> type.isAssignableTo(StringBuilder.class)
                        || type.isAssignableTo(ThreadLocal.class)
                        || type.getPackageName().equals(AtomicBoolean.class.getPackageName())
                        || isConcreteCollection(type));
        fields().that()
                .areStatic()
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(mutable)
                .because("two agents must fit in one JVM, as they do in the simulator")
                .check(code());
    }

    private static boolean isConcreteCollection(JavaClass type) {
        return !type.isInterface() && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class));
    }

    @Test
    default void namesSayWhatAThingIs() {
        noClasses()
                .that()
                .doNotHaveSimpleName("TomlProcessor") // Vert.x names its interface so
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Impl|Base|Processor|Info|Data)")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..impl..", "..misc..", "..helper..")
                .because("a name that fits anything says nothing; see docs/glossary.md")
                .check(code());
    }

    @Test
    default void everyPackageIsNullMarked() {
        classes()
                .that(DescribedPredicate.describe("are top level", JavaClass::isTopLevelClass))
                .should(new ArchCondition<>("live in a package marked @NullMarked") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                        String message = type.getPackageName() + " has no package-info.java with @NullMarked";
                        events.add(new SimpleConditionEvent(type, marked, message));
                    }
                })
                .because("NullAway checks only what is marked")
                .check(code());
    }

    @Test
    default void nothingLooksIntoOtherObjects() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.lang.reflect..", "sun.misc..", "jdk.internal..", "com.google.common..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectInputStream")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.io.ObjectOutputStream")
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .because("reflection, serialization and Unsafe hide from the compiler what the program does")
                .check(code());
    }

    @Test
    default void errorsHaveATypeAndLoggingHasOneWay() {
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS
                .because("a caller can handle only an error that has a type")
                .check(code());
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING
                .because("SLF4J is the one way to log")
                .check(code());
    }

    @Test
    default void onlyTheCommandLineWritesToTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..cli..", "io.onebox.testbed..")
                .should(ACCESS_STANDARD_STREAMS)
                .because("stdout is data and belongs to the commands; everything else logs")
                .check(code());
    }

    /// Packages of `root` in `table` use of `root` only themselves and what the table gives them, and
    /// the table names every package there is.
    static void checkDependencies(JavaClasses code, String root, Map<String, Set<String>> table) {
        classes()
                .that()
                .resideInAPackage(root + ".*..")
                .should()
                .resideInAnyPackage(within(root, table.keySet()))
                .because("every package of " + root + " has a place in the order; add it to the table with a reason")
                .check(code);
        table.forEach((name, allowed) -> {
            List<String> others = table.keySet().stream()
                    .filter(other -> !other.equals(name) && !allowed.contains(other))
                    .toList();
            noClasses()
                    .that()
                    .resideInAPackage(root + "." + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(within(root, others))
                    .because("packets flow one way, and so do imports")
                    .check(code);
        });
    }

    private static String[] within(String root, Collection<String> names) {
        return names.stream().map(name -> root + "." + name + "..").toArray(String[]::new);
    }
}
