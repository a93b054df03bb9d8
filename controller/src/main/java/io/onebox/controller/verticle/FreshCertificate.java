package io.onebox.controller.verticle;

import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.UnusableFileException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate of the port, before the last one ends: connections stand, new ones get the new certificate.
///
/// @param source the certificate one would take now; blocks
public record FreshCertificate(Supplier<PemKeyCertOptions> source) {

    private static final Logger log = LoggerFactory.getLogger(FreshCertificate.class);

    /// In files that somebody else renews, such as certbot.
    public static FreshCertificate inFiles(Path certificates, Path key) {
        return new FreshCertificate(() -> {
            Buffer chain = read("http.certificate-file", certificates);
            check(certificates, chain);
            return options(chain, read("http.key-file", key));
        });
    }

    private static Buffer read(String name, Path file) {
        try {
            return Buffer.buffer(Files.readAllBytes(file));
        } catch (NoSuchFileException _) {
            throw new UnusableFileException(
                    name, file, "does not exist", "put it there, or use tls = \"internal\", which needs no files");
        } catch (AccessDeniedException _) {
            String user = System.getProperty("user.name");
            throw new UnusableFileException(
                    name,
                    file,
                    user + " may not read",
                    "chown " + user + " " + file + ", and let its directories be entered");
        } catch (IOException e) {
            throw new UnusableFileException(
                    name, file, "cannot be read: " + e.getMessage(), "it must be a file in PEM");
        }
    }

    private static void check(Path file, Buffer chain) {
        try {
            var in = new ByteArrayInputStream(chain.getBytes());
            if (!CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty()) {
                return;
            }
        } catch (CertificateException _) {
            // Where it breaks helps nobody; what it must be does.
        }
        throw new UnusableFileException(
                "http.certificate-file",
                file,
                "holds no certificates",
                "it must be the certificate and those above it, in PEM, such as fullchain.pem of certbot");
    }

    /// Made by ourselves, and anew when half its life is over.
    public static FreshCertificate made(
            Function<Instant, ControllerKeys.PortCertificate> make, Duration life, InstantSource clock) {
        return new FreshCertificate(new Supplier<>() {
            private Instant since = Instant.MIN;
            private PemKeyCertOptions last = new PemKeyCertOptions();

            @Override
            public synchronized PemKeyCertOptions get() {
                Instant now = clock.instant();
                if (since.isBefore(now.minus(life.dividedBy(2)))) {
                    ControllerKeys.PortCertificate made = make.apply(now);
                    last = options(Buffer.buffer(made.certificates()), Buffer.buffer(made.privateKey()));
                    since = now;
                }
                return last;
            }
        });
    }

    /// Looks again and again whether the server is to have another one.
    void keep(Vertx vertx, HttpServer server, ServerSSLOptions options, Duration pause) {
        vertx.setPeriodic(
                pause.toMillis(),
                _ -> vertx.executeBlocking(source::get, false)
                        .compose(fresh -> server.updateSSLOptions(options.copy().setKeyCertOptions(fresh)))
                        .onFailure(failure -> log.atWarn()
                                .addKeyValue("cause", failure.getMessage())
                                .log("the certificate of the port cannot be renewed; the one before stays"))
                        .onSuccess(isNew -> {
                            if (isNew) {
                                log.info("the port has a new certificate");
                            }
                        }));
    }

    private static PemKeyCertOptions options(Buffer certificates, Buffer key) {
        return new PemKeyCertOptions().addCertValue(certificates).addKeyValue(key);
    }
}
