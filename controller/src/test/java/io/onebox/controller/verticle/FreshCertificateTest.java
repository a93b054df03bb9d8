package io.onebox.controller.verticle;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.controller.TestDatabase;
import io.onebox.controller.store.Database;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreshCertificateTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random = new SecureRandom();
    private final Vertx vertx = Vertx.vertx();
    private Path chain;
    private Path key;
    private ControllerKeys keys;

    @BeforeEach
    void makeKeys(@TempDir Path directory) {
        chain = directory.resolve("chain.pem");
        key = directory.resolve("key.pem");
        try (Database database = Database.open(TestDatabase.create(directory))) {
            database.migrate();
            keys = ControllerKeys.create(new StateFiles(directory.resolve("state")), database, random, Instant.now());
        }
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void aCertificateThatEndsIsReplacedWhileConnectionsStand() throws Exception {
        Instant end = write(Instant.now().plusSeconds(3));
        FreshCertificate certificate = FreshCertificate.inFiles(chain, key);
        HttpServer server = serve(certificate);
        try (SSLSocket before = connect(server)) {
            assertThat(endOf(before)).isEqualTo(end);
            Files.writeString(chain, "half a file");

            Instant next = write(Instant.now().plus(ControllerKeys.PORT_LIFE));

            eventually(PATIENCE, () -> assertThat(offeredUntil(server)).isEqualTo(next));
            eventually(PATIENCE, () -> assertThat(Instant.now()).isAfter(end));
            assertThat(answer(before)).as("who is connected stays").startsWith("HTTP/1.1 200");
            try (SSLSocket late = connect(server)) {
                assertThat(answer(late)).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aFileThatIsMissingIsNamedWithItsKey() {
        FreshCertificate certificate = FreshCertificate.inFiles(chain, key);

        assertThatThrownBy(() -> certificate.source().get())
                .hasMessage("http.certificate-file names " + chain + ", which does not exist");
    }

    @Test
    void ourOwnIsMadeAnewWhenHalfItsLifeIsOver() {
        var now = new Instant[] {Instant.now()};
        FreshCertificate certificate = FreshCertificate.made(
                at -> keys.portCertificate(Set.of("localhost"), random, at), Duration.ofDays(90), () -> now[0]);
        PemKeyCertOptions first = certificate.source().get();

        now[0] = now[0].plus(Duration.ofDays(44));
        assertThat(certificate.source().get()).isEqualTo(first);

        now[0] = now[0].plus(Duration.ofDays(2));
        assertThat(certificate.source().get()).isNotEqualTo(first);
    }

    private HttpServer serve(FreshCertificate certificate) {
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setSsl(true)
                .setKeyCertOptions(certificate.source().get())
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                .setUseAlpn(false);
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end("here"))
                .listen()
                .await();
        certificate.keep(vertx, server, options.getSslOptions(), Duration.ofMillis(50));
        return server;
    }

    /// Writes a new key and its certificate, which ends then.
    private Instant write(Instant end) throws IOException {
        ControllerKeys.PortCertificate made =
                keys.portCertificate(Set.of("localhost"), random, end.minus(ControllerKeys.PORT_LIFE));
        Files.writeString(key, made.privateKey());
        Files.writeString(chain, made.certificates());
        return Instant.ofEpochSecond(end.getEpochSecond());
    }

    /// As a client that trusts the root and looks at the dates.
    private SSLSocket connect(HttpServer server) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        byte[] root = keys.rootCertificate().getBytes(StandardCharsets.US_ASCII);
        store.setCertificateEntry(
                "root", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(root)));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), random);
        var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.actualPort());
        socket.startHandshake();
        return socket;
    }

    private Instant offeredUntil(HttpServer server) {
        try (SSLSocket socket = connect(server)) {
            return endOf(socket);
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Instant endOf(SSLSocket socket) throws IOException {
        var certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return certificate.getNotAfter().toInstant();
    }

    private static String answer(SSLSocket socket) throws IOException {
        socket.getOutputStream().write(REQUEST);
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
}
