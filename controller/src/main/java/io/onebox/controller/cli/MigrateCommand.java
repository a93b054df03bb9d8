package io.onebox.controller.cli;

import io.onebox.controller.store.Database;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `migrate`: the tables of this version.
@Command(
        name = "migrate",
        description = {
            "Bring the database to this version, SQLite or PostgreSQL.",
            "Stop every node first: an older one may not understand the new tables."
        })
final class MigrateCommand implements Runnable {

    private final Invocation invocation;

    @Option(names = "--dry-run", description = "Only say how many steps it would take.")
    private boolean isDry;

    MigrateCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControllerConfig config = invocation.config();
        if (!Database.exists(config.database())) {
            throw new CommandFailure(
                    ExitCode.REFUSED, config.database() + " does not exist", "run: onebox-controller init");
        }
        try (Database database = Database.open(config.database())) {
            int steps = isDry ? database.pending() : database.migrate();
            invocation.say(steps + (isDry ? " steps to go" : " steps done"));
        }
    }
}
