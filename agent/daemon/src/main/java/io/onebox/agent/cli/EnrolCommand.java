package io.onebox.agent.cli;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.EnrolmentClient;
import io.onebox.agent.control.EnrolmentClient.Enrolled;
import io.onebox.agent.status.Version;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.message.EnrolRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `enrol`: gets this machine known to a controller.
@Command(
        name = "enrol",
        description = "Enrol at a controller with a token; the agent then gets its configuration from there.")
final class EnrolCommand implements Runnable {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Invocation invocation;

    @Option(
            names = "--token-file",
            paramLabel = "F",
            required = true,
            description = "File with the token; - is standard input.")
    private String tokenFile = "";

    @Option(names = "--name", paramLabel = "N", description = "Name at the controller, if not this machine's.")
    private @Nullable String name;

    @Option(
            names = "--wait",
            paramLabel = "D",
            converter = GlobalOptions.DurationConverter.class,
            description = "Wait so long for approval; exit 5 if it does not come.")
    private @Nullable Duration patience;

    @Option(names = "--replace", description = "Forget another controller first.")
    private boolean isReplacing;

    EnrolCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        EnrolmentToken token = TokenSource.read(invocation.terminal(), tokenFile);
        String role = invocation.role().spelling();
        if (!token.role().spelling().equals(role)) {
            throw new CommandFailure(
                    ExitCode.BAD_DATA,
                    "this token is for a " + token.role().spelling() + ", this program is a " + role,
                    "use onebox-" + token.role().spelling());
        }
        String wanted = name == null ? hostName() : name;
        if (!EnrolRequest.isName(wanted)) {
            throw new CommandFailure(
                    ExitCode.BAD_DATA, "a name has 1 to 63 letters, digits, '.', '_' or '-'", "choose one with --name");
        }
        ControlFiles files = invocation.controlFiles();
        refuseAnother(files, token);
        var client = new EnrolmentClient(files, new SecureRandom(), invocation.options().timeout);
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        Enrolled enrolled = client.enrol(token, wanted, system, Version.current());
        long endNs = System.nanoTime() + (patience == null ? 0 : patience.toNanos());
        while (patience != null && enrolled.state().equals("pending")) {
            if (System.nanoTime() - endNs > 0) {
                throw new CommandFailure(
                        ExitCode.TIMED_OUT,
                        "not approved within " + patience.toSeconds() + " s",
                        "approve " + enrolled.words() + " at the controller; the agent may be started meanwhile");
            }
            LockSupport.parkNanos(Math.max(LOOK.toNanos(), patience.toNanos() / 20));
            enrolled = client.enrol(token, wanted, system, Version.current());
        }
        print(token, enrolled);
    }

    private void refuseAnother(ControlFiles files, EnrolmentToken token) {
        boolean isAnother = files.enrolment()
                .filter(known -> !known.pin().equals(token.pin()))
                .isPresent();
        if (isAnother && !isReplacing) {
            throw new CommandFailure(
                    ExitCode.REFUSED, "this agent belongs to another controller", "leave it with --replace");
        }
        if (isAnother) {
            files.forget();
        }
    }

    private void print(EnrolmentToken token, Enrolled enrolled) {
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.enrol/1");
            json.put("agentId", enrolled.agentId());
            json.put("name", enrolled.name());
            json.put("state", enrolled.state());
            json.put("words", enrolled.words());
            json.put("controllerWords", token.pin().words());
            invocation.print(json);
            return;
        }
        invocation.print(
                "controller  " + token.urls().getFirst() + "  " + token.pin().words());
        invocation.print("this agent  " + enrolled.name() + "  " + enrolled.words());
        invocation.print("state       " + enrolled.state());
        invocation.say("start the agent, or restart it: " + invocation.role().program() + " restart");
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
