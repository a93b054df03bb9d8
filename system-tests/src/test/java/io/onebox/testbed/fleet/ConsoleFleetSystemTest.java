package io.onebox.testbed.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testbed.Browser;
import io.onebox.testbed.Shell;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The console over a large fleet: how smoothly it is drawn, and how old what one sees is. What is measured stands in
/// `web-ui/test/browser/fleet.mjs`.
@Tag("system")
@Tag("alone")
@Tag("fleet")
class ConsoleFleetSystemTest {

    private static final int CLIENTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// For which the heaps of two pages are watched: `-Donebox.minutes=60`.
    private static final int MINUTES = Integer.getInteger("onebox.minutes", 0);

    private static final Duration BROWSER_PATIENCE = Duration.ofMinutes(3 + MINUTES);

    @Test
    void twoHundredClientsAreDrawnWithoutAHitch(@TempDir Path directory) throws IOException {
        try (var controller = new LocalController(directory);
                var fleet = new VirtualFleet(controller.url())) {
            controller.awaitReady();
            fleet.connect(fleet.enrol(CLIENTS, controller.token("client", CLIENTS), "client"), CLIENTS);
            VirtualFleet.await(PATIENCE, "a connected fleet", () -> fleet.connected() == CLIENTS);

            Shell.Result result = Shell.attempt(
                    "",
                    List.of(Browser.command(
                            "fleet",
                            "CONSOLE=" + controller.url(),
                            "PASSWORD=" + LocalController.PASSWORD,
                            "CLIENTS=" + CLIENTS,
                            "MINUTES=" + MINUTES)),
                    BROWSER_PATIENCE);

            assertThat(result.exitCode())
                    .as("%s%s", result.output(), result.errors())
                    .isZero();
            System.out.println(result.output());
        }
    }
}
