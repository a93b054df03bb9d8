package io.onebox.controller.cli;

import io.onebox.controller.Backup;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `backup`: database and keys in one sealed file.
@Command(
        name = "backup",
        description = {
            "Write database and keys to a file sealed with a passphrase, also while it runs.",
            "A database of PostgreSQL is not in it: back that up with pg_dump."
        })
final class BackupCommand implements Runnable {

    private final Invocation invocation;

    @Parameters(paramLabel = "F", description = "The file to write; it must not exist.")
    private Path file = Path.of("");

    @Mixin
    private Passphrase passphrase = new Passphrase();

    BackupCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControllerConfig config = invocation.config();
        var backup = new Backup(config);
        if (!backup.isOccupied()) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "there is no controller in " + config.stateDirectory(),
                    "there is nothing to back up");
        }
        if (Files.exists(file)) {
            throw new CommandFailure(ExitCode.REFUSED, file + " exists already", "name another file");
        }
        backup.write(file.toAbsolutePath(), passphrase.read(invocation.terminal()));
        invocation.say("backup written; keep the passphrase elsewhere, and try restore on another machine");
        if (!backup.isWithDatabase()) {
            invocation.say("the keys are in it and the database is not: back that up with pg_dump");
        }
    }
}
