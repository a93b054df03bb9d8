package io.onebox.shared.cli;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `completion bash|zsh|fish`: a script for the shell.
@Command(name = "completion", description = "Print a completion script, to be sourced by the shell.")
public final class CompletionCommand implements Runnable {

    /// A shell we can complete for.
    enum Shell {
        /// GNU bash.
        BASH,
        /// zsh, by its emulation of bash's completion.
        ZSH,
        /// fish.
        FISH
    }

    /// Reads a shell in lower case.
    static final class ShellConverter implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String value) {
            for (Shell shell : Shell.values()) {
                if (shell.name().toLowerCase(Locale.ROOT).equals(value)) {
                    return shell;
                }
            }
            throw new TypeConversionException("must be bash, zsh or fish, was '" + value + "'");
        }
    }

    private final Terminal terminal;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh|fish", converter = ShellConverter.class, description = "The shell.")
    private Shell shell = Shell.BASH;

    public CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        CommandLine root = Objects.requireNonNull(spec).root().commandLine();
        String program = root.getCommandName();
        switch (shell) {
            case BASH -> print(AutoComplete.bash(program, root));
            case ZSH -> {
                print("#compdef " + program);
                print("autoload -U +X bashcompinit && bashcompinit");
                print(AutoComplete.bash(program, root));
                // From a directory of functions the script becomes one, called with the first TAB. It was read as a
                // whole then, before its alias for what zsh lacks was known.
                print("if [[ ${funcstack[1]-} == _%1$s ]]; then".formatted(program));
                print("  unalias compopt");
                print("  _bash_complete -o default -F _complete_%1$s".formatted(program));
                print("fi");
            }
            case FISH -> {
                print("complete -c " + program + " -f");
                fish(program, root, "__fish_use_subcommand");
                root.getSubcommands().forEach((name, command) -> {
                    fish(program, command, "__fish_seen_subcommand_from " + name);
                });
            }
        }
    }

    private void fish(String program, CommandLine command, String condition) {
        command.getSubcommands().forEach((name, subcommand) -> {
            if (subcommand.getCommandSpec().usageMessage().hidden()) {
                return;
            }
            String[] description = subcommand.getCommandSpec().usageMessage().description();
            print("complete -c %s -n '%s' -a %s -d '%s'"
                    .formatted(program, condition, name, description.length == 0 ? "" : quoted(description[0])));
        });
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (option.longestName().startsWith("--")) {
                print("complete -c %s -n '%s' -l %s -d '%s'"
                        .formatted(
                                program,
                                condition,
                                option.longestName().substring(2),
                                option.description().length == 0 ? "" : quoted(option.description()[0])));
            }
        }
    }

    private static String quoted(String text) {
        return text.replace("'", "\\'");
    }

    private void print(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }
}
