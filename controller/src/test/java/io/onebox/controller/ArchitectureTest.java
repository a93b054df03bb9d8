package io.onebox.controller;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.onebox.testing.HouseRules;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The same shape as the agent: a pure core that decides, shells around it.
class ArchitectureTest implements HouseRules {

    private static final JavaClasses CODE = HouseRules.codeOf("io.onebox.controller");

    /// Each package, and those of ours it may use.
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "registry", Set.of(),
            "push", Set.of("registry"),
            "store", Set.of("registry", "push"),
            "trust", Set.of("store"),
            "auth", Set.of("store"),
            "enrol", Set.of("registry", "store", "trust", "auth"),
            "api", Set.of("registry", "store", "auth", "enrol"),
            "verticle", Set.of("registry", "store", "trust", "enrol", "api"),
            "cli", Set.of("registry", "store", "trust", "auth", "enrol"));

    @Override
    public JavaClasses code() {
        return CODE;
    }

    @Test
    void packagesUseOnlyWhatTheyMay() {
        HouseRules.checkDependencies(CODE, "io.onebox.controller", MAY_USE);
    }

    @Test
    void whatDecidesIsPure() {
        noClasses()
                .that()
                .resideInAnyPackage("..registry..", "..push..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.sql..", "java.io..", "java.time..", "org.slf4j..")
                .because("a fleet and what it is told follow from the change alone")
                .check(CODE);
    }

    @Test
    void vertxStaysAtTheEdge() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.onebox.controller", "..verticle..", "..api..", "..cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .because("what blocks must not be able to run on an event loop by accident")
                .check(CODE);
    }
}
