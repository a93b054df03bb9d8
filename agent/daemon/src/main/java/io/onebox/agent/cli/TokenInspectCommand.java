package io.onebox.agent.cli;

import io.onebox.shared.identity.EnrolmentToken;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `token inspect`: everything but the secret.
@Command(name = "inspect", description = "Show where a token leads and whose it is, never its secret.")
final class TokenInspectCommand implements Runnable {

    private final Invocation invocation;

    @Option(names = "--token-file", paramLabel = "F", description = "File with the token; standard input by default.")
    private String tokenFile = "-";

    TokenInspectCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void run() {
        EnrolmentToken token = TokenSource.read(invocation.terminal(), tokenFile);
        if (invocation.options().json) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("schema", "onebox.token/1");
            json.put("id", token.id());
            json.put("role", token.role().spelling());
            json.put("urls", token.urls().stream().map(URI::toString).toList());
            json.put("fingerprint", token.pin().toString());
            json.put("words", token.pin().words());
            json.put("behindProxy", token.isBehindProxy());
            invocation.print(json);
            return;
        }
        invocation.print("id    " + token.id());
        invocation.print("role  " + token.role().spelling());
        token.urls().forEach(url -> invocation.print("url   " + url));
        invocation.print("root  " + token.pin().words());
        invocation.print("      " + token.pin());
    }
}
