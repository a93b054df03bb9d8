package io.onebox.controller.cli;

import io.onebox.controller.Controller;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ca show`: the root, by its fingerprint or whole.
@Command(name = "show", description = "Show the fingerprint of the root, as agents show it.")
final class CaShowCommand implements Runnable {

    private final Invocation invocation;

    @Option(names = "--pem", description = "Show the certificate, for curl --cacert and other clients of the API.")
    private boolean isPem;

    CaShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        try (Controller controller = invocation.open()) {
            if (isPem) {
                invocation.print(controller.keys().rootCertificate().strip());
                return;
            }
            var fingerprint = controller.keys().root().fingerprint();
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.ca/1");
            json.put("fingerprint", fingerprint.toString());
            json.put("words", fingerprint.words());
            json.put("signerUntil", controller.keys().signer().until().toString());
            invocation.print(json, "root " + fingerprint.words() + "\n" + fingerprint);
        }
    }
}
