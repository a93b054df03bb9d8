package io.onebox.agent.route;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The file in which an agent writes down what it is about to change on the host, so that the next one can undo
/// it after a crash. Replaced as a whole, on disk before the change is made.
///
/// ```
/// onebox-host-changes 1
/// boot 2f6c…                       kernel settings do not outlive a boot: a journal of another one is void
/// owner 4711 8273645               process and its start time, to tell a crash from a second agent
/// sysctl net/ipv4/ip_forward 1 0
/// table onebox
/// route onebox0 7700 0.0.0.0/0
/// rule 58 LOOKUP 7700 -1 0.0.0.0/0 0 2000000
/// ```
final class Journal {

    private static final String TITLE = "onebox-host-changes 1";
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /// Field `starttime` of `/proc/PID/stat`, counted behind the name (proc(5)).
    private static final int START_TIME_FIELD = 19;

    private final Path directory;
    private final Path file;

    Journal(Path directory, String name) {
        this.directory = directory;
        this.file = directory.resolve(name);
    }

    /// What an earlier process left behind, oldest first; empty if there is nothing to undo.
    ///
    /// @throws HostException if that process still runs
    List<JournalEntry> leftovers() {
        List<String> lines = readLines();
        if (lines.size() < 3 || !lines.getFirst().equals(TITLE) || !lines.get(1).equals(bootLine())) {
            return List.of();
        }
        String owner = lines.get(2);
        if (!owner.equals(ownerLine(ProcessHandle.current().pid())) && isAlive(owner)) {
            throw new HostException("another agent with this tunnel interface runs here (process %s, says %s);"
                            .formatted(owner.split(" ", -1)[1], file)
                    + " stop it, or choose another [tunnel] interface");
        }
        try {
            return lines.stream().skip(3).map(JournalEntry::of).toList();
        } catch (IllegalArgumentException e) {
            throw new HostException(
                    "cannot understand %s: %s; undo by hand what it lists, then remove it"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /// Writes down what is about to be in force. An empty list removes the file.
    void write(List<JournalEntry> entries) {
        List<String> lines = new ArrayList<>(
                List.of(TITLE, bootLine(), ownerLine(ProcessHandle.current().pid())));
        entries.stream().map(JournalEntry::line).forEach(lines::add);
        try {
            if (entries.isEmpty()) {
                Files.deleteIfExists(file);
            } else {
                replace(String.join("\n", lines) + "\n");
            }
        } catch (IOException e) {
            throw new HostException(
                    "cannot write %s: %s; it records what is changed on this host, to be undone after a crash:"
                                    .formatted(file, reason(e))
                            + " make room there or set [state] directory",
                    e);
        }
    }

    /// What stands there needs no room to be written again.
    private void replace(String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Files.createDirectories(directory);
        Path draft = directory.resolve(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> readLines() {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new HostException(
                    "cannot read %s: %s; it may list changes of an earlier run that have to be undone"
                            .formatted(file, reason(e)),
                    e);
        }
    }

    private static boolean isAlive(String ownerLine) {
        try {
            return ownerLine.equals(ownerLine(Long.parseLong(ownerLine.split(" ", -1)[1])));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
            // A line that names no process names no process that runs.
            return false;
        }
    }

    private static String ownerLine(long pid) {
        return "owner %d %s".formatted(pid, startTime(pid).orElse("gone"));
    }

    private static Optional<String> startTime(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return Optional.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[START_TIME_FIELD]);
        } catch (IOException _) {
            // No such process.
            return Optional.empty();
        }
    }

    private static String bootLine() {
        try {
            return "boot " + Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new HostException("cannot read " + BOOT_ID + ": " + reason(e) + "; is /proc mounted?", e);
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
