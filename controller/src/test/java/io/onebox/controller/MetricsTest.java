package io.onebox.controller;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.auth.Role;
import io.onebox.controller.store.Actor;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.SignedConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Prometheus reads follows from what happens.
class MetricsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ControllerConfig config;
    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) {
        config = RunningController.config(directory);
        Controller.init(config);
        controller = RunningController.on(config);
        controller.controller().accounts().add(Actor.LOCAL, "owner", RunningController.PASSWORD, Role.OWNER);
        cookie = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void whoIsNotLetInIsCountedByWhatHeCameWith() {
        String wrong = "obt1_01234567_" + "x".repeat(32);
        controller.ask("GET", "/api/v1/me", "", "authorization", "Bearer " + wrong);
        controller.ask("GET", "/api/v1/me", "", "cookie", "__Host-onebox=wrong");
        controller.ask("GET", "/api/v1/me", "");
        assertThatThrownBy(() ->
                        controller.connect("/api/v1/stream", "onebox.stream.v1", "authorization", "Bearer " + wrong))
                .isInstanceOf(CompletionException.class);

        assertThat(value("onebox_controller_unauthenticated_total{kind=\"token\"}"))
                .isEqualTo(2);
        assertThat(value("onebox_controller_unauthenticated_total{kind=\"session\"}"))
                .isEqualTo(1);
    }

    @Test
    void streamsAreCountedWhileTheyAreOpen() {
        assertThat(value("onebox_controller_streams")).isZero();
        try (SocketClient stream = controller.connect("/api/v1/stream", "onebox.stream.v1", "cookie", cookie)) {
            stream.say("{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}");
            stream.next("snap");
            assertThat(value("onebox_controller_streams")).isEqualTo(1);
        }

        eventually(
                PATIENCE, () -> assertThat(value("onebox_controller_streams")).isZero());
    }

    /// An answer after the first says how long the agent tried, not how long the way was.
    @Test
    void aConfigurationIsTimedFromItsSendingToTheFirstAnswer() {
        SigningKey key = SigningKey.generate(new SecureRandom());
        String id = VirtualAgent.enrol(controller, cookie, "{\"role\":\"client\"}", key, "van");
        try (SocketClient agent = VirtualAgent.connect(controller, key, id)) {
            JsonObject sent = agent.next("config");
            String hash = SignedConfig.hash(sent.textOrDash("document"));
            for (ConfigState state : new ConfigState[] {ConfigState.PROVISIONAL, ConfigState.APPLIED}) {
                agent.say(MessageCodec.encode(new AgentMessage.Ack(sent.integer("revision"), hash, state, "")));
            }

            eventually(
                    PATIENCE,
                    () -> assertThat(value("onebox_controller_config_acks_total{state=\"applied\"}"))
                            .isEqualTo(1));
            assertThat(value("onebox_controller_config_push_seconds_count")).isEqualTo(1);
            assertThat(value("onebox_controller_config_push_seconds_bucket{le=\"10.0\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void transactionsAreTimed() {
        double before = value("onebox_controller_database_transaction_seconds_count");

        controller.ask("GET", "/api/v1/audit", "", "cookie", cookie);

        assertThat(value("onebox_controller_database_transaction_seconds_count"))
                .isGreaterThan(before);
    }

    @Test
    void theLastBackupIsTold(@TempDir Path elsewhere) {
        assertThat(value("onebox_controller_backup_timestamp_seconds")).isZero();

        new Backup(config).write(elsewhere.resolve("one"), "a passphrase");

        double now = System.currentTimeMillis() / 1000.0;
        assertThat(value("onebox_controller_backup_timestamp_seconds")).isBetween(now - 60, now + 1);
        new Backup(config).write(elsewhere.resolve("two"), "a passphrase");
    }

    private double value(String series) {
        return Pattern.compile("(?m)^" + Pattern.quote(series) + " (.+)$")
                .matcher(controller.metrics())
                .results()
                .map(match -> Double.parseDouble(match.group(1)))
                .findFirst()
                .orElse(0.0);
    }
}
