package io.onebox.agent.cli;

import io.onebox.shared.json.JsonObject;
import picocli.CommandLine.Command;

/// `clients`: the clients of a server.
@Command(name = "clients", description = "List the clients: addresses, paths, throughput, last handshake.")
final class ClientsCommand implements Runnable {

    private final Invocation invocation;

    ClientsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        JsonObject document = invocation.fetch("/v1/clients");
        if (!invocation.options().json) {
            new StatusScreen(invocation.role().program(), invocation.palette())
                    .clients(document.objects("clients"))
                    .forEach(invocation::print);
        }
    }
}
