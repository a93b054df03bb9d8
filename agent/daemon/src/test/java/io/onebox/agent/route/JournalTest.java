package io.onebox.agent.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.agent.linux.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final String NAME = "host-changes-client-onebox0-1";

    private final List<JournalEntry> entries = new ArrayList<>();

    @TempDir
    Path directory;

    JournalTest() {
        entries.add(new JournalEntry(new HostChange.Sysctl("net/ipv4/conf/eth0.5/rp_filter", "2"), "1"));
        entries.add(new JournalEntry(new HostChange.Table("onebox", ""), ""));
        PolicyRoutes.plan("onebox0", List.of(Cidr.of("::/0"), Cidr.of("10.9.0.0/16")), 1).stream()
                .map(change -> new JournalEntry(change, ""))
                .forEach(entries::add);
    }

    @Test
    void findsWhatWasWritten() {
        journal().write(entries);

        assertThat(journal().leftovers()).isEqualTo(entries);
        assertThat(directory).isDirectoryContaining(file -> file.endsWith(NAME));
    }

    @Test
    void leavesNothingWhenNothingIsInForce() {
        journal().write(entries);
        journal().write(List.of());

        assertThat(directory).isEmptyDirectory();
        assertThat(journal().leftovers()).isEmpty();
    }

    /// Kernel settings do not outlive a boot; what was before it must not be brought back.
    @Test
    void isVoidAfterABoot() throws IOException {
        journal().write(entries);
        rewrite(1, "boot 00000000-0000-0000-0000-000000000000");

        assertThat(journal().leftovers()).isEmpty();
    }

    @Test
    void belongsToNobodyAfterACrash() throws IOException {
        journal().write(entries);
        rewrite(2, "owner 1 1234567890");

        assertThat(journal().leftovers()).isEqualTo(entries);
    }

    @Test
    void refusesASecondAgentWhileTheFirstRuns() throws IOException {
        journal().write(entries);
        String stat = Files.readString(Path.of("/proc/1/stat"));
        String startTime = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        rewrite(2, "owner 1 " + startTime);

        assertThatThrownBy(() -> journal().leftovers())
                .isInstanceOf(HostException.class)
                .hasMessageContaining("process 1")
                .hasMessageContaining("choose another [tunnel] interface");
    }

    @Test
    void saysWhatItCannotUnderstand() throws IOException {
        journal().write(entries);
        rewrite(3, "mystery 5");

        assertThatThrownBy(() -> journal().leftovers())
                .isInstanceOf(HostException.class)
                .hasMessageContaining("unknown change: mystery 5");
    }

    @Test
    void saysThatItCannotWrite() throws IOException {
        Path notADirectory = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> new Journal(notADirectory, NAME).write(entries))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("cannot write " + notADirectory.resolve(NAME))
                .hasMessageContaining("[state] directory");
    }

    private Journal journal() {
        return new Journal(directory, NAME);
    }

    private void rewrite(int line, String text) throws IOException {
        Path file = directory.resolve(NAME);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(line, text);
        Files.write(file, lines);
    }
}
