package io.onebox.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packages for arm64, made on another machine. Nothing of them runs here, so every native file is looked at.
@Tag("system")
@Tag("machines")
class Arm64PackageSystemTest {

    /// ELF: the magic number, and where the processor it is for stands, with its numbers (System V ABI, chapter 4).
    private static final int MAGIC = 0x464c457f;

    private static final int HEAD = 20;
    private static final int MACHINE_OFFSET = 18;
    private static final int X86_64 = 62;
    private static final int AARCH64 = 183;

    @TempDir
    private Path directory;

    @Test
    void everythingNativeIsForThatProcessor() throws IOException {
        List<Path> packages = Packages.packAll("--architecture arm64 --version 9.0");

        assertThat(packages).hasSize(2);
        for (Path deb : packages) {
            Path root = Files.createDirectory(directory.resolve(deb.getFileName()));
            Shell.run(List.of("dpkg-deb", "--extract", deb.toString(), root.toString()));
            assertThat(Shell.run(List.of("dpkg-deb", "--field", deb.toString(), "Architecture", "Depends")))
                    .contains("Architecture: arm64\n")
                    .containsPattern("libc6 \\(>= 2\\.\\d+\\)");
            assertThat(nativeFiles(root))
                    .as("programs and libraries of " + deb)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(file -> assertThat(machineOf(file)).hasValue(AARCH64));
            assertThat(jarsOf(root)).isNotEmpty().allMatch(Arm64PackageSystemTest::hasWhatItNeeds);
        }
    }

    private static List<Path> nativeFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> machineOf(file).isPresent())
                    .toList();
        }
    }

    /// Those that may need native code: Hazelcast's is for ICMP and thread affinity alone, which we do not use.
    private static List<Path> jarsOf(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.getFileName().toString().startsWith("hazelcast-"))
                    .toList();
        }
    }

    /// What is native for our processor is there for the other, in the same jar or in one beside it.
    private static boolean hasWhatItNeeds(Path jar) {
        Set<Integer> machines = machinesIn(jar);
        String twin = jar.getFileName().toString().replace("-x86_64.jar", "-aarch_64.jar");
        return !machines.contains(X86_64)
                || machines.contains(AARCH64)
                || machinesIn(jar.resolveSibling(twin)).contains(AARCH64);
    }

    /// The processors for which a jar brings native code.
    private static Set<Integer> machinesIn(Path jar) {
        Set<Integer> machines = new HashSet<>();
        try (var open = new JarFile(jar.toFile())) {
            for (var entry : open.stream().toList()) {
                try (InputStream in = open.getInputStream(entry)) {
                    machineOf(in.readNBytes(HEAD)).ifPresent(machines::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return machines;
    }

    private static OptionalInt machineOf(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return machineOf(in.readNBytes(HEAD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Empty for what is not native.
    private static OptionalInt machineOf(byte[] head) {
        ByteBuffer buffer = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        return head.length == HEAD && buffer.getInt(0) == MAGIC
                ? OptionalInt.of(buffer.getShort(MACHINE_OFFSET))
                : OptionalInt.empty();
    }
}
