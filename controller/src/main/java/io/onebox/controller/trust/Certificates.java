package io.onebox.controller.trust;

import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.SigningKey;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Certificates of the controller's own root.
///
/// ```
/// root (Ed25519, pinned by tokens) → issuer (P-256) → the port's certificate (P-256)
/// ```
///
/// The lower two have keys that every TLS library takes.
final class Certificates {

    private static final Duration ROOT_LIFE = Duration.ofDays(20 * 365);
    private static final Duration ISSUER_LIFE = Duration.ofDays(10 * 365);

    /// Clocks differ.
    private static final Duration BEFORE = Duration.ofDays(1);

    private static final X500Name ROOT = new X500Name("CN=onebox root");
    private static final X500Name ISSUER = new X500Name("CN=onebox issuer");
    private static final X500Name PORT = new X500Name("CN=onebox controller");
    private static final int SERIAL_BITS = 120;

    private final SecureRandom random;
    private final Instant now;

    Certificates(SecureRandom random, Instant now) {
        this.random = random;
        this.now = now;
    }

    /// A new key of a kind that every TLS library takes.
    KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// The root's certificate of itself.
    X509CertificateHolder root(SigningKey root) {
        return authority(builder(ROOT, ROOT, publicKey(root), ROOT_LIFE), root, 1);
    }

    /// The root's certificate of the issuer.
    X509CertificateHolder issuer(SigningKey root, PublicKey issuer) {
        return authority(builder(ROOT, ISSUER, issuer, ISSUER_LIFE), root, 0);
    }

    /// The issuer's certificate of the port.
    X509CertificateHolder port(PrivateKey issuer, PublicKey port, Set<String> hosts) {
        GeneralName[] names = hosts.stream()
                .map(host -> new GeneralName(
                        Prefix.address(host).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName, host))
                .toArray(GeneralName[]::new);
        return sign(builder(ISSUER, PORT, port, ControllerKeys.PORT_LIFE), issuer, "SHA256withECDSA", builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        });
    }

    /// In PEM: certificates one after the other, or a private key.
    static String pem(List<?> objects) {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter never fails", e);
        }
        return text.toString();
    }

    private static PublicKey publicKey(SigningKey key) {
        try {
            return key.verifyKey().publicKey();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("our own key is a point of the curve", e);
        }
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder) throws IOException;
    }

    /// @param depth how many authorities may stand below it
    private static X509CertificateHolder authority(X509v3CertificateBuilder start, SigningKey root, int depth) {
        return sign(start, root.privateKey(), "Ed25519", builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(depth));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        });
    }

    private X509v3CertificateBuilder builder(X500Name by, X500Name subject, PublicKey key, Duration life) {
        return new X509v3CertificateBuilder(
                by,
                new BigInteger(SERIAL_BITS, random).setBit(0),
                Date.from(now.minus(BEFORE)),
                Date.from(now.plus(life)),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static X509CertificateHolder sign(
            X509v3CertificateBuilder builder, PrivateKey signer, String algorithm, Extensions extensions) {
        try {
            extensions.addTo(builder);
            return builder.build(new JcaContentSignerBuilder(algorithm).build(signer));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make a certificate: " + e.getMessage(), e);
        }
    }
}
