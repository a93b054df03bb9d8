package io.onebox.agent.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `links pause LINK`.
@Command(name = "pause", description = "Take a link out of use for the time being.")
final class LinksPauseCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "LINK", description = "Name of the interface.")
    private String link = "";

    LinksPauseCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        LinksSetCommand.change(invocation, link, Map.of("paused", "true"));
    }
}
