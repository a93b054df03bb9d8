package io.onebox.controller.cli;

import io.onebox.controller.Backup;
import io.onebox.controller.Controller;
import io.onebox.controller.trust.ControllerKeys;
import io.onebox.controller.trust.StateFiles;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.identity.EnrolmentToken;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `init`: database, root and keys. There is no user and no password until somebody opens the address it prints, or
/// adds one.
@Command(
        name = "init",
        description = {
            "Create the database, the root and the keys.",
            "It prints an address: who opens it, once and within a day, becomes the first user.",
            "Where there is no configuration file, --public-url makes it write one."
        })
final class InitCommand implements Runnable {

    private static final Path DEFAULT_STATE = Path.of("/var/lib/onebox-controller");

    private final Invocation invocation;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            description = {
                "Write the configuration file, which must not exist: agents reach this controller at this URL, such as",
                "https://controller.example.net:8443; may be repeated, best first."
            })
    private List<String> publicUrls = List.of();

    @Option(
            names = "--state-directory",
            paramLabel = "D",
            description = "With --public-url: where database and keys are; /var/lib/onebox-controller by default.")
    private @Nullable Path stateDirectory;

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        Optional<FirstConfig> first = publicUrls.isEmpty() ? Optional.empty() : Optional.of(first());
        ControllerConfig config = first.map(FirstConfig::config).orElseGet(this::existing);
        var files = new StateFiles(config.stateDirectory());
        if (new Backup(config).isOccupied()) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "there is a controller in " + files.directory() + " already, and it is left as it is",
                    "start it with: onebox-controller run");
        }
        first.ifPresent(FirstConfig::write);
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

    private ControllerConfig existing() {
        if (stateDirectory != null) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--state-directory goes with --public-url",
                    "or write it into the file, as [state]");
        }
        Path file = invocation.options().config;
        if (Files.notExists(file)) {
            throw new CommandFailure(
                    ExitCode.CONFIGURATION,
                    file + " does not exist",
                    "let init write it: onebox-controller init --public-url https://controller.example.net:8443");
        }
        return invocation.config();
    }

    private FirstConfig first() {
        Path file = invocation.options().config;
        if (Files.exists(file)) {
            throw new CommandFailure(
                    ExitCode.REFUSED,
                    "there is a " + file + " already, and it is left as it is",
                    "its http.public-urls count; leave --public-url out");
        }
        publicUrls.stream().filter(url -> !EnrolmentToken.isAcceptable(url)).forEach(url -> {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--public-url must be a URL such as https://controller.example.net:8443, was " + url,
                    "");
        });
        Path state = stateDirectory == null ? DEFAULT_STATE : stateDirectory.toAbsolutePath();
        return new FirstConfig(file, publicUrls.stream().map(URI::create).toList(), state);
    }

    /// The secret stands behind a `#`, which browsers keep to themselves.
    private static String setUp(ControllerConfig config) {
        try (Controller controller = Controller.open(config)) {
            return config.urls().getFirst().resolve("/set-up") + "#"
                    + controller.setUp().make();
        }
    }
}
