package io.onebox.controller.cli;

import io.onebox.controller.Backup;
import io.onebox.controller.Controller;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// `init`: database, root and keys. There is no user and no password until somebody opens the address it prints, or
/// adds one.
@Command(
        name = "init",
        description = {
            "Create the database, the root and the keys.",
            "It prints an address: who opens it, once and within a day, becomes the first user."
        })
final class InitCommand implements Runnable {

    private final Invocation invocation;

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        ControllerConfig config = invocation.config();
        var files = new StateFiles(config.stateDirectory());
        if (new Backup(config).isOccupied()) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "there is a controller in " + files.directory() + " already, and it is left as it is",
                    "start it with: onebox-controller run");
        }
        ControllerKeys keys = Controller.init(config);
        var fingerprint = keys.root().fingerprint();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox.controller-init/1");
        json.put("fingerprint", fingerprint.toString());
        json.put("words", fingerprint.words());
        json.put("rootKey", files.rootKey().toString());
        String setUp = setUp(config);
        json.put("setUpUrl", setUp);
        invocation.print(json, "root " + fingerprint.words() + "\n" + fingerprint + "\n" + setUp);
        invocation.say("keep a copy of " + files.rootKey() + " where this machine cannot lose it; then start it, and");
        invocation.say("choose login and password at the address above, once and within a day; or do so here:");
        invocation.say("  onebox-controller user add NAME --role owner --password-file -");
    }

    /// The secret stands behind a `#`, which browsers keep to themselves.
    private static String setUp(ControllerConfig config) {
        try (Controller controller = Controller.open(config)) {
            return config.urls().getFirst().resolve("/set-up") + "#"
                    + controller.setUp().make();
        }
    }
}
