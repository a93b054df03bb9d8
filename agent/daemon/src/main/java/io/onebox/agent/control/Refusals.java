package io.onebox.agent.control;

import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import javax.net.ssl.SSLException;

/// What it means that a controller does not let this agent in: an exit code, and what to do next.
final class Refusals {

    private static final int FIRST_SERVER_ERROR = 500;

    private Refusals() {}

    /// @param status of the HTTP answer
    /// @param code of the error catalogue
    static int exitCode(int status, String code) {
        return switch (code) {
            case "rate_limited", "too_many_pending", "stale" -> ExitCode.TEMPORARY;
            case "version_too_old", "clock_skew" -> ExitCode.CONFIGURATION;
            default -> status >= FIRST_SERVER_ERROR ? ExitCode.TEMPORARY : ExitCode.PERMISSION;
        };
    }

    /// The next step; empty where the sentence of the controller says it.
    static String hint(String code) {
        return switch (code) {
            case "pin_mismatch" -> "if the controller was set up anew, ask for a new token";
            case "version_too_old" -> "update the older of the two";
            case "name_conflict" -> "choose another name with --name";
            case "agent_revoked" -> "leave the controller with unenrol, which forgets the keys, and enrol again";
            default -> "";
        };
    }

    /// Whether TLS failed over the certificate, and not over a connection that broke.
    static boolean isOfCertificate(SSLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    /// A certificate that is not trusted. If its dates are why, it may be the clock that is wrong: small boxes have
    /// none that runs without power.
    static CommandFailure of(SSLException failure, Instant now) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateNotYetValidException || cause instanceof CertificateExpiredException) {
                return new CommandFailure(
                        ExitCode.CONFIGURATION,
                        "by the clock of this machine, where it is " + now + ", the certificate in front of the"
                                + " controller does not count: " + cause.getMessage(),
                        "set the clock if it is wrong; if it is right, renew that certificate");
            }
        }
        return new CommandFailure(
                ExitCode.PERMISSION,
                "the controller's certificate is not the one this token expects: " + failure.getMessage(),
                "a new token is needed if the controller has a new root");
    }
}
