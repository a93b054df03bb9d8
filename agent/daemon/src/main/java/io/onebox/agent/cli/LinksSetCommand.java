package io.onebox.agent.cli;

import io.onebox.shared.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `links set LINK key=value…`: until the agent stops or reloads.
@Command(
        name = "set",
        description =
                "Change a link: role=always|secondary|backup|never, metered=true|false, upload=RATE, download=RATE.")
final class LinksSetCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "LINK", description = "Name of the interface.")
    private String link = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "key=value", description = "What to change.")
    private Map<String, String> values = Map.of();

    LinksSetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        change(invocation, link, values);
    }

    static void change(Invocation invocation, String link, Map<String, String> values) {
        String name = URLEncoder.encode(link, StandardCharsets.UTF_8);
        invocation.tell("/v1/links/" + name, Json.write(values));
        invocation.say(link + " changed; [[link]] in the configuration file makes it last");
    }
}
