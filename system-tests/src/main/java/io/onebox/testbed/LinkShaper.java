package io.onebox.testbed;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Shapes the links of a testbed. This kernel may lack `netem`, and no kernel has all that is needed (traces,
/// pauses, black holes that swallow what is in flight), so links are always emulated in user space, by one
/// [EmulatedWanProcess] for all of them. [#description] says so.
///
/// Thread safe: commands are answered one after the other.
public final class LinkShaper implements AutoCloseable {

    private static final List<String> REAL_TIME = List.of("chrt", "-r", "10");

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final String description;
    private boolean greeted;

    private LinkShaper(Process process, String description) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.description = description;
    }

    /// Starts the emulator; it is ready for commands at once.
    public static LinkShaper start(long seed) {
        boolean realTime = Shell.attempt("", concat(REAL_TIME, List.of("true"))).exitCode() == 0;
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = new ArrayList<>(realTime ? REAL_TIME : List.of());
        command.addAll(List.of(java, "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(EmulatedWanProcess.class.getName(), Long.toString(seed)));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new LinkShaper(
                    process,
                    "links: emulated in user space (EmulatedWan%s); kernel netem is %s"
                            .formatted(
                                    realTime ? ", real-time priority" : ", WITHOUT real-time priority: chrt is refused",
                                    hasNetem() ? "there but not used" : "missing"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the link emulator", e);
        }
    }

    private static boolean hasNetem() {
        String probe = """
                ip link add obprobeID type veth peer name obprobfID
                tc qdisc add dev obprobeID root netem delay 1ms
                status=$?
                ip link del obprobeID
                exit $status
                """;
        return Shell.attempt(
                                probe.replace(
                                        "%d",
                                        Long.toString(ProcessHandle.current().pid() % 10_000)),
                                List.of("sh"))
                        .exitCode()
                == 0;
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /// One line for people: what shapes the links.
    public String description() {
        return description;
    }

    /// Runs a command of the emulator, see [WanCommands], and returns its output.
    public synchronized String command(String line) {
        try {
            if (!greeted) {
                greeted = true;
                read();
            }
            commands.write(line);
            commands.newLine();
            commands.flush();
            return read();
        } catch (IOException e) {
            throw new UncheckedIOException("the link emulator is gone", e);
        }
    }

    private String read() throws IOException {
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("end of its output");
        }
        if (!answer.startsWith("ok")) {
            throw new IllegalStateException("link emulator: " + answer);
        }
        return answer.substring("ok".length()).strip();
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException _) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
