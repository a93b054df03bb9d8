package io.onebox.agent.control;

import io.onebox.engine.noise.PrivateKey;
import io.onebox.shared.config.KeyFile;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.Fingerprint;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.SignedConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What an enrolled agent keeps in its state directory: two private keys, who the controller is, and the last good
/// configuration.
///
/// ```
/// control-client/identity.key       who this agent is; never leaves this machine
/// control-client/identity-next.key  the next one, which the controller has not confirmed yet
/// control-client/tunnel.key         the first key of its data plane; never leaves this machine
/// control-client/tunnel-….key       a later one, named after its public half
/// control-client/enrolment.json     where the controller is, and its pin
/// control-client/config.json        the last good configuration, signed
/// ```
///
/// @param directory of one role
public record ControlFiles(Path directory) {

    private static final Pattern TUNNEL_KEY = Pattern.compile("tunnel(-[0-9a-f]+)?\\.key");
    private static final byte[] NEXT_TUNNEL = "onebox-tunnel-1".getBytes(StandardCharsets.UTF_8);
    private static final int MARK_LENGTH = 16;
    private static final String SCHEMA = "onebox.enrolment/1";

    /// Those of a role under a state directory.
    public static ControlFiles of(Path stateDirectory, String role) {
        return new ControlFiles(stateDirectory.resolve("control-" + role));
    }

    /// Who the controller is, and who we are to it.
    ///
    /// @param pin fingerprint of its root
    /// @param isBehindProxy whether its certificate is one of the web
    /// @param urls best first
    public record Enrolment(String agentId, Fingerprint pin, boolean isBehindProxy, List<URI> urls) {
        public Enrolment {
            urls = List.copyOf(urls);
        }
    }

    /// The private key of the data plane.
    public Path tunnelKey() {
        return directory.resolve("tunnel.key");
    }

    /// The private key of the data plane that belongs to a public key.
    ///
    /// @throws IllegalStateException if this machine does not have it
    public Path tunnelKey(Optional<String> publicKey) {
        return find(publicKey)
                .orElseThrow(() -> new IllegalStateException(
                        "this machine does not have the private key of " + publicKey.orElse("the data plane")));
    }

    private Optional<Path> find(Optional<String> publicKey) {
        return publicKey.isEmpty()
                ? Optional.of(tunnelKey())
                : tunnelKeys().stream()
                        .filter(file -> publicOf(file).equals(publicKey.get()))
                        .findFirst();
    }

