package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebRootsTest {

    private static final X509Certificate SOMEBODY = trusted(Path.of("/nowhere"))[0];

    @TempDir
    private Path directory;

    @Test
    void whomTheMachineTrustsAndNobodyElse() throws IOException, CertificateEncodingException {
        String text = Base64.getMimeEncoder().encodeToString(SOMEBODY.getEncoded());
        Path list = Files.writeString(
                directory.resolve("list"),
                "# a name\n-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");

        assertThat(trusted(list)).containsExactly(SOMEBODY);
    }

    @Test
    void whomJavaTrustsWithoutAListThatCanBeRead() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken"), "-----BEGIN CERTIFICATE-----\nno\n");
        Path empty = Files.writeString(directory.resolve("empty"), "");

        assertThat(trusted(broken)).contains(SOMEBODY);
        assertThat(trusted(empty)).contains(SOMEBODY);
    }

    private static X509Certificate[] trusted(Path list) {
        return ((X509TrustManager) WebRoots.trusted(List.of(list))).getAcceptedIssuers();
    }
}
