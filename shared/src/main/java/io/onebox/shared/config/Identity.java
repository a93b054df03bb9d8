package io.onebox.shared.config;

import java.nio.file.Path;

/// Who this agent is.
///
/// @param privateKeyFile where the key came from
/// @param privateKey the static key
public record Identity(Path privateKeyFile, Secret privateKey) {

    private static final Secret STAND_IN = Secret.parse("A".repeat(43) + "=").orElseThrow();

    static Identity read(ConfigSection section) {
        String key = "private-key-file";
        var name = section.required(key, Rules.PATH);
        var identity = new Identity(
                section.relative(name.orElse("?")),
                name.flatMap(file -> section.secret(key, file)).orElse(STAND_IN));
        section.close();
        return identity;
    }
}
