package io.onebox.shared;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.onebox.testing.HouseRules;
import org.junit.jupiter.api.Test;

/// What agent and controller share knows no framework.
class ArchitectureTest implements HouseRules {

    private static final JavaClasses CODE = HouseRules.codeOf("io.onebox.shared");

    @Override
    public JavaClasses code() {
        return CODE;
    }

    @Test
    void onlyTheTomlProcessorAndThePagesKnowVertx() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..web..")
                .and()
                .haveSimpleNameNotStartingWith("TomlProcessor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .because("the config records are read by the CLI too, which starts without Vert.x")
                .check(CODE);
    }
}
