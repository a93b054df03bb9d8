package io.onebox.agent.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `links resume LINK`.
@Command(name = "resume", description = "Use a paused link again.")
final class LinksResumeCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "LINK", description = "Name of the interface.")
    private String link = "";

    LinksResumeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        LinksSetCommand.change(invocation, link, Map.of("paused", "false"));
    }
}
