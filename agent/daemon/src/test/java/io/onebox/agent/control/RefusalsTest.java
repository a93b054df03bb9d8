package io.onebox.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/// Certificates that are not trusted. Those of the pinned root count whatever the clock says; a proxy's do not.
class RefusalsTest {

    private static final Instant FIRST_START = Instant.parse("1970-01-01T00:03:00Z");

    @Test
    void aCertificateThatDoesNotCountYetPointsAtTheClock() {
        var dates = new CertificateNotYetValidException("NotBefore: Thu Nov 26 2026");
        var failure = new SSLHandshakeException("PKIX path validation failed");
        failure.initCause(new CertPathValidatorException("validity check failed", dates));

        CommandFailure told = Refusals.of(failure, FIRST_START);

        assertThat(told.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(told).hasMessageContaining("1970-01-01T00:03:00Z").hasMessageContaining("NotBefore");
        assertThat(told.hint()).contains("set the clock");
    }

    @Test
    void anyOtherPointsAtTheToken() {
        CommandFailure told = Refusals.of(new SSLHandshakeException("unable to find a path"), FIRST_START);

        assertThat(told.exitCode()).isEqualTo(ExitCode.PERMISSION);
        assertThat(told.hint()).contains("a new token");
    }
}
