package io.onebox.agent.control;

import io.onebox.shared.identity.Digests;
import io.onebox.shared.identity.Fingerprint;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Trusts a server whose chain ends in the root that a token pinned, and nobody else, whatever its name or address.
/// The machine's clock does not matter: boxes without one start in 1970.
public final class PinnedRoot extends X509ExtendedTrustManager {

    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

    private final Fingerprint pin;

    public PinnedRoot(Fingerprint pin) {
        this.pin = pin;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length < 2) {
            throw new CertificateException("the chain does not end in a root");
        }
        X509Certificate root = chain[chain.length - 1];
        var shown = new Fingerprint(Digests.sha256(root.getPublicKey().getEncoded()));
        if (!shown.equals(pin)) {
            throw new CertificateException("this is another controller: the token expects root " + pin.words()
                    + ", and its root is " + shown.words());
        }
        List<String> purposes = chain[0].getExtendedKeyUsage();
        if (purposes == null || !purposes.contains(SERVER_AUTHENTICATION)) {
            throw new CertificateException("the certificate is not one of a server");
        }
        try {
            var parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(chain[0].getNotBefore());
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(Arrays.asList(chain).subList(0, chain.length - 1)),
                            parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException("the chain does not lead to the root: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        checkClientTrusted(chain, kind);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, kind);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
