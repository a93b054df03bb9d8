package io.onebox.agent.cli;

import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.Fingerprint;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.Transcript;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.Protocol;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A controller that proves itself as a real one does and answers an enrolment with what a test says.
final class ScriptedController implements AutoCloseable {

    private static final String SECRET = "no secret";
    private static final int SEED_LENGTH = 32;

    private final Vertx vertx = Vertx.vertx();
    private final SecureRandom random = new SecureRandom();
    private final SigningKey root;
    private final SigningKey signer = SigningKey.generate(random);
    private final HttpServer server;
    private final List<JsonObject> requests = new ArrayList<>();
    private Instant time = Instant.now();
    private int minVersion = Protocol.VERSION;
    private int status = 201;
    private String body = "";

    ScriptedController(Path directory) {
        Path keys = directory.resolve("keys.p12");
        keytool(keys, "-alias", "root", "-keyalg", "Ed25519", "-dname", "CN=root", "-ext", "bc:c");
        keytool(
                keys,
                "-alias",
                "port",
                "-keyalg",
                "EC",
                "-dname",
                "CN=port",
                "-ext",
                "eku=serverAuth",
                "-signer",
                "root");
        root = root(keys);
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions()
                        .setPath(keys.toString())
                        .setPassword(SECRET)
                        .setAlias("port"));
        server = vertx.createHttpServer(options)
                .requestHandler(request -> {
                    if (request.path().equals(Protocol.HELLO_PATH)) {
                        Bytes nonce = Bytes.parse(request.getParam("n"), Protocol.NONCE_LENGTH)
                                .orElseThrow();
                        request.response().end(Json.write(greet(nonce).json()));
                        return;
                    }
                    request.body().onSuccess(sent -> {
                        requests.add(new JsonObject(Json.object(sent.toString()).orElseThrow()));
                        request.response().setStatusCode(status).end(body);
                    });
                })
                .listen()
                .await();
    }

    private static void keytool(Path keys, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(Arrays.asList(more));
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", SECRET, "-validity", "10"));
        Path log = keys.resolveSibling("keytool.log");
        try {
            int exitCode = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException(Files.readString(log));
            }
        } catch (IOException e) {
            throw new IllegalStateException("keytool does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// An Ed25519 key in PKCS #8 ends with its seed.
    private static SigningKey root(Path keys) {
        try {
            KeyStore store = KeyStore.getInstance(keys.toFile(), SECRET.toCharArray());
            byte[] encoded = store.getKey("root", SECRET.toCharArray()).getEncoded();
            return SigningKey.ofSeed(Arrays.copyOfRange(encoded, encoded.length - SEED_LENGTH, encoded.length));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Greeting greet(Bytes agentNonce) {
        Instant from = time.minus(Duration.ofDays(1));
        SignerCertificate certificate =
                SignerCertificate.issue(root, signer.verifyKey(), from, from.plus(Duration.ofDays(10)));
        Bytes nonce = Bytes.random(random, Protocol.NONCE_LENGTH);
        byte[] transcript = Transcript.of("onebox-hello-1")
                .add(root.verifyKey().bytes())
                .add(signer.verifyKey().bytes())
                .add(agentNonce)
                .add(nonce)
                .add(time.getEpochSecond())
                .add(minVersion)
                .add(minVersion)
                .bytes();
        return new Greeting(
                root.verifyKey(), certificate, nonce, time, minVersion, minVersion, signer.sign(transcript));
    }

    /// What an enrolment is answered with from now on.
    ScriptedController answering(int nextStatus, Map<String, String> json) {
        status = nextStatus;
        body = Json.write(new java.util.LinkedHashMap<>(json));
        return this;
    }

    /// What an enrolment is refused with from now on.
    ScriptedController refusing(int nextStatus, String code, String detail) {
        return answering(nextStatus, Map.of("type", "urn:onebox:problem:" + code, "detail", detail));
    }

    ScriptedController at(Instant next) {
        time = next;
        return this;
    }

    ScriptedController speaking(int version) {
        minVersion = version;
        return this;
    }

    /// What was asked.
    List<JsonObject> requests() {
        return List.copyOf(requests);
    }

    Fingerprint pin() {
        return root.verifyKey().fingerprint();
    }

    EnrolmentToken token() {
        return token(pin());
    }

    /// A token of this controller at another place.
    EnrolmentToken tokenAt(URI url) {
        return token(pin(), url);
    }

    /// A token of this place for a controller with another root.
    EnrolmentToken token(Fingerprint pin) {
        return token(pin, URI.create("https://127.0.0.1:" + server.actualPort()));
    }

    private EnrolmentToken token(Fingerprint pin, URI url) {
        return new EnrolmentToken(
                AgentRole.CLIENT,
                false,
                Bytes.random(random, EnrolmentToken.ID_LENGTH),
                Bytes.random(random, EnrolmentToken.SECRET_LENGTH),
                pin,
                List.of(url));
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
