package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import io.onebox.controller.enrol.EnrolTokens;
import io.onebox.controller.registry.Tags;
import io.onebox.controller.store.Actor;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.Durations;
import io.onebox.shared.config.HostPort;
import io.onebox.shared.config.Prefix;
import io.onebox.shared.identity.AgentRole;
import io.onebox.shared.identity.EnrolmentToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `enrol-token add`: the token on stdout, once.
@Command(name = "add", description = "Make an enrolment token; it is printed once and kept nowhere.")
final class EnrolTokenAddCommand implements Runnable {

    private final Invocation invocation;

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "client or server.")
    private String role = "";

    @Option(names = "--uses", paramLabel = "N", description = "How many agents may enrol with it; 1 by default.")
    private int uses = 1;

    @Option(names = "--valid", paramLabel = "D", description = "How long it may be used; 1h by default.")
    private String valid = "1h";

    @Option(names = "--manual", description = "Agents wait until somebody approves them.")
    private boolean isManual;

    @Option(
            names = "--endpoint",
            paramLabel = "HOST:PORT",
            description = "Where clients reach the server that enrols; its address and port 51820 by default.")
    private List<String> endpoints = List.of();

    @Option(names = "--tag", paramLabel = "TAG", description = "A tag of the agents that enrol; may be repeated.")
    private List<String> tags = List.of();

    @Option(
            names = "--from",
            paramLabel = "NETWORK",
            description = "A network it may be used from, such as 203.0.113.0/24; may be repeated.")
    private List<String> networks = List.of();

    EnrolTokenAddCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        AgentRole wanted = AgentRole.parse(role).orElseThrow(() -> wrong("a role is client or server"));
        Duration life = Durations.parse(valid)
                .filter(duration -> !duration.isZero())
                .orElseThrow(() -> wrong("'" + valid + "' is not a duration such as 30m or 1h"));
        if (uses < 1) {
            throw wrong("a token has one use at least");
        }
        if (!endpoints.stream().allMatch(endpoint -> HostPort.parse(endpoint).isPresent())) {
            throw wrong("an endpoint is host:port or [IPv6]:port");
        }
        if (wanted == AgentRole.CLIENT && !endpoints.isEmpty()) {
            throw wrong("only a server's token has endpoints");
        }
        Tags given = Tags.of(tags).orElseThrow(() -> wrong(Tags.RULE));
        List<Prefix> from = networks.stream()
                .map(network -> Prefix.network(network)
                        .orElseThrow(() -> wrong("'" + network + "' is not a network such as 203.0.113.0/24")))
                .toList();
        try (Controller controller = invocation.open()) {
            var terms = new EnrolTokens.Terms(wanted, isManual, endpoints, from, given, uses, life);
            EnrolmentToken token = controller.enrolTokens().add(Actor.LOCAL, terms, controller.place());
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.enrol-token/1");
            json.put("id", token.id());
            json.put("token", token.text());
            invocation.print(json, token.text());
        }
    }

    private static CommandFailure wrong(String problem) {
        return new CommandFailure(ExitCode.BAD_DATA, problem, "");
    }
}
