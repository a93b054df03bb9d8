package io.onebox.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.Controller;
import io.onebox.controller.TestDatabase;
import io.onebox.controller.auth.Accounts;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.config.Loaded;
import io.onebox.shared.config.TomlDocument;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class CommandsTest {

    private static final Path REFERENCE = Path.of("..", "docs", "reference", "controller-commands.md");

    @TempDir
    private Path directory;

    private String database = "";
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void setsAControllerUpOnce() {
        writeConfig();

        assertThat(run("", "init")).isZero();
        assertThat(out.toString())
                .containsPattern("^root (\\w+-){3}\\w+\n[0-9a-f]{64}\nhttps://\\S+/set-up#[\\w-]{43}\n$");
        assertThat(run("", "init")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("already");

        assertThat(run("a long enough password\n", "user", "add", "alice", "--role", "owner", "--password-file", "-"))
                .as(err.toString())
                .isZero();
        assertThat(run("a long enough password\n", "user", "add", "alice", "--password-file", "-"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("short\n", "user", "reset-password", "alice", "--password-file", "-"))
                .isEqualTo(ExitCode.BAD_DATA);
        assertThat(run("", "migrate", "--dry-run")).isZero();
        assertThat(run("", "enrol-token", "add", "--role", "client")).isZero();
        assertThat(out.toString()).contains("obe1_");
        assertThat(run("", "ca", "show")).isZero();
        assertThat(run("", "ca", "show", "--pem")).isZero();
        assertThat(out.toString()).contains("-----BEGIN CERTIFICATE-----");
        assertThat(err.toString()).doesNotContain("password\n", "obe1_");
    }

    @Test
    void writesTheConfigurationOfAFreshMachine() throws IOException {
        Path config = directory.resolve("etc/controller.toml");
        String state = directory.resolve("state").toString();

        assertThat(runWith(config, "", "init", "--public-url", "https://a.example:9443", "--state-directory", state))
                .as(err.toString())
                .isZero();

        assertThat(out.toString()).contains("https://a.example:9443/set-up#");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
                .as("the service is not root, and reads it")
                .isEqualTo("rw-r--r--");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config.getParent())))
                .isEqualTo("rwxr-xr-x");
        assertThat(runWith(config, "", "config", "show")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("\"listen\":\"0.0.0.0:9443\"", "\"https://a.example:9443\"", state);
        assertThat(runWith(config, "", "ca", "show")).as("it is set up").isZero();
    }

    @Test
    void whatAgentsAreToldIsWrittenInTheirOrder() {
        assertThat(initWith("https://[2001:db8::1]:8443", "https://b.example")).isZero();

        assertThat(run("", "config", "show")).isZero();
        assertThat(out.toString())
                .contains("\"listen\":\"[::]:8443\"", "[\"https://[2001:db8::1]:8443\",\"https://b.example\"]");
    }

    @Test
    void leavesAConfigurationThatIsThereAsItIs() throws IOException {
        writeConfig();
        String before = Files.readString(directory.resolve("controller.toml"));

        assertThat(initWith("https://a.example:8443")).isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString()).contains("controller.toml already", "leave --public-url out");
        assertThat(Files.readString(directory.resolve("controller.toml"))).isEqualTo(before);
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void writesNoConfigurationForAControllerThatIsThere() throws IOException {
        writeConfig();
        run("", "init");
        Files.delete(directory.resolve("controller.toml"));

        assertThat(initWith("https://a.example:8443")).isEqualTo(ExitCode.REFUSED);

        assertThat(err.toString()).contains("there is a controller in");
        assertThat(directory.resolve("controller.toml")).doesNotExist();
    }

    @Test
    void saysHowAMissingConfigurationIsMade() {
        assertThat(run("", "init")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("controller.toml does not exist", "init --public-url https://");

        assertThat(initWith()).as("a state directory alone").isEqualTo(ExitCode.USAGE);
        assertThat(initWith("http://a.example")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--public-url must be a URL such as https://", "was http://a.example");
        assertThat(initWith("https://a.example:9588"))
                .as("the port of the metrics")
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(directory.resolve("controller.toml")).doesNotExist();
    }

    private int initWith(String... urls) {
        List<String> arguments = new ArrayList<>(
                List.of("init", "--state-directory", directory.resolve("state").toString()));
        List.of(urls).forEach(url -> arguments.addAll(List.of("--public-url", url)));
        return run("", arguments.toArray(String[]::new));
    }

    @Test
    void aBackupPutsAControllerBack() throws IOException {
        writeConfig();
        run("", "init");
        run("a long enough password\n", "user", "add", "alice", "--role", "owner", "--password-file", "-");
        String backup = directory.resolve("backup").toString();
        Path state = directory.resolve("state");

        assertThat(run("a passphrase that is long\n", "backup", backup, "--passphrase-file", "-"))
                .as(err.toString())
                .isZero();
        assertThat(Files.readString(Path.of(backup), StandardCharsets.ISO_8859_1))
                .startsWith("onebox-sealed-1")
                .doesNotContain("alice", "SQLite");
        assertThat(run("a passphrase that is long\n", "backup", backup, "--passphrase-file", "-"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(run("a passphrase that is long\n", "restore", backup, "--passphrase-file", "-"))
                .as("there is a controller")
                .isEqualTo(ExitCode.REFUSED);

        Files.move(state, directory.resolve("lost"));
        assertThat(run("another passphrase\n", "restore", backup, "--passphrase-file", "-"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("the passphrase is wrong");
        assertThat(state.resolve("master.key")).doesNotExist();
        assertThat(run("a passphrase that is long\n", "restore", backup, "--passphrase-file", "-"))
                .as(err.toString())
                .isZero();

        assertThat(Files.readString(state.resolve("root.key")))
                .isEqualTo(Files.readString(directory.resolve("lost/root.key")));
        assertThat(Files.getPosixFilePermissions(state.resolve("master.key"))).hasSize(2);
        assertThat(run("a long enough password\n", "user", "add", "alice", "--password-file", "-"))
                .as("alice is there")
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    @Tag("system")
    void withPostgresqlABackupHoldsTheKeysAndGivesThemToAnotherNode() throws IOException {
        database = TestDatabase.toml(TestDatabase.postgresql());
        writeConfig();
        Path state = directory.resolve("state");
        assertThat(run("", "init")).as(err.toString()).isZero();
        String backup = directory.resolve("keys").toString();
        assertThat(run("a passphrase that is long\n", "backup", backup, "--passphrase-file", "-"))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).contains("back that up with pg_dump");

        Files.move(state, directory.resolve("first"));
        assertThat(run("", "init")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("has the keys of a controller already")
                .doesNotContain("a password of a test");
        assertThat(state.resolve("master.key")).doesNotExist();
        assertThat(run("a passphrase that is long\n", "restore", backup, "--passphrase-file", "-"))
                .as(err.toString())
                .isZero();
        assertThat(err.toString()).contains("this node can join");
        assertThat(run("", "ca", "show")).isZero();
        assertThat(run("", "migrate", "--dry-run")).isZero();

        Files.move(state, directory.resolve("second"));
        database = "";
        writeConfig();
        assertThat(run("a passphrase that is long\n", "restore", backup, "--passphrase-file", "-"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("its database was PostgreSQL");
    }

    @Test
    void saysWhatIsMissingBeforeItIsSetUp() {
        writeConfig();

        assertThat(run("", "run")).isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString()).contains("run: onebox-controller init");
    }

    /// And ends with the code after which systemd does not start it again.
    @Test
    void namesACertificateThatIsNoUseAndWhatMendsIt() throws IOException {
        Path chain = directory.resolve("chain.pem");
        Path key = directory.resolve("key.pem");
        writeConfig();
        run("", "init");
        Path config = directory.resolve("controller.toml");
        String files = "tls = \"files\"\ncertificate-file = \"%s\"\nkey-file = \"%s\"\n[state]".formatted(chain, key);
        Files.writeString(
                config, Files.readString(config).replace("[state]", files).replace(":8443", ":1"));

        assertThat(run("", "run")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("http.certificate-file names " + chain + ", which does not exist")
                .contains("tls = \"internal\"");

        Files.writeString(chain, "no certificate");
        assertThat(run("", "run")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains(chain + ", which holds no certificates", "fullchain.pem");

        run("", "ca", "show", "--pem");
        Files.writeString(chain, out.toString().replaceFirst("(?s).*(?=-----BEGIN)", ""));
        Files.createDirectory(key);
        assertThat(run("", "run")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("http.key-file names " + key + ", which cannot be read", "in PEM");
    }

    @Test
    void listsEveryErrorOfTheFile() throws IOException {
        Files.writeString(directory.resolve("controller.toml"), "[http]\nlisten = 1\n[x]\n");

        assertThat(run("", "config", "check")).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("controller.toml:2: http.listen", "controller.toml:3: x: unknown key");
    }

    @Test
    void showsTheConfigurationWithDefaults() {
        writeConfig();

        assertThat(run("", "config", "show")).isZero();
        assertThat(out.toString()).contains("\"listen\":\"127.0.0.1:8443\"", "fd77::/48");
    }

    @Test
    void everyCommandOfTheReferenceExists() throws IOException {
        String reference = reference();
        if (Boolean.getBoolean("onebox.write")) {
            Files.writeString(REFERENCE, reference);
        }

        assertThat(Files.readString(REFERENCE))
                .as("written anew by: mvn -pl controller -am test -Dtest=CommandsTest -Donebox.write=true")
                .isEqualTo(reference);
    }

    /// On the machine itself no limit of guesses counts, and nobody has to be asked.
    @Test
    void anOwnerWhoIsLockedOutGetsInWithAnotherPassword() {
        writeConfig();
        run("", "init");
        run("the first password\n", "user", "add", "alice", "--role", "owner", "--password-file", "-");
        assertThat(run("another password\n", "user", "reset-password", "alice", "--password-file", "-"))
                .as(err.toString())
                .isZero();
        assertThat(run("another password\n", "user", "reset-password", "bob", "--password-file", "-"))
                .isNotZero();

        try (Controller controller = Controller.open(config())) {
            assertThat(controller.accounts().login("alice", "the first password", "192.0.2.7"))
                    .isInstanceOf(Accounts.Login.Wrong.class);
            assertThat(controller.accounts().login("alice", "another password", "192.0.2.7"))
                    .isInstanceOf(Accounts.Login.Session.class);
        }
    }

    private ControllerConfig config() {
        Loaded<TomlDocument> document = TomlDocument.read(directory.resolve("controller.toml"));
        Loaded<ControllerConfig> config = ControllerConfig.read(((Loaded.Valid<TomlDocument>) document).config());
        return ((Loaded.Valid<ControllerConfig>) config).config();
    }

    private void writeConfig() {
        try {
            Files.writeString(
                    directory.resolve("controller.toml"), """
                    [http]
                    listen = "127.0.0.1:8443"
                    [state]
                    directory = "%s"
                    """.formatted(directory.resolve("state")) + database);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int run(String input, String... arguments) {
        return runWith(directory.resolve("controller.toml"), input, arguments);
    }

    private int runWith(Path config, String input, String... arguments) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        var terminal = new Terminal(in, new PrintWriter(out, true), new PrintWriter(err, true), false);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        return OneboxController.execute(terminal, all.toArray(String[]::new));
    }

    private static String reference() {
        CommandSpec program = OneboxController.commandLine(Terminal.system()).getCommandSpec();
        var text = new StringBuilder("""
                # The controller's commands

                Commands of `onebox-controller`, generated from the program; a test keeps it so. stdout is data, stderr
                is messages. Exit codes are those of the [agent's commands](commands.md#exit-codes).

                ## Options of every command

                """);
        text.append(table(program.options()));
        new TreeMap<>(program.subcommands()).forEach((name, line) -> append(text, name, line.getCommandSpec()));
        return text.toString();
    }

    private static void append(StringBuilder text, String title, CommandSpec command) {
        if (command.usageMessage().hidden()) {
            return;
        }
        text.append("\n## ").append(title).append("\n\n");
        text.append(String.join("\n", command.usageMessage().description())).append('\n');
        List<ArgSpec> arguments = command.args().stream()
                .filter(argument -> !argument.inherited())
                .toList();
        if (!arguments.isEmpty()) {
            text.append('\n').append(table(arguments));
        }
        new TreeMap<String, CommandLine>(command.subcommands())
                .forEach((name, line) -> append(text, title + " " + name, line.getCommandSpec()));
    }

    private static String table(List<? extends ArgSpec> arguments) {
        var text = new StringBuilder("| argument | meaning |\n|---|---|\n");
        for (ArgSpec argument : arguments) {
            String name = argument instanceof OptionSpec option
                    ? String.join(", ", option.names()) + (option.arity().max() == 0 ? "" : " " + argument.paramLabel())
                    : argument.paramLabel();
            text.append("| `%s` | %s |%n".formatted(name, String.join(" ", argument.description())));
        }
        return text.toString();
    }
}
