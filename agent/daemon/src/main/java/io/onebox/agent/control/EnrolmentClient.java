package io.onebox.agent.control;

import io.onebox.agent.control.ControlFiles.Enrolment;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.EnrolRequest.Applicant;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Enrols this agent: checks who the controller is, proves token and key, keeps what it learns. Nothing is sent that
/// is secret, and nothing at all before the controller has proved itself.
public final class EnrolmentClient {

    private static final String TOO_MANY = "rate_limited";

    private final ControlFiles files;
    private final SecureRandom random;
    private final Duration timeout;

    public EnrolmentClient(ControlFiles files, SecureRandom random, Duration timeout) {
        this.files = files;
        this.random = random;
        this.timeout = timeout;
    }

    /// What became of it.
    ///
    /// @param state `active` or `pending` or `disabled`
    /// @param words fingerprint of this agent, to compare with the controller's
    public record Enrolled(String agentId, String name, String state, String words) {}

    /// Asks each of the token's URLs until one answers.
    ///
    /// @param system what this machine is
    /// @throws CommandFailure if the agent is not let in
    public Enrolled enrol(EnrolmentToken token, String name, String system, String version) {
        SigningKey identity = files.identity(random);
        var applicant = new Applicant(identity.verifyKey(), files.tunnelPublicKey(random), name, system, version);
        @Nullable CommandFailure unreachable = null;
        try (HttpClient client = client(token)) {
            for (URI url : token.urls()) {
                try {
                    return enrol(client, url, token, identity, applicant);
                } catch (UnreachableException e) {
                    unreachable = new CommandFailure(
                            ExitCode.TEMPORARY,
                            "cannot reach the controller at " + url + ": " + e.getMessage(),
                            "check the address, the port and any firewall in between, then try again");
                }
            }
        }
        throw unreachable == null ? new IllegalStateException("a token has a URL at least") : unreachable;
    }

    private Enrolled enrol(HttpClient client, URI url, EnrolmentToken token, SigningKey identity, Applicant applicant) {
        Bytes nonce = Bytes.random(random, Protocol.NONCE_LENGTH);
        String query = "?n=" + URLEncoder.encode(nonce.toString(), StandardCharsets.UTF_8);
        HttpResponse<String> hello = ask(
                client,
                HttpRequest.newBuilder(url.resolve(Protocol.HELLO_PATH + query)).GET());
        Greeting greeting = Json.object(hello.body())
                .map(JsonObject::new)
                .flatMap(Greeting::parse)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.UNAVAILABLE, url + " does not answer as a onebox controller does", ""));
        Optional<Greeting.Refusal> refusal = greeting.verify(token.pin(), nonce);
        if (refusal.isPresent()) {
            throw new CommandFailure(
                    refusal.get().code().equals("pin_mismatch") ? ExitCode.PERMISSION : ExitCode.CONFIGURATION,
                    refusal.get().detail(),
                    "if the controller was set up anew, ask for a new token");
        }
        EnrolRequest request = EnrolRequest.sign(token, identity, applicant, nonce, greeting);
        HttpResponse<String> answer = ask(
                client,
                HttpRequest.newBuilder(url.resolve(Protocol.ENROL_PATH))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(Json.write(request.json()))));
        var json = new JsonObject(Json.object(answer.body()).orElse(Map.of()));
        String agentId = json.text("agentId");
        if (answer.statusCode() >= 300 || agentId == null) {
            throw refused(answer.statusCode(), json);
        }
        files.enrolled(new Enrolment(agentId, token.pin(), token.isBehindProxy(), token.urls()));
        return new Enrolled(
                agentId,
                json.textOrDash("name"),
                json.textOrDash("state"),
                identity.verifyKey().fingerprint().words());
    }

    private static CommandFailure refused(int status, JsonObject problem) {
        String type = problem.textOrDash("type");
        String detail = Optional.ofNullable(problem.text("detail")).orElse("the controller answered " + status);
        int exitCode = type.endsWith(TOO_MANY) || status >= 500 ? ExitCode.TEMPORARY : ExitCode.PERMISSION;
        String hint = type.endsWith("name_conflict") ? "choose another name with --name" : "";
        return new CommandFailure(exitCode, detail, hint);
    }

    /// The controller does not answer; another URL may.
    private static final class UnreachableException extends RuntimeException {
        UnreachableException(String message) {
            super(message);
        }
    }

    private HttpResponse<String> ask(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(timeout).build(), BodyHandlers.ofString());
        } catch (SSLException e) {
            throw new CommandFailure(
                    ExitCode.PERMISSION,
                    "the controller's certificate is not the one this token expects: " + e.getMessage(),
                    "a new token is needed if the controller has a new root");
        } catch (ConnectException e) {
            boolean isName = e.getCause() instanceof ConnectException inner
                    && inner.getCause() instanceof UnresolvedAddressException;
            throw new UnreachableException(isName ? "its name is not known" : "no connection");
        } catch (IOException e) {
            throw new UnreachableException(e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted");
        }
    }

    private HttpClient client(EnrolmentToken token) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(timeout);
        if (!token.isBehindProxy()) {
            try {
                SSLContext context = SSLContext.getInstance("TLSv1.3");
                context.init(null, new TrustManager[] {new PinnedRoot(token.pin())}, random);
                builder.sslContext(context);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has TLS 1.3", e);
            }
        }
        return builder.build();
    }
}
