package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A new controller is set up in Debian's chromium, then the settings of its console. What is clicked and seen stands
/// in
/// `web-ui/test/browser/settings.mjs`; its pictures are in `web-ui/target/pictures`.
@Tag("system")
class SettingsSystemTest {

    @RegisterExtension
    final TestbedExtension testbed = new TestbedExtension();

    private ControllerProcess controller;

    @AfterEach
    void endController() {
        controller.close();
    }

    @Test
    void aNewControllerIsSetUpAndWhatIsSetIsSaid() {
        controller = new ControllerProcess(
                testbed.server(), Testbed.SERVER, testbed.get().directory().resolve("controller"));
        String setUp = controller.initWithoutUsers();
        controller.serve();

        Shell.Result result = Shell.attempt(
                "",
                testbed.server()
                        .inside(Browser.command(
                                "settings",
                                "CONSOLE=https://127.0.0.1:" + ControllerProcess.PORT,
                                "PASSWORD=" + ControllerProcess.PASSWORD,
                                "SET_UP=" + setUp)));

        assertThat(result.exitCode())
                .as("%s%s%ncontroller:%n%s", result.output(), result.errors(), controller.logText())
                .isZero();
        Measured.print(result.output());
    }
}
