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
import io.onebox.shared.message.EnrolRequest.Tagging;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Enrols this agent: checks who the controller is, proves token and key, keeps what it learns. Nothing is sent that
/// is secret, and nothing at all before the controller has proved itself.
public final class EnrolmentClient {

    /// More than this is told. The design's number.
    private static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);

    private final ControlFiles files;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Duration timeout;
    private final Consumer<String> warnings;

    /// @param warnings told what is no reason to stop
    public EnrolmentClient(
            ControlFiles files, SecureRandom random, InstantSource clock, Duration timeout, Consumer<String> warnings) {
        this.files = files;
        this.random = random;
        this.clock = clock;
        this.timeout = timeout;
        this.warnings = warnings;
    }

    /// What became of it.
    ///
    /// @param state `active` or `pending` or `disabled`
    /// @param reason why it waits, such as `name_conflict`; empty if it waits for approval alone, or not at all
    /// @param words fingerprint of this agent, to compare with the controller's
    public record Enrolled(String agentId, String name, String state, String reason, String words) {}

    /// How this machine presents itself.
    ///
    /// @param system what it is
    /// @param tagging which tags it is to have if it is known already
    public record Introduction(String name, String system, String version, Tagging tagging) {}

    /// Asks each of the token's URLs until one answers.
    ///
    /// @throws CommandFailure if the agent is not let in
    /// @throws UnreachableException if none answers
    public Enrolled enrol(EnrolmentToken token, Introduction introduction) {
        @Nullable UnreachableException unreachable = null;
        try (HttpClient client = client(token)) {
            for (URI url : token.urls()) {
                try {
                    return enrol(client, url, token, introduction);
                } catch (UnreachableException e) {
                    unreachable = e;
                }
            }
        }
        throw unreachable == null ? new IllegalStateException("a token has a URL at least") : unreachable;
    }

    private Enrolled enrol(HttpClient client, URI url, EnrolmentToken token, Introduction introduction) {
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
                    Refusals.exitCode(200, refusal.get().code()),
                    refusal.get().detail(),
                    Refusals.hint(refusal.get().code()));
        }
        warnOfClock(greeting.time());
        SigningKey identity = files.identity(random);
        var applicant = new Applicant(
                identity.verifyKey(),
                files.tunnelPublicKey(random),
                introduction.name(),
                introduction.system(),
                introduction.version());
        EnrolRequest request = EnrolRequest.sign(token, identity, applicant, nonce, greeting, introduction.tagging());
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
                Optional.ofNullable(json.text("reason")).orElse(""),
                identity.verifyKey().fingerprint().words());
    }

    private static CommandFailure refused(int status, JsonObject problem) {
        String type = problem.textOrDash("type");
        String code = type.substring(type.lastIndexOf(':') + 1);
        String detail = Optional.ofNullable(problem.text("detail")).orElse("the controller answered " + status);
        return new CommandFailure(Refusals.exitCode(status, code), detail, Refusals.hint(code));
    }

    /// Nothing here depends on this machine's clock, but logs and charts will not fit the controller's.
    private void warnOfClock(Instant controllers) {
        Duration ahead = Duration.between(controllers, clock.instant());
        if (ahead.abs().compareTo(TOLERATED_SKEW) > 0) {
            warnings.accept("the clock of this machine is %d minutes %s the controller's; set it"
                    .formatted(ahead.abs().toMinutes(), ahead.isNegative() ? "behind" : "ahead of"));
        }
    }

    /// The controller does not answer; another URL may, or the same one later.
    public static final class UnreachableException extends RuntimeException {
        private final URI url;

        UnreachableException(URI url, String reason) {
            super("cannot reach the controller at %s://%s: %s".formatted(url.getScheme(), url.getAuthority(), reason));
            this.url = url;
        }

        /// Where nobody answered.
        public URI url() {
            return url;
        }
    }

    /// Says which part failed: the name, the connection, TLS or the answer.
    private HttpResponse<String> ask(HttpClient client, HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(timeout).build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (SSLException e) {
            if (Refusals.isOfCertificate(e)) {
                throw Refusals.of(e, clock.instant());
            }
            throw new UnreachableException(request.uri(), "TLS failed: " + e.getMessage());
        } catch (ConnectException e) {
            boolean isName = e.getCause() instanceof ConnectException inner
                    && inner.getCause() instanceof UnresolvedAddressException;
            throw new UnreachableException(request.uri(), isName ? "its name is not known" : "no connection");
        } catch (HttpConnectTimeoutException _) {
            throw new UnreachableException(request.uri(), "no connection within " + timeout.toSeconds() + " s");
        } catch (HttpTimeoutException _) {
            throw new UnreachableException(request.uri(), "no answer within " + timeout.toSeconds() + " s");
        } catch (IOException e) {
            throw new UnreachableException(request.uri(), e.toString());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new UnreachableException(request.uri(), "interrupted");
        }
    }

    private HttpClient client(EnrolmentToken token) {
        TrustManager trusted = token.isBehindProxy() ? WebRoots.trusted() : new PinnedRoot(token.pin());
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {trusted}, random);
            return HttpClient.newBuilder()
                    .connectTimeout(timeout)
                    .sslContext(context)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }
}
