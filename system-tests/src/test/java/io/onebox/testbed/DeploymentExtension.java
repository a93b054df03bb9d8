package io.onebox.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A testbed and a [Deployment] in it for each test; a test that failed leaves the logs of its agents and a
/// description of every host.
final class DeploymentExtension implements BeforeEachCallback, AfterEachCallback {

    private static final long SEED = 1;

    private @Nullable Testbed testbed;
    private @Nullable Deployment deployment;

    @Override
    public void beforeEach(ExtensionContext context) {
        testbed = new Testbed(SEED);
        deployment = new Deployment(testbed);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (testbed == null) {
            return;
        }
        try {
            if (context.getExecutionException().isPresent()) {
                printLogs(testbed.directory());
                printStatus();
                testbed.hosts().forEach(host -> System.out.println(host.describe()));
            }
        } finally {
            testbed.close();
            testbed = null;
        }
    }

    private void printStatus() {
        Stream.concat(
                        Stream.of(deployment().server()),
                        deployment().clients().stream().map(DeployedClient::agent))
                .filter(AgentProcess::isRunning)
                .forEach(agent ->
                        System.out.println(agent.command("status", "--json").output()));
    }

    private static void printLogs(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".log")).toList()) {
                System.out.println("== " + file + "\n" + Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The testbed of this test.
    Testbed testbed() {
        if (testbed == null) {
            throw new IllegalStateException("no test is running");
        }
        return testbed;
    }

    /// The server and clients of this test.
    Deployment deployment() {
        if (deployment == null) {
            throw new IllegalStateException("no test is running");
        }
        return deployment;
    }

    /// Adds a client with its uplinks and starts everything.
    DeployedClient start(List<UplinkSpec> uplinks) {
        DeployedClient client = deployment().add(testbed().client(uplinks));
        deployment().start();
        return client;
    }
}
