package io.onebox.testbed;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A testbed for each test: built before it, torn down after it whatever happened; a test that failed leaves a
/// description of every host in the log.
final class TestbedExtension implements BeforeEachCallback, AfterEachCallback {

    private static final long SEED = 1;

    private @Nullable Testbed testbed;

    @Override
    public void beforeEach(ExtensionContext context) {
        testbed = new Testbed(SEED);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (testbed == null) {
            return;
        }
        if (context.getExecutionException().isPresent()) {
            testbed.hosts().forEach(host -> System.out.println(host.describe()));
        }
        testbed.close();
        testbed = null;
    }

    /// The testbed of this test.
    Testbed get() {
        if (testbed == null) {
            throw new IllegalStateException("no test is running");
        }
        return testbed;
    }

    /// Adds a client with its uplinks.
    TestbedClient client(List<UplinkSpec> uplinks) {
        return get().client(uplinks);
    }

    /// The host of the server.
    TestbedHost server() {
        return get().server();
    }
}
