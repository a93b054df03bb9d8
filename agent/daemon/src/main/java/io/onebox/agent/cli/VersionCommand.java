package io.onebox.agent.cli;

import io.onebox.agent.status.Role;
import io.onebox.agent.status.Version;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/// `version`.
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Runnable {

    private final Invocation invocation;

    VersionCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        if (!invocation.options().json) {
            invocation.print(line(invocation.role()));
            return;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox.version/1");
        json.put("program", invocation.role().program());
        json.put("version", Version.current());
        json.put("java", Runtime.version().toString());
        invocation.print(json);
    }

    static String line(Role role) {
        return role.program() + " " + Version.current();
    }
}
