package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.agent.status.Version;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.CompletionCommand;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.cli.InvalidConfig;
import io.onebox.shared.cli.ManPage;
import io.onebox.shared.cli.ManualCommand;
import io.onebox.shared.cli.Terminal;
import io.onebox.shared.config.ConfigError;
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

/// The program: finds the command and runs it.
@Command(
        description = "Bonds several internet uplinks into one fast, unbreakable connection.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:degraded (only with --check)",
            "3:no agent is running",
            "4:not enrolled",
            "5:timed out",
            "6:refused by state",
            "64:wrong usage",
            "65:wrong data",
            "69:unavailable",
            "75:temporary, try again",
            "77:not permitted",
            "78:wrong configuration"
        })
final class Onebox implements Runnable {

    @Mixin
    private final GlobalOptions options = new GlobalOptions();

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

    private Onebox(Role role, Terminal terminal) {
        this.invocation = new Invocation(role, terminal, options);
    }

    /// Runs one command.
    ///
    /// @return its exit code, of [ExitCode]
    static int execute(Role role, Terminal terminal, String... arguments) {
        return commandLine(role, terminal).execute(arguments);
    }

    static CommandLine commandLine(Role role, Terminal terminal) {
        var program = new Onebox(role, terminal);
        Invocation invocation = program.invocation;
        var line = new CommandLine(program)
                .setCommandName(role.program())
                .addSubcommand(new RunCommand(invocation))
                .addSubcommand(new StartCommand(invocation))
                .addSubcommand(new StopCommand(invocation))
                .addSubcommand(new RestartCommand(invocation))
                .addSubcommand(new ReloadCommand(invocation))
                .addSubcommand(new StatusCommand(invocation))
                .addSubcommand(new StatsCommand(invocation))
                .addSubcommand(new TopCommand(invocation))
                .addSubcommand(new KeygenCommand(invocation))
                .addSubcommand(new PubkeyCommand(invocation))
                .addSubcommand(config(invocation))
                .addSubcommand(new EnrolCommand(invocation))
                .addSubcommand(new UnenrolCommand(invocation))
                .addSubcommand(new RekeyCommand(invocation))
                .addSubcommand(new CommandLine(new TokenCommand()).addSubcommand(new TokenInspectCommand(invocation)))
                .addSubcommand(new DoctorCommand(invocation))
                .addSubcommand(new VersionCommand(invocation))
                .addSubcommand(new CompletionCommand(terminal))
                .addSubcommand(new ManualCommand(terminal, manual(role)))
                .addSubcommand(new HelpCommand(invocation));
        if (role == Role.CLIENT) {
            line.addSubcommand(links(invocation))
                    .addSubcommand(new UpCommand(invocation))
                    .addSubcommand(new DownCommand(invocation));
        } else {
            line.addSubcommand(new ClientsCommand(invocation));
        }
        return line.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler(program::misused)
                .setExecutionExceptionHandler(program::failed);
    }

    /// Without a command.
    @Override
    public void run() {
        if (isVersionWanted) {
            invocation.print(VersionCommand.line(invocation.role()));
            return;
        }
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "a command is missing");
    }

    private static ManPage.Program manual(Role role) {
        return new ManPage.Program(
                role.program(),
                Version.current(),
                "one tunnel over several internet uplinks",
                List.of("This is the " + role.spelling() + "."),
                List.of(
                        new ManPage.Item(
                                role.defaultConfig().toString(),
                                "The configuration; " + role.program() + " config check says what is wrong with it."),
                        new ManPage.Item(role.defaultSocket().toString(), "Where commands reach the agent."),
                        new ManPage.Item("/var/lib/onebox", "What must survive a restart."),
                        new ManPage.Item("/etc/default/onebox", "Environment of the services.")));
    }

    private static CommandLine config(Invocation invocation) {
        return new CommandLine(new ConfigCommand())
                .addSubcommand(new ConfigCheckCommand(invocation))
                .addSubcommand(new ConfigShowCommand(invocation));
    }

    private static CommandLine links(Invocation invocation) {
        return new CommandLine(new LinksCommand(invocation))
                .addSubcommand(new LinksSetCommand(invocation))
                .addSubcommand(new LinksPauseCommand(invocation))
                .addSubcommand(new LinksResumeCommand(invocation));
    }

    private int misused(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        complain(
                String.valueOf(failure.getMessage()),
                "see: " + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine line, ParseResult parsed) {
        return switch (failure) {
            case CommandFailure known -> {
                complain(String.valueOf(known.getMessage()), known.hint());
                yield known.exitCode();
            }
            case InvalidConfig invalid -> {
                invalid.errors().forEach(this::complain);
                yield ExitCode.CONFIGURATION;
            }
            default -> {
                complain(failure.toString(), options.verbose ? "" : "see more with --verbose");
                if (options.verbose) {
                    failure.printStackTrace(invocation.terminal().err());
                }
                yield ExitCode.FAILURE;
            }
        };
    }

    private void complain(ConfigError error) {
        invocation.terminal().err().println(error);
        invocation.terminal().err().flush();
    }

    private void complain(String message, String hint) {
        invocation.terminal().err().println(invocation.role().program() + ": " + message);
        if (!hint.isEmpty()) {
            invocation.terminal().err().println("  " + hint);
        }
        invocation.terminal().err().flush();
    }
}