    private List<Path> tunnelKeys() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file ->
                            TUNNEL_KEY.matcher(file.getFileName().toString()).matches())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static String publicOf(Path file) {
        try (var key = new PrivateKey(secret(KeyFile.read(file)))) {
            return key.publicKey().toString();
        }
    }

    /// The identity key to come; made now if there is none, with the data plane's, which follows from it: asked twice,
    /// an agent says the same twice.
    SigningKey nextIdentity(SecureRandom random) {
        return SigningKey.ofSeed(key(nextIdentityKey(), random));
    }

    /// The public key of the data plane to come, in base64.
    String nextTunnelPublicKey(SigningKey nextIdentity) {
        byte[] seed = Digests.hmac(Bytes.of(nextIdentity.seed()), NEXT_TUNNEL).array();
        try (var key = new PrivateKey(seed.clone())) {
            String publicKey = key.publicKey().toString();
            String mark = Digests.sha256(publicKey.getBytes(StandardCharsets.UTF_8))
                    .hex()
                    .substring(0, MARK_LENGTH);
            AtomicFile.write(directory.resolve("tunnel-" + mark + ".key"), Bytes.of(seed) + "\n");
            return publicKey;
        }
    }

    /// The identity key to come is the identity key.
    void nextIsIdentity() {
        try {
            Files.move(nextIdentityKey(), identityKey(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot replace " + identityKey(), e);
        }
    }

    private Path nextIdentityKey() {
        return directory.resolve("identity-next.key");
    }

    private Path identityKey() {
        return directory.resolve("identity.key");
    }

    private Path enrolmentFile() {
        return directory.resolve("enrolment.json");
    }

    private Path configFile() {
        return directory.resolve("config.json");
    }

    /// Whether this agent has enrolled.
    public boolean isEnrolled() {
        return Files.exists(enrolmentFile());
    }

    /// The identity key; made now if there is none.
    public SigningKey identity(SecureRandom random) {
        return SigningKey.ofSeed(key(identityKey(), random));
    }

    /// The public key of the data plane, in base64; its key is made now if there is none.
    public String tunnelPublicKey(SecureRandom random) {
        try (var key = new PrivateKey(key(tunnelKey(), random))) {
            return key.publicKey().toString();
        }
    }

    private static byte[] key(Path file, SecureRandom random) {
        if (!Files.exists(file)) {
            AtomicFile.write(file, Bytes.random(random, Digests.LENGTH) + "\n");
        }
        return secret(KeyFile.read(file));
    }

    private static byte[] secret(KeyFile.Result result) {
        return switch (result) {
            case KeyFile.Result.Key(var secret) -> secret.bytes();
            case KeyFile.Result.Refused(String problem) -> throw new IllegalStateException(problem);
        };
    }

    /// Keeps an enrolment.
    public void enrolled(Enrolment enrolment) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", SCHEMA);
        json.put("agentId", enrolment.agentId());
        json.put("pin", enrolment.pin().bytes().toString());
        json.put("behindProxy", enrolment.isBehindProxy());
        json.put("urls", enrolment.urls().stream().map(URI::toString).toList());
        AtomicFile.write(enrolmentFile(), Json.write(json) + "\n");
    }

    /// The enrolment; empty if there is none.
    ///
    /// @throws IllegalStateException if the file is damaged
    public Optional<Enrolment> enrolment() {
        return read(enrolmentFile()).map(json -> {
            String agentId = json.text("agentId");
            Optional<Fingerprint> pin =
                    Bytes.parse(json.textOrDash("pin"), Digests.LENGTH).map(Fingerprint::new);
            List<String> urls = json.texts("urls");
            if (agentId == null || pin.isEmpty() || urls.isEmpty()) {
                throw new IllegalStateException(enrolmentFile() + " is damaged; enrol again, with --replace");
            }
            return new Enrolment(
                    agentId,
                    pin.get(),
                    json.isTrue("behindProxy"),
                    urls.stream().map(URI::create).toList());
        });
    }

    /// Keeps the last good configuration. The key of the data plane that it does not use any more is removed.
    ///
    /// @param before the last good one until now
    public void good(SignedConfig config, Optional<SignedConfig> before) {
        AtomicFile.write(configFile(), Json.write(config.json()) + "\n");
        before.flatMap(this::tunnelKey)
                .filter(key -> !tunnelKey(config).equals(Optional.of(key)))
                .ifPresent(ControlFiles::remove);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    private Optional<Path> tunnelKey(SignedConfig config) {
        return find(PushedDocument.read(config).flatMap(PushedDocument::tunnelKey));
    }

    /// The last good configuration, if it is whole and for this agent; nothing else counts.
    public Optional<SignedConfig> lastGood(Enrolment enrolment) {
        return read(configFile())
                .flatMap(SignedConfig::parse)
                .filter(config -> config.isFor(enrolment.agentId(), enrolment.pin()));
    }

    /// Forgets the controller, and with it who this agent was.
    public void forget() {
        try {
            for (Path file : List.of(enrolmentFile(), configFile(), identityKey(), nextIdentityKey())) {
                Files.deleteIfExists(file);
            }
            for (Path file : tunnelKeys()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }

    private static Optional<JsonObject> read(Path file) {
        try {
            return Optional.of(
                    new JsonObject(Json.object(Files.readString(file)).orElse(Map.of())));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
