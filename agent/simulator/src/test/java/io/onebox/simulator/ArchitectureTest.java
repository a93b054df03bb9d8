package io.onebox.simulator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.onebox.testing.HouseRules;
import org.junit.jupiter.api.Test;

/// The simulator knows only virtual time and seeded chance.
class ArchitectureTest implements HouseRules {

    private static final JavaClasses CODE = HouseRules.codeOf("io.onebox.simulator");

    @Override
    public JavaClasses code() {
        return CODE;
    }

    @Test
    void everyRunCanBeRepeated() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.io..", "java.net..", "java.nio.channels..", "java.nio.file..", "jnr..")
                .because("a seed and a commit reproduce any failure")
                .check(CODE);
    }
}
