package io.onebox.agent.cli;

import io.onebox.agent.control.ControlFiles;
import io.onebox.agent.control.EnrolmentClient;
import io.onebox.agent.control.EnrolmentClient.Enrolled;
import io.onebox.agent.control.EnrolmentClient.Introduction;
import io.onebox.agent.control.EnrolmentClient.UnreachableException;
import io.onebox.agent.control.LinkReach;
import io.onebox.agent.status.Version;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.message.EnrolRequest;
import io.onebox.shared.message.EnrolRequest.Tagging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
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

    private static final String NAME_CONFLICT = "name_conflict";
    private static final Duration LOOK = Duration.ofSeconds(2);

    /// How long a controller that is not reached is asked again, unless told otherwise. A guess: a machine that has
    /// just
    /// started has its links up by then.
    private static final Duration UNREACHABLE_PATIENCE = Duration.ofSeconds(30);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

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
            description = "Wait so long for approval; exit 5 if it does not come. Try so long to reach the controller,"
                    + " instead of 30 s; exit 75 if it is not reached.")
    private @Nullable Duration patience;

    @Option(names = "--replace", description = "Forget another controller first.")
    private boolean isReplacing;

    @Option(
            names = "--apply-token-tags",
            description = "Where this machine is enrolled already, give it the tags of the token.")
    private boolean isRetagging;

    private final SecureRandom random = new SecureRandom();

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
        var client = new EnrolmentClient(
                files, random, InstantSource.system(), invocation.options().timeout, invocation::say);
        var introduction = new Introduction(
                wanted,
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Version.current(),
                isRetagging ? Tagging.OF_TOKEN : Tagging.AS_IT_IS);
        long endNs = System.nanoTime() + (patience == null ? UNREACHABLE_PATIENCE : patience).toNanos();
        Enrolled enrolled = ask(client, token, introduction, endNs);
        while (patience != null && enrolled.state().equals("pending")) {
            if (System.nanoTime() - endNs > 0) {
                throw new CommandFailure(
                        ExitCode.TIMED_OUT,
                        "not approved within " + patience.toSeconds() + " s",
                        "approve " + enrolled.words() + " at the controller; the agent may be started meanwhile");
            }
            LockSupport.parkNanos(Math.max(LOOK.toNanos(), patience.toNanos() / 20));
            enrolled = ask(client, token, introduction, endNs);
        }
        print(token, enrolled);
    }

    /// Asks until somebody answers. A pause is drawn between zero and a bound that doubles, so that machines that start
    /// together do not ask together.
    private Enrolled ask(EnrolmentClient client, EnrolmentToken token, Introduction introduction, long endNs) {
        Duration bound = FIRST_PAUSE;
        String told = "";
        while (true) {
            try {
                return client.enrol(token, introduction);
            } catch (UnreachableException e) {
                String why = String.valueOf(e.getMessage());
                long leftNs = endNs - System.nanoTime();
                if (leftNs <= 0) {
                    LinkReach.describe(e.url()).forEach(invocation::say);
                    throw new CommandFailure(
                            ExitCode.TEMPORARY,
                            why,
                            "check the address, the port and any firewall in between, then try again");
                }
                if (!why.equals(told)) {
                    invocation.say(why + "; trying again");
                    told = why;
                }
                LockSupport.parkNanos(Math.min(leftNs, random.nextLong(bound.toNanos())));
                Duration doubled = bound.multipliedBy(2);
                bound = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
            }
        }
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
            json.put("reason", enrolled.reason().isEmpty() ? null : enrolled.reason());
            json.put("words", enrolled.words());
            json.put("controllerWords", token.pin().words());
            invocation.print(json);
            return;
        }
        invocation.print(
                "controller  " + token.urls().getFirst() + "  " + token.pin().words());
        invocation.print("this agent  " + enrolled.name() + "  " + enrolled.words());
        invocation.print("state       " + enrolled.state());
        if (enrolled.reason().equals(NAME_CONFLICT)) {
            invocation.say("another agent is called " + enrolled.name() + "; if this machine is to be it, reclaim it at"
                    + " the controller, else choose another name with --name");
        }
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
