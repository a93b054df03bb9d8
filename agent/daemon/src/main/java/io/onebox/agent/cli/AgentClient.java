package io.onebox.agent.cli;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/// Talks HTTP to the running agent over its unix socket.
///
/// A request a connection, `Connection: close`, JSON both ways: docs/decisions/0030 says why
/// this is no library.
final class AgentClient {

    private static final int FIRST_ERROR_STATUS = 400;

    private final Path socket;
    private final Duration timeout;
    private final String program;

    AgentClient(Path socket, Duration timeout, String program) {
        this.socket = socket;
        this.timeout = timeout;
        this.program = program;
    }

    /// The body of the answer.
    ///
    /// @param body JSON, or empty
    /// @throws CommandFailure if nobody answers, or the answer is an error
    String request(String method, String path, String body) {
        var text = new StringBuilder();
        exchange(method, path, body, line -> text.append(line).append('\n'));
        return text.toString();
    }

    /// Passes each line of the answer on as it comes, until the agent ends it. Only the first line must come in time.
    void stream(String path, Consumer<String> line) {
        exchange("GET", path, "", line);
    }

    /// Whether an agent answers.
    boolean isAnswering() {
        try {
            request("GET", "/v1/status", "");
            return true;
        } catch (CommandFailure _) {
            return false;
        }
    }

    private void exchange(String method, String path, String body, Consumer<String> line) {
        try (SocketChannel channel = connect()) {
            byte[] payload = body.getBytes(StandardCharsets.UTF_8);
            String head = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
                    .formatted(
                            method,
                            path,
                            payload.length == 0 ? "" : "Content-Type: application/json\r\n",
                            payload.length);
            var answer = new HttpAnswer(channel, timeout);
            answer.send(head.getBytes(StandardCharsets.US_ASCII));
            answer.send(payload);
            int status = answer.status();
            if (status >= FIRST_ERROR_STATUS) {
                var text = new StringBuilder();
                answer.lines(text::append);
                throw problem(status, text.toString());
            }
            answer.lines(line);
        } catch (HttpAnswer.LateException _) {
            throw new CommandFailure(
                    ExitCode.TIMED_OUT,
                    "the agent did not answer within " + timeout.toMillis() + " ms",
                    "look at its log, or wait longer with --timeout");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "the connection to the agent broke: " + e.getMessage(), "");
        }
    }

    private SocketChannel connect() {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            if (Files.exists(socket) && !Files.isWritable(socket)) {
                throw new CommandFailure(
                        ExitCode.PERMISSION,
                        "you may not talk to the agent at " + socket,
                        "run this as root, or join the group onebox");
            }
            throw new CommandFailure(
                    ExitCode.NOT_RUNNING,
                    "no agent answers at " + socket,
                    "start it with: " + program + " start; or say where it is with --socket or --config");
        } catch (UnsupportedOperationException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "no unix sockets here: " + e.getMessage(), "");
        }
    }

    private static CommandFailure problem(int status, String body) {
        JsonObject problem = new JsonObject(Json.object(body).orElse(Map.of()));
        String detail = problem.text("detail");
        String hint = problem.text("hint");
        int exitCode = switch (status) {
            case 400, 404, 413 -> ExitCode.BAD_DATA;
            case 409 -> ExitCode.REFUSED;
            case 422 -> ExitCode.CONFIGURATION;
            default -> ExitCode.UNAVAILABLE;
        };
        return new CommandFailure(
                exitCode, detail == null ? "the agent answered " + status : detail, hint == null ? "" : hint);
    }
}
