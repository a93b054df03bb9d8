package io.onebox.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.onebox.testing.HouseRules;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The engine is pure, and packets flow through its packages one way.
class ArchitectureTest implements HouseRules {

    private static final JavaClasses CODE = HouseRules.codeOf("io.onebox.engine");

    /// Each package of the engine, and the packages of the engine it may use.
    private static final Map<String, Set<String>> MAY_USE = Map.of(
            "session", Set.of("schedule", "queue", "repair", "reorder", "path", "noise", "wire", "stats", "packet"),
            "schedule", Set.of("path"),
            "queue", Set.of("packet"),
            "repair", Set.of("wire", "packet"),
            "reorder", Set.of("packet"),
            "path", Set.of("noise", "repair", "wire", "packet"), // a path owns its accounts and seals
            "noise", Set.of("wire", "packet"),
            "wire", Set.of(),
            "stats", Set.of("packet"), // the addresses of a path
            "packet", Set.of());

    @Override
    public JavaClasses code() {
        return CODE;
    }

    @Test
    void packetsFlowOneWayAndSoDoImports() {
        HouseRules.checkDependencies(CODE, "io.onebox.engine", MAY_USE);
    }

    @Test
    void theEngineIsPure() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.onebox.engine..",
                        "java.lang",
                        "java.lang.foreign",
                        "java.lang.runtime", // what switch over records compiles to
                        "java.nio",
                        "java.nio.charset",
                        "java.security", // MessageDigest.isEqual, and what javax.crypto throws
                        "java.util",
                        "java.util.function",
                        "java.util.random", // generators are passed in
                        "java.util.stream",
                        "javax.crypto..",
                        "org.bouncycastle.crypto..",
                        "org.bouncycastle.math..",
                        "org.jspecify.annotations")
                .because("the engine runs in the simulator exactly as on a router")
                .check(CODE);
    }

    @Test
    void theEngineIsToldTheTimeAndNeverAsks() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Random.class)
                .because("a run that asks for time or chance cannot be repeated")
                .check(CODE);
    }
}
