package io.onebox.agent.cli;

import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `status`: one screen, problems first.
@Command(name = "status", description = "Show the bond, its links and its peer on one screen, problems first.")
final class StatusCommand implements Callable<Integer> {

    /// What `--check` asks for.
    enum Check {
        /// The agent answers.
        LIVE,
        /// Traffic flows: a client has a usable link; a server listens.
        READY,
        /// Every connected peer, at least one, has two usable links or more.
        BONDED
    }

    /// Reads a check in lower case.
    static final class CheckConverter implements ITypeConverter<Check> {
        @Override
        public Check convert(String value) {
            for (Check check : Check.values()) {
                if (check.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return check;
                }
            }
            throw new TypeConversionException("must be live, ready or bonded, was '" + value + "'");
        }
    }

    private static final int LINKS_OF_A_BOND = 2;

    private final Invocation invocation;

    @Option(
            names = "--check",
            paramLabel = "live|ready|bonded",
            converter = CheckConverter.class,
            description = "Exit with 2 unless the agent is that well.")
    private @Nullable Check check;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        JsonObject status = invocation.fetch("/v1/status");
        if (!invocation.options().json && !invocation.options().quiet) {
            new StatusScreen(invocation.role().program(), invocation.palette())
                    .lines(status)
                    .forEach(invocation::print);
        }
        return check == null || isMet(check, status) ? ExitCode.OK : ExitCode.DEGRADED;
    }

    private static boolean isMet(Check check, JsonObject status) {
        return switch (check) {
            case LIVE -> true;
            case READY -> "up".equals(status.text("state"));
            case BONDED -> isBonded(status);
        };
    }

    private static boolean isBonded(JsonObject status) {
        if ("client".equals(status.text("role"))) {
            return usable(status.objects("links")) >= LINKS_OF_A_BOND;
        }
        List<JsonObject> connected = status.objects("clients").stream()
                .filter(client -> "connected".equals(client.text("state")))
                .toList();
        return !connected.isEmpty()
                && connected.stream().allMatch(client -> usable(client.objects("paths")) >= LINKS_OF_A_BOND);
    }

    private static long usable(List<JsonObject> paths) {
        return paths.stream()
                .filter(path -> "usable".equals(path.text("state")))
                .count();
    }
}
