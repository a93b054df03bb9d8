package io.onebox.shared.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.onebox.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogSetupTest {

    @Test
    void aLineOfJsonHoldsTheKeyValuesAndOneLineOnly() {
        var logger = new LoggerContext().getLogger("io.onebox.agent.Test");
        var event = new LoggingEvent("", logger, Level.WARN, "path {}", null, new Object[] {"down"});
        event.setInstant(Instant.parse("2026-11-22T13:00:00Z"));
        event.addKeyValuePair(new KeyValuePair("link", "wwan0\n\"x\""));
        event.addKeyValuePair(new KeyValuePair("path", 1));

        String line = new String(new JsonLogEncoder().encode(event), StandardCharsets.UTF_8);

        assertThat(line).endsWith("}\n").hasLineCount(1);
        assertThat(Json.object(line).orElseThrow())
                .containsEntry("time", "2026-11-22T13:00:00Z")
                .containsEntry("level", "warn")
                .containsEntry("logger", "io.onebox.agent.Test")
                .containsEntry("message", "path down")
                .containsEntry("link", "wwan0\n\"x\"")
                .containsEntry("path", 1L);
    }
}
