package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client against servers that answer what they like.
class AgentClientTest {

    private static final String JSON_HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

    @TempDir
    private Path directory;

    private Path socket;
    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("a.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void readsABodyOfAGivenLength() {
        assertThat(answerTo(JSON_HEAD + "Content-Length: 7\r\n\r\n{\"a\":1}trailing"))
                .isEqualTo("{\"a\":1}\n");
    }

    @Test
    void readsChunks() {
        assertThat(answerTo(JSON_HEAD + "transfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n"))
                .isEqualTo("{\"a\":1}\n");
    }

    @Test
    void passesTheLinesOfAStreamOn() {
        String head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
        serve(head + "5\r\n{}\n{}\r\n1\r\n\n\r\n0\r\n\r\n");
        List<String> lines = new ArrayList<>();

        client(Duration.ofSeconds(5)).stream("/v1/stats/stream", lines::add);

        assertThat(lines).containsExactly("{}", "{}");
    }

    @Test
    void tellsAProblemInTheWordsOfTheAgent() {
        String problem = "{\"detail\":\"no link 'x'\",\"hint\":\"try y\"}";
        CommandFailure failure = failureOf(
                "HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n%s".formatted(problem.length(), problem));

        assertThat(failure).hasMessage("no link 'x'");
        assertThat(failure.hint()).isEqualTo("try y");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.BAD_DATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 500 Oops\r\n\r\n",
            })
    void saysThatAnAnswerIsOfNoUse(String answer) {
        assertThat(failureOf(answer).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    }

    @Test
    void refusesAnEndlessHead() {
        assertThat(failureOf("HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000))).hasMessageContaining("too long");
    }

    @Test
    void doesNotWaitForEver() {
        Thread.ofVirtual().start(() -> {
            try (var channel = server.accept()) {
                channel.read(ByteBuffer.allocate(4096));
                channel.read(ByteBuffer.allocate(4096)); // Until the client gives up.
            } catch (IOException _) {
                // The test is over.
            }
        });

        CommandFailure failure = catchThrowableOfType(
                CommandFailure.class, () -> client(Duration.ofMillis(50)).request("GET", "/v1/status", ""));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(failure).hasMessageContaining("50 ms");
    }

    private String answerTo(String answer) {
        serve(answer);
        return client(Duration.ofSeconds(5)).request("GET", "/v1/status", "");
    }

    private CommandFailure failureOf(String answer) {
        return catchThrowableOfType(CommandFailure.class, () -> answerTo(answer));
    }

    private AgentClient client(Duration timeout) {
        return new AgentClient(socket, timeout, "onebox-client");
    }

    private void serve(String answer) {
        Thread.ofVirtual().start(() -> {
            try (var channel = server.accept()) {
                channel.read(ByteBuffer.allocate(4096));
                ByteBuffer bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            } catch (IOException _) {
                // The client has heard enough.
            }
        });
    }
}
