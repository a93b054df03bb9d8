package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import io.onebox.controller.store.Database.DatabaseException;
import io.onebox.controller.trust.StateFiles.StateException;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.CompletionCommand;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.cli.ManPage;
import io.onebox.shared.cli.ManualCommand;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.config.LogConfig;
import io.onebox.shared.log.LogSetup;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// The program `onebox-controller`: finds the command and runs it.
@Command(
        name = OneboxController.PROGRAM,
        description = "Enrols onebox agents, gives them configuration, shows them.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "6:refused by state",
            "64:wrong usage",
            "65:wrong data",
            "78:wrong configuration",
            "130:Ctrl-C"
        })
public final class OneboxController implements Runnable {

    static final String PROGRAM = "onebox-controller";

    @Mixin
    private final Options options = new Options();

    @SuppressWarnings("UnusedVariable") // picocli looks at it.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "This help.")
    private boolean isHelpWanted;

    @Option(names = "--version", description = "The version.")
    private boolean isVersionWanted;

    @Spec
    private @Nullable CommandSpec spec;

    private final Invocation invocation;

    private OneboxController(Terminal terminal) {
        this.invocation = new Invocation(terminal, options);
    }

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        LogSetup.apply(new LogConfig(LogConfig.Level.WARN, LogConfig.Format.TEXT)); // Until the configuration is read.
        System.exit(execute(Terminal.system(), arguments));
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int execute(Terminal terminal, String... arguments) {
        return commandLine(terminal).execute(arguments);
    }

    static CommandLine commandLine(Terminal terminal) {
        var program = new OneboxController(terminal);
        Invocation invocation = program.invocation;
        return new CommandLine(program)
                .addSubcommand(new InitCommand(invocation))
                .addSubcommand(new RunCommand(invocation))
                .addSubcommand(new MigrateCommand(invocation))
                .addSubcommand(new CommandLine(new Group.Users())
                        .addSubcommand(new UserAddCommand(invocation))
                        .addSubcommand(new UserResetPasswordCommand(invocation)))
                .addSubcommand(
                        new CommandLine(new Group.EnrolTokens()).addSubcommand(new EnrolTokenAddCommand(invocation)))
                .addSubcommand(new CommandLine(new Group.Authority()).addSubcommand(new CaShowCommand(invocation)))
                .addSubcommand(new CommandLine(new Group.Config())
                        .addSubcommand(new ConfigCheckCommand(invocation))
                        .addSubcommand(new ConfigShowCommand(invocation)))
                .addSubcommand(new BackupCommand(invocation))
                .addSubcommand(new RestoreCommand(invocation))
                .addSubcommand(new VersionCommand(invocation))
                .addSubcommand(new CompletionCommand(terminal))
                .addSubcommand(new ManualCommand(terminal, manual()))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(program::misused)
                .setExecutionExceptionHandler(program::failed);
    }

    private static ManPage.Program manual() {
        return new ManPage.Program(
                PROGRAM,
                Controller.version(),
                "enrols onebox agents and configures them",
                List.of(),
                List.of(
                        new ManPage.Item("/etc/onebox/controller.toml", "The configuration."),
                        new ManPage.Item(
                                "/var/lib/onebox-controller",
                                "Database, keys and history; back it up with: onebox-controller backup."),
                        new ManPage.Item("/etc/default/onebox-controller", "Environment of the service.")));
    }

    /// Without a command.
    @Override
    public void run() {
        if (isVersionWanted) {
            invocation.print(VersionCommand.line());
            return;
        }
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    private int misused(ParameterException failure, String[] arguments) {
        invocation.complain(
                String.valueOf(failure.getMessage()),
                "see: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine line, ParseResult parsed) {
        return switch (failure) {
            case CommandFailure known -> {
                invocation.complain(String.valueOf(known.getMessage()), known.hint());
                yield known.exitCode();
            }
            case InvalidConfig invalid -> {
                invalid.errors().forEach(error -> invocation.terminal().err().println(error));
                invocation.terminal().err().flush();
                yield ExitCode.CONFIGURATION;
            }
            case StateException state -> {
                invocation.complain(String.valueOf(state.getMessage()), "");
                yield ExitCode.REFUSED;
            }
            case DatabaseException database -> {
                invocation.complain(String.valueOf(database.getMessage()), "");
                yield ExitCode.FAILURE;
            }
            case UncheckedIOException io -> {
                invocation.complain(io.getMessage() + ": " + io.getCause(), "");
                yield ExitCode.FAILURE;
            }
            default -> {
                invocation.complain(failure.toString(), "");
                yield ExitCode.FAILURE;
            }
        };
    }
}
