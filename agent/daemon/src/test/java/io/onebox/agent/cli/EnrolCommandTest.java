package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.status.Role;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `enrol` and `unenrol`, and everything that can be said to it: an exit code, one sentence, one next step.
class EnrolCommandTest {

    private static final Map<String, String> ACTIVE =
            Map.of("agentId", "0a1b2c3d4e5f6071", "name", "van", "role", "client", "state", "active");

    private static ScriptedController controller;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startController(@TempDir Path keys) {
        controller = new ScriptedController(keys);
    }

    @AfterAll
    static void stopController() {
        controller.close();
    }

    @BeforeEach
    void begin() throws IOException {
        controller.at(Instant.now()).speaking(1).answering(201, ACTIVE);
        Files.writeString(directory.resolve("client.toml"), "[state]\ndirectory = \"" + directory + "\"\n");
    }

    @Test
    void saysWhoIsWhoAndWhatComesNext() {
        Typed enrol = enrol();

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(enrol.out())
                .contains(controller.pin().words(), "this agent  van", "state       active")
                .doesNotContain("obe1_");
        assertThat(enrol.err()).isEqualTo("start the agent, or restart it: onebox-client restart\n");
        assertThat(files().enrolment()).isPresent();
    }

    @Test
    void aTokenWithATypingErrorIsNoticedHere() {
        String text = controller.token().text();
        String mistyped = text.substring(0, 20) + (text.charAt(20) == 'A' ? 'B' : 'A') + text.substring(21);

        Typed enrol = enrolWith(mistyped);

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(enrol.err()).contains("checksum").doesNotContain(mistyped);
    }

    @Test
    void aControllerThatIsNotReachedIsTemporaryAndSaysWhatFailed() {
        EnrolmentToken token = controller.token();

        Typed noPort = enrolWith(at(token, "https://127.0.0.1:1").text(), "--wait", "1s");
        Typed noName = enrolWith(at(token, "https://controller.invalid:8443").text(), "--wait", "1s");

        assertThat(noPort.exitCode()).isEqualTo(ExitCode.TEMPORARY);
        assertThat(noPort.err()).contains("https://127.0.0.1:1: no connection", "firewall");
        assertThat(noPort.err()).containsOnlyOnce("trying again");
        assertThat(noName.exitCode()).isEqualTo(ExitCode.TEMPORARY);
        assertThat(noName.err()).contains("its name is not known");
    }

    /// As when the machine starts faster than its links, or the controller is being restarted.
    @Test
    void aControllerThatIsReachedLaterIsAskedAgain() throws IOException {
        try (var door = new LateDoor(controller.token().urls().getFirst().getPort(), 2)) {
            Typed enrol = enrolWith(controller.tokenAt(door.url()).text());

            assertThat(enrol.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(enrol.err()).contains("TLS failed", "trying again");
            assertThat(enrol.out()).contains("state       active");
        }
    }

    @Test
    void anotherControllerIsRefusedWithTheWordsOfBoth() {
        var expected = SigningKey.generate(new SecureRandom()).verifyKey().fingerprint();

        Typed enrol = enrolWith(controller.token(expected).text());

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.PERMISSION);
        assertThat(enrol.err()).contains(expected.words(), controller.pin().words(), "a new token is needed");
    }

    @ParameterizedTest
    @CsvSource({
        "403, token_invalid, 77",
        "403, token_expired, 77",
        "403, token_revoked, 77",
        "409, token_spent, 77",
        "403, not_from_allowed_network, 77",
        "403, agent_revoked, 77",
        "409, name_conflict, 77",
        "409, no_address, 77",
        "409, stale, 75",
        "409, clock_skew, 78",
        "429, rate_limited, 75",
        "429, too_many_pending, 75",
        "503, refused, 75"
    })
    void eachRefusalHasItsExitCodeAndTheControllersSentence(int status, String code, int exitCode) {
        controller.refusing(status, code, "the controller says why");

        Typed enrol = enrol();

        assertThat(enrol.exitCode()).isEqualTo(exitCode);
        assertThat(enrol.err()).contains("the controller says why");
        assertThat(enrol.out()).isEmpty();
        assertThat(files().enrolment()).isEmpty();
    }

    @Test
    void aControllerOfAnotherProtocolSaysWhichItSpeaks() {
        controller.speaking(2);

        Typed enrol = enrol();

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(enrol.err()).contains("the controller speaks protocol 2 to 2, this agent 1", "update");
    }

    @Test
    void aClockThatIsWrongIsToldAndDoesNotMatter() {
        controller.at(Instant.now().plus(Duration.ofMinutes(7)).plusSeconds(30));

        Typed enrol = enrol();

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(enrol.err()).contains("the clock of this machine is 7 minutes behind the controller's");
    }

