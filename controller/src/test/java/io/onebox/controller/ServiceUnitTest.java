package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the units of systemd promise and no system test can see without systemd.
class ServiceUnitTest {

    private static final Path PACKAGING = Path.of("..", "packaging");

    /// A core has every key that the process has.
    @ParameterizedTest
    @ValueSource(strings = {"controller/onebox-controller.service", "agent/onebox-ROLE.service"})
    void noCoreIsDumped(String unit) throws IOException {
        assertThat(Files.readAllLines(PACKAGING.resolve(unit))).containsOnlyOnce("LimitCORE=0");
    }
}
