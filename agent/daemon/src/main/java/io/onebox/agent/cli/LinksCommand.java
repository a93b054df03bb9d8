package io.onebox.agent.cli;

import io.onebox.shared.json.JsonObject;
import picocli.CommandLine.Command;

/// `links`: the links of a client.
@Command(name = "links", description = "List the links; change them while they run.")
final class LinksCommand implements Runnable {

    private final Invocation invocation;

    LinksCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        JsonObject document = invocation.fetch("/v1/links");
        if (!invocation.options().json) {
            new StatusScreen(invocation.role().program(), invocation.palette())
                    .links(document.objects("links"))
                    .forEach(invocation::print);
        }
    }
}
