package io.onebox.agent.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.onebox.engine.path.LinkRole;
import io.onebox.engine.path.LinkSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkChangeTest {

    @Test
    void changesWhatItNamesAndNothingElse() {
        var settings = new LinkSettings(LinkRole.BACKUP, true, 1_000, 2_000, true);

        assertThat(new LinkChange(Map.of("upload", "10Mbit/s")).applyTo(settings))
                .isEqualTo(new LinkSettings(LinkRole.BACKUP, true, 1_250_000, 2_000, true));
        assertThat(new LinkChange(Map.of("role", "always", "metered", "false", "download", "auto", "paused", "false"))
                        .applyTo(settings))
                .isEqualTo(new LinkSettings(LinkRole.ALWAYS, false, 1_000, 0, false));
    }

    @ParameterizedTest
    @CsvSource({
        "role, sometimes, 'role must be always, secondary, backup or never, was ''sometimes'''",
        "metered, 1, 'metered must be true or false, was ''1'''",
        "upload, 10, 'upload must be auto or a rate such as 10Mbit/s, was ''10'''",
        "uplaod, 10Mbit/s, 'unknown key ''uplaod'''",
    })
    void refusesWhatIsWrong(String key, String value, String message) {
        assertThatThrownBy(() -> new LinkChange(Map.of(key, value)))
                .isInstanceOf(ApiException.class)
                .hasMessage(message);
    }

    @Test
    void refusesToChangeNothing() {
        assertThatThrownBy(() -> new LinkChange(Map.of())).isInstanceOf(ApiException.class);
    }
}
