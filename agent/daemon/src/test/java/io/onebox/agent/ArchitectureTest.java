package io.onebox.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.onebox.testing.HouseRules;
import org.junit.jupiter.api.Test;

/// The shell around the engine: each framework has its place.
class ArchitectureTest implements HouseRules {

    private static final JavaClasses CODE = HouseRules.codeOf("io.onebox.agent");

    @Override
    public JavaClasses code() {
        return CODE;
    }

    @Test
    void vertxStaysInTheVerticles() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.onebox.agent", "..verticle..", "..control..", "..api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .because("what knows no framework can be tested without one, and the CLI starts fast")
                .check(CODE);
    }

    @Test
    void nativeCallsStayInLinux() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..linux..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jnr..")
                .because("one package knows the kernel's layouts")
                .check(CODE);
    }

    @Test
    void linuxKnowsOnlyTheSeamsItFills() {
        noClasses()
                .that()
                .resideInAPackage("..linux..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..verticle..", "..cli..", "..control..", "..metrics..", "io.onebox.shared..")
                .because("system calls have no opinions")
                .check(CODE);
    }

    @Test
    void theDataPlaneKnowsOnlyTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("..dataplane..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "..linux..", "..verticle..", "..cli..", "..link..", "..route..", "io.onebox.shared..")
                .because("its devices are interfaces, which the tests and the simulator fill too")
                .check(CODE);
    }

    @Test
    void picocliStaysInTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .because("a command line is one of several ways in")
                .check(CODE);
    }
}
