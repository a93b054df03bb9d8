package io.onebox.agent.route;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Changes nftables through the `nft` program, each script as one transaction: all of it happens or nothing.
public final class Nft {

    /// nft takes some 10 ms; a guess that saves us from waiting for ever.
    private static final long TIMEOUT_SECONDS = 10;

    /// Makes a table, or replaces it and all that is in it.
    ///
    /// @param body what stands between the braces
    void replace(String table, String body) {
        load("table inet %1$s\ndelete table inet %1$s\ntable inet %1$s {\n%2$s}\n".formatted(table, body));
    }

    /// Removes a table; harmless if there is none.
    void remove(String table) {
        load("table inet %1$s\ndelete table inet %1$s\n".formatted(table));
    }

    /// Whether the kernel would take rules such as ours. Changes nothing.
    public void check() {
        String body = """
                  chain forward {
                    type filter hook forward priority mangle; policy accept;
                    tcp flags syn tcp option maxseg size set rt mtu
                  }
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    masquerade
                  }
                """;
        run("table inet onebox_check {\n" + body + "}\n", "nft", "-c", "-f", "-");
    }

    /// Base chains of others with the policy to drop what is forwarded: `ip filter FORWARD` and so on.
    public List<String> chainsThatDropForwarded() {
        List<String> found = new ArrayList<>();
        String table = "";
        String chain = "";
        for (String line :
                run("", "nft", "list", "chains").lines().map(String::strip).toList()) {
            if (line.startsWith("table ")) {
                table = line.substring("table ".length()).replace(" {", "");
            } else if (line.startsWith("chain ")) {
                chain = line.substring("chain ".length()).replace(" {", "");
            } else if (line.contains("hook forward") && line.contains("policy drop")) {
                found.add(table + " " + chain);
            }
        }
        return found;
    }

    private static void load(String script) {
        run(script, "nft", "-f", "-");
    }

    private static String run(String script, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (OutputStream input = process.getOutputStream()) {
                input.write(script.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new HostException("nft did not finish within " + TIMEOUT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                throw new HostException("nft refused our rules: " + output.strip()
                        + "; the kernel needs nf_tables with inet and nat, and the agent CAP_NET_ADMIN");
            }
            return output;
        } catch (IOException e) {
            throw new HostException("cannot run nft: " + e.getMessage() + "; install the package nftables", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while nft ran", e);
        }
    }
}
