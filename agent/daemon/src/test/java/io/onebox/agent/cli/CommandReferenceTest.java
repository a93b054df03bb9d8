package io.onebox.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.agent.status.Role;
import io.onebox.shared.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// `docs/reference/commands.md` is what the command line says of itself.
/// `-Donebox.write=true` writes it anew.
class CommandReferenceTest {

    private static final Path DOCUMENT = Path.of("..", "..", "docs", "reference", "commands.md");

    @Test
    void theReferenceIsWhatTheCommandLineSays() throws IOException {
        String reference = reference();
        if (Boolean.getBoolean("onebox.write")) {
            Files.writeString(DOCUMENT, reference);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("written anew by: mvn -pl agent/daemon -am test -Dtest=CommandReferenceTest -Donebox.write=true")
                .isEqualTo(reference);
    }

    private static String reference() {
        CommandLine client = Onebox.commandLine(Role.CLIENT, Terminal.system());
        CommandLine server = Onebox.commandLine(Role.SERVER, Terminal.system());
        var text = new StringBuilder("""
                # Commands

                `onebox-client` and `onebox-server` share all commands but a few, which say whose they are.
                Generated from the program; a test keeps it so. stdout is data, stderr is messages. What `status` finds
                wrong is listed in [problems](problems.md).

                """);
        text.append("## Options of every command\n\n")
                .append(table(client.getCommandSpec().options()));
        text.append("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
        client.getCommandSpec()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> text.append("| %s | %s |%n".formatted(code, meaning)));
        Map<String, CommandLine> commands = new TreeMap<>(client.getSubcommands());
        commands.putAll(server.getSubcommands());
        commands.forEach((name, command) -> {
            String whose = whose(
                    client.getSubcommands().containsKey(name),
                    server.getSubcommands().containsKey(name));
            append(text, name + whose, command.getCommandSpec());
        });
        return text.toString();
    }

    private static String whose(boolean clients, boolean servers) {
        return clients && servers ? "" : clients ? " (client)" : " (server)";
    }

    private static void append(StringBuilder text, String title, CommandSpec command) {
        if (command.usageMessage().hidden()) {
            return;
        }
        text.append("\n## ").append(title).append("\n\n");
        text.append(String.join("\n", command.usageMessage().description())).append('\n');
        List<ArgSpec> arguments = command.args().stream()
                .filter(argument -> !argument.inherited() && !argument.hidden())
                .toList();
        if (!arguments.isEmpty()) {
            text.append('\n').append(table(arguments));
        }
        String name = title.replaceFirst(" \\(.*", "");
        new TreeMap<>(command.subcommands())
                .forEach((inner, line) -> append(text, name + " " + inner, line.getCommandSpec()));
    }

    private static String table(List<? extends ArgSpec> arguments) {
        var text = new StringBuilder("| argument | meaning |\n|---|---|\n");
        for (ArgSpec argument : arguments) {
            String names = argument instanceof OptionSpec option ? String.join(", ", option.names()) + " " : "";
            String label = argument.arity().max() == 0 ? "" : argument.paramLabel();
            String meaning =
                    String.join(" ", argument.description()).replace("%n", " ").replace("|", "\\|");
            text.append("| `%s` | %s |%n".formatted((names + label).strip().replace("|", "\\|"), meaning));
        }
        return text.toString();
    }
}
