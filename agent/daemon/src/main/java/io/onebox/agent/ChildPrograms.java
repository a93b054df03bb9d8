package io.onebox.agent;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Programs as child processes, which may not take for ever.
final class ChildPrograms implements TunnelDns.Programs {

    private static final Logger log = LoggerFactory.getLogger(ChildPrograms.class);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final int NOT_RUN = 127;

    @Override
    public int run(List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("program", command.getFirst())
                    .addKeyValue("cause", e.getMessage())
                    .log("cannot run a program");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return NOT_RUN;
    }
}
