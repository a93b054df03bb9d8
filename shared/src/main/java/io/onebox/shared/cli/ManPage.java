package io.onebox.shared.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual page of a program, in the language of man(7), made from what the command line knows of itself.
public final class ManPage {

    private final Program program;
    private final StringBuilder page = new StringBuilder();

    private ManPage(Program program) {
        this.program = program;
    }

    /// What the command line does not know of itself.
    ///
    /// @param summary half a sentence, after the name
    /// @param remarks sentences of the description
    /// @param files and what they are for
    public record Program(String name, String version, String summary, List<String> remarks, List<Item> files) {
        public Program {
            remarks = List.copyOf(remarks);
            files = List.copyOf(files);
        }
    }

    /// A term and what it means.
    public record Item(String term, String meaning) {}

    /// The whole page.
    ///
    /// @param root the program
    static String of(Program program, CommandLine root) {
        var manual = new ManPage(program);
        manual.write(root);
        return manual.page.toString();
    }

    private void write(CommandLine root) {
        line(".TH %s 1 \"\" \"onebox %s\" \"onebox\""
                .formatted(program.name().toUpperCase(Locale.ROOT), program.version()));
        section("NAME");
        page.append(text(program.name()))
                .append(" \\- ")
                .append(text(program.summary()))
                .append('\n');
        section("SYNOPSIS");
        line(".B " + text(program.name()));
        line("[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]...");
        section("DESCRIPTION");
        line(text(String.join(" ", root.getCommandSpec().usageMessage().description())));
        program.remarks().forEach(remark -> line(text(remark)));
        line(text("Standard output is data, standard error is messages."));
        section("OPTIONS");
        line("They stand in front of a command or behind it.");
        arguments(root.getCommandSpec().options());
        section("COMMANDS");
        new TreeMap<>(root.getSubcommands()).forEach(this::command);
        section("EXIT STATUS");
        root.getCommandSpec().usageMessage().exitCodeList().forEach(this::item);
        section("ENVIRONMENT");
        item("NO_COLOR", "Switches colours off.");
        item("ONEBOX_JAVA_OPTS", "More options for the Java runtime.");
        section("FILES");
        program.files().forEach(file -> item(file.term(), file.meaning()));
    }

    private void command(String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.usageMessage().hidden()) {
            return;
        }
        List<ArgSpec> own = spec.args().stream()
                .filter(argument -> !argument.inherited() && !argument.hidden())
                .toList();
        var synopsis = new StringBuilder(name);
        own.forEach(argument -> synopsis.append(" [").append(names(argument)).append(']'));
        line(".SS \"" + text(synopsis.toString()) + "\"");
        line(text(String.join(" ", spec.usageMessage().description())));
        arguments(own);
        Map<String, CommandLine> inner = new TreeMap<>(command.getSubcommands());
        inner.forEach((innerName, line) -> command(name + " " + innerName, line));
    }

    private void arguments(List<? extends ArgSpec> arguments) {
        arguments.forEach(argument -> item(names(argument), String.join(" ", argument.description())));
    }

    private static String names(ArgSpec argument) {
        String names = argument instanceof OptionSpec option ? String.join(", ", option.names()) : "";
        String label = argument.arity().max() == 0 ? "" : argument.paramLabel();
        return (names + " " + label).strip();
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void item(String term, String meaning) {
        line(".TP");
        line(".B " + text(term));
        line(text(meaning));
    }

    private void line(String line) {
        page.append(line).append('\n');
    }

    /// Hyphens and backslashes as typed; a dot or quote at the start of a line would be a command.
    private static String text(String plain) {
        String escaped = plain.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("%n", " ")
                .replace("%%", "%");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