    @Test
    void waitingForApprovalIsNoFailureUnlessOneWantsToWait() {
        controller.answering(201, pending());

        assertThat(enrol().exitCode()).isEqualTo(ExitCode.OK);
        Typed waiting = enrol("--wait", "1s");

        assertThat(waiting.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(waiting.err()).contains("not approved within 1 s", "approve");
    }

    @Test
    void aNameThatIsTakenWaitsAndSaysWhatCanBeDone() {
        var conflict = new java.util.HashMap<>(pending());
        conflict.put("reason", "name_conflict");
        controller.answering(202, conflict);

        Typed enrol = enrol();
        Typed json = enrol("--json");

        assertThat(enrol.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(enrol.err()).contains("another agent is called van", "reclaim", "--name");
        assertThat(json.out()).contains("\"state\":\"pending\"", "\"reason\":\"name_conflict\"");
    }

    @Test
    void anAgentOfAnotherControllerStaysThereUnlessToldOtherwise() {
        var other = SigningKey.generate(new SecureRandom()).verifyKey().fingerprint();
        files().enrolled(new ControlFiles.Enrolment("a1", other, false, List.of(URI.create("https://c.example"))));

        Typed refused = enrol();

        assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.err()).contains("--replace");
        assertThat(enrol("--replace").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(files().enrolment().orElseThrow().pin()).isEqualTo(controller.pin());
    }

    @Test
    void theTagsOfTheTokenAreAskedForOnlyIfOneWantsThem() {
        enrol();
        assertThat(controller.requests().getLast().isTrue("applyTokenTags")).isFalse();

        enrol("--apply-token-tags");

        assertThat(controller.requests().getLast().isTrue("applyTokenTags")).isTrue();
    }

    @Test
    void aTokenIsInspectedWithoutItsSecret() {
        EnrolmentToken token = controller.token();

        Typed inspect = Typed.typeWithInput(Role.CLIENT, token.text(), "token", "inspect", "--token-file", "-");

        assertThat(inspect.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(inspect.out())
                .contains(token.pin().words(), token.pin().toString(), "client", "https://127.0.0.1")
                .doesNotContain(token.text());
    }

    @Test
    void whoUnenrolsKeepsNothingOfTheControllerAndIsSomebodyElseAfterwards() throws IOException {
        enrol();
        String before = files().identity(new SecureRandom()).verifyKey().toString();

        Typed unenrol = unenrol();

        assertThat(unenrol.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(unenrol.err()).contains("revoke the agent at the controller", "onebox-client stop");
        assertThat(unenrol.out()).isEmpty();
        try (Stream<Path> left = Files.list(files().directory())) {
            assertThat(left).isEmpty();
        }
        assertThat(enrol().exitCode()).isEqualTo(ExitCode.OK);
        assertThat(files().identity(new SecureRandom()).verifyKey().toString()).isNotEqualTo(before);
    }

    @Test
    void whoHasNotEnrolledCannotUnenrol() {
        Typed never = unenrol();
        enrol();
        unenrol();
        Typed twice = unenrol();

        assertThat(List.of(never, twice)).allSatisfy(unenrol -> {
            assertThat(unenrol.exitCode()).isEqualTo(ExitCode.NOT_ENROLLED);
            assertThat(unenrol.err())
                    .contains("this agent has not enrolled", files().directory().toString());
        });
    }

    private Typed unenrol() {
        return Typed.type(
                Role.CLIENT,
                "unenrol",
                "--config",
                directory.resolve("client.toml").toString());
    }

    private static Map<String, String> pending() {
        return Map.of("agentId", "0a1b2c3d4e5f6071", "name", "van", "role", "client", "state", "pending");
    }

    private static EnrolmentToken at(EnrolmentToken token, String url) {
        return new EnrolmentToken(
                token.role(),
                false,
                io.onebox.shared.identity.Bytes.of(java.util.HexFormat.of().parseHex(token.id())),
                io.onebox.shared.identity.Bytes.of(new byte[EnrolmentToken.SECRET_LENGTH]),
                token.pin(),
                List.of(URI.create(url)));
    }

    private ControlFiles files() {
        return ControlFiles.of(directory, "client");
    }

    private Typed enrol(String... more) {
        return enrolWith(controller.token().text(), more);
    }

    private Typed enrolWith(String token, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "enrol",
                "--token-file",
                "-",
                "--name",
                "van",
                "--config",
                directory.resolve("client.toml").toString()));
        arguments.addAll(List.of(more));
        return Typed.typeWithInput(Role.CLIENT, token, arguments.toArray(String[]::new));
    }
}
