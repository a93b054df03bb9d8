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
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("registry", Set.of()),
            Map.entry("push", Set.of("registry")),
            Map.entry("store", Set.of("registry", "push")),
            Map.entry("stats", Set.of()),
            Map.entry("metrics", Set.of("registry")),
            Map.entry("trust", Set.of("store")),
            Map.entry("auth", Set.of("store", "trust")),
            Map.entry("enrol", Set.of("registry", "store", "trust", "auth")),
            Map.entry("api", Set.of("registry", "push", "store", "stats", "metrics", "auth", "enrol", "webhook")),
            Map.entry("webhook", Set.of("store", "trust")),
            Map.entry("verticle", Set.of("registry", "store", "stats", "metrics", "trust", "auth", "enrol", "api")),
            Map.entry("cli", Set.of("registry", "store", "trust", "auth", "enrol")));

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
