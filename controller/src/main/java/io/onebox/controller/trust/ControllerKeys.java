package io.onebox.controller.trust;

import io.onebox.controller.store.Database;
import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.SignerCertificate;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.Greeting;
import io.onebox.shared.message.Protocol;
import io.onebox.shared.message.SignedConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.util.io.pem.PemObject;

/// The keys a running controller uses. The root is needed by `init` alone; after it, its file may be kept elsewhere.
///
/// @param root public half of the root
/// @param signer what the root says of the signing key
/// @param signingKey signs greetings and configurations
/// @param issuerKey signs the certificate of the port
/// @param chain of the issuer: its own certificate and the root's
public record ControllerKeys(
        VerifyKey root,
        SignerCertificate signer,
        SigningKey signingKey,
        PrivateKey issuerKey,
        List<X509CertificateHolder> chain,
        MasterKey master) {

    /// Of the port's certificate. Browsers take no more than 398 days of one.
    public static final Duration PORT_LIFE = Duration.ofDays(90);

    private static final Duration SIGNER_LIFE = Duration.ofDays(10 * 365);
    private static final String NONCE = "onebox-nonce-1";
    private static final int RANDOM_LENGTH = 8;
    private static final int MARK_LENGTH = Protocol.NONCE_LENGTH - RANDOM_LENGTH - Long.BYTES;

    public ControllerKeys {
        chain = List.copyOf(chain);
    }

    /// The certificate of the port and its key, in PEM.
    public record PortCertificate(String certificates, String privateKey) {}

    /// Makes all keys: the root in its file, the others sealed in the database.
    public static ControllerKeys create(StateFiles files, Database database, SecureRandom random, Instant now) {
        files.create();
        MasterKey master = MasterKey.create(files, random);
        SigningKey root = SigningKey.generate(random);
        SigningKey signingKey = SigningKey.generate(random);
        var certificates = new Certificates(random, now);
        KeyPair issuer = certificates.keyPair();
        SignerCertificate signer =
                SignerCertificate.issue(root, signingKey.verifyKey(), seconds(now), seconds(now.plus(SIGNER_LIFE)));
        List<X509CertificateHolder> chain =
                List.of(certificates.issuer(root, issuer.getPublic()), certificates.root(root));
        var secrets = new SealedSecrets(master);
        database.transaction(connection -> {
            secrets.put(connection, "signing-key", signingKey.seed());
            secrets.put(connection, "signer", Json.write(signer.json()).getBytes(StandardCharsets.UTF_8));
            secrets.put(connection, "issuer-key", issuer.getPrivate().getEncoded());
            secrets.put(connection, "issuer", encoded(chain.getFirst()));
            secrets.put(connection, "root", encoded(chain.getLast()));
            return true;
        });
        StateFiles.write(files.rootKey(), root.seed());
        return new ControllerKeys(root.verifyKey(), signer, signingKey, issuer.getPrivate(), chain, master);
    }

    /// Reads what [#create] made.
    public static ControllerKeys read(StateFiles files, Database database, SecureRandom random) {
        MasterKey master = MasterKey.read(files, random);
        var secrets = new SealedSecrets(master);
        return database.transaction(connection -> {
            try {
                var root = new X509CertificateHolder(secrets.get(connection, "root"));
                String signer = new String(secrets.get(connection, "signer"), StandardCharsets.UTF_8);
                byte[] issuerKey = secrets.get(connection, "issuer-key");
                return new ControllerKeys(
                        VerifyKey.ofSpki(root.getSubjectPublicKeyInfo().getEncoded())
                                .orElseThrow(),
                        SignerCertificate.parse(
                                        new JsonObject(Json.object(signer).orElseThrow()))
                                .orElseThrow(),
                        SigningKey.ofSeed(secrets.get(connection, "signing-key")),
                        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(issuerKey)),
                        List.of(new X509CertificateHolder(secrets.get(connection, "issuer")), root),
                        master);
            } catch (IOException | GeneralSecurityException e) {
                throw new StateFiles.StateException("the keys in the database are damaged: " + e.getMessage());
            }
        });
    }

    /// A certificate for the port, valid for these hosts.
    public PortCertificate portCertificate(Set<String> hosts, SecureRandom random, Instant now) {
        var certificates = new Certificates(random, now);
        KeyPair port = certificates.keyPair();
        X509CertificateHolder certificate = certificates.port(issuerKey, port.getPublic(), hosts);
        return new PortCertificate(
                Certificates.pem(List.of(certificate, chain.getFirst(), chain.getLast())),
                Certificates.pem(
                        List.of(new PemObject("PRIVATE KEY", port.getPrivate().getEncoded()))));
    }

    /// The certificate of the root, in PEM, for programs that are to know our port.
    public String rootCertificate() {
        return Certificates.pem(List.of(chain.getLast()));
    }

    /// Answers the nonce of an agent. The nonce of the answer needs no memory: it says when it was made, and is
    /// marked as ours, so that any node knows it again.
    public Greeting greet(Bytes agentNonce, SecureRandom random, InstantSource clock) {
        Instant now = clock.instant();
        byte[] head = ByteBuffer.allocate(RANDOM_LENGTH + Long.BYTES)
                .put(Bytes.random(random, RANDOM_LENGTH).array())
                .putLong(now.toEpochMilli())
                .array();
        byte[] nonce = Arrays.copyOf(head, Protocol.NONCE_LENGTH);
        System.arraycopy(mark(head), 0, nonce, head.length, MARK_LENGTH);
        return Greeting.sign(root, signer, signingKey, agentNonce, Bytes.of(nonce), now);
    }

    /// How long ago this nonce was made, by the clock of the node that made it; empty if it is not one of ours.
    public Optional<Duration> age(Bytes nonce, Instant now) {
        byte[] all = nonce.array();
        byte[] head = Arrays.copyOf(all, RANDOM_LENGTH + Long.BYTES);
        Bytes mark = Bytes.of(Arrays.copyOfRange(all, head.length, all.length));
        Duration age =
                Duration.ofMillis(now.toEpochMilli() - ByteBuffer.wrap(head).getLong(RANDOM_LENGTH));
        return mark.equals(Bytes.of(mark(head))) ? Optional.of(age) : Optional.empty();
    }

    /// Signs a document for an agent.
    public SignedConfig sign(String agentId, long revision, String document) {
        return SignedConfig.sign(agentId, revision, document, root, signer, signingKey);
    }

    private byte[] mark(byte[] head) {
        return Arrays.copyOf(master.mark(NONCE, head).array(), MARK_LENGTH);
    }

    private static Instant seconds(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond());
    }

    private static byte[] encoded(X509CertificateHolder certificate) {
        try {
            return certificate.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a certificate we made can be written", e);
        }
    }

    @Override
    public String toString() {
        return "ControllerKeys[" + root.fingerprint().words() + "]";
    }
}
