package io.onebox.agent.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose certificates count in the web: those of the authorities this machine trusts, as for its other programs, also
/// one of a company's own. Where there is no such list, Java's.
final class WebRoots {

    private static final Logger log = LoggerFactory.getLogger(WebRoots.class);

    /// Of Debian and its kin, then of Fedora and its.
    private static final List<Path> LISTS =
            List.of(Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

    private WebRoots() {}

    /// What checks a chain and a name as a browser does.
    static TrustManager trusted() {
        return trusted(LISTS);
    }

    /// @param lists of certificates in PEM; the first that is there counts
    static TrustManager trusted(List<Path> lists) {
        try {
            for (Path list : lists) {
                if (Files.isReadable(list)) {
                    return of(read(list));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            log.atWarn().addKeyValue("cause", e.getMessage()).log("the machine's certificates cannot be read");
        }
        try {
            return of(null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK trusts somebody", e);
        }
    }

    private static KeyStore read(Path list) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(list)) {
            int number = 0;
            for (Certificate root : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(number++), root);
            }
        }
        if (store.size() == 0) {
            throw new IOException("there is none in " + list);
        }
        return store;
    }

    private static TrustManager of(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers()[0];
    }
}
