package io.onebox.controller.cli;

import io.onebox.controller.Backup;
import io.onebox.controller.store.Database;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `restore`: what `backup` wrote, on a machine without a controller.
@Command(
        name = "restore",
        description = {
            "Put back what backup wrote, where there is no controller.",
            "With PostgreSQL it puts back the keys alone; so a further node of a cluster gets them, too."
        })
final class RestoreCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "F", description = "The file that backup wrote.")
    private Path file = Path.of("");

    @Mixin
    private Passphrase passphrase = new Passphrase();

    RestoreCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControllerConfig config = invocation.config();
        var backup = new Backup(config);
        if (backup.isOccupied()) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "there is a controller in " + config.stateDirectory() + " already, and it is left as it is",
                    "move that directory away first");
        }
        if (!Files.exists(file)) {
            throw new CommandFailure(ExitCode.BAD_DATA, file + " does not exist", "");
        }
        backup.restore(file, passphrase.read(invocation.terminal()));
        try (Database database = Database.open(config.database())) {
            if (backup.isWithDatabase()) {
                database.migrate();
                invocation.say("restored; start it with: onebox-controller run");
            } else if (database.pending() == 0 && database.isInUse()) {
                invocation.say("keys restored; this node can join: onebox-controller run");
            } else {
                invocation.say("keys restored; now put the database back with pg_restore, then: onebox-controller"
                        + " migrate");
            }
        }
    }
}
