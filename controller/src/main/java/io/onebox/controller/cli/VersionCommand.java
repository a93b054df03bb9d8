package io.onebox.controller.cli;

import io.onebox.controller.Controller;
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
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", "onebox.version/1");
        json.put("program", OneboxController.PROGRAM);
        json.put("version", Controller.version());
        json.put("java", Runtime.version().toString());
        invocation.print(json, line());
    }

    static String line() {
        return OneboxController.PROGRAM + " " + Controller.version();
    }
}
