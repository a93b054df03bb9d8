package io.onebox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.controller.RunningController.Answer;
import io.onebox.controller.auth.Role;
import io.onebox.shared.identity.EnrolmentToken;
import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.json.JsonObject;
import io.onebox.shared.message.EnrolRequest.Tagging;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a token allows besides letting somebody in, and what is told of its use.
class TokenTermsTest {

    private final SecureRandom random = new SecureRandom();
    private RunningController controller;
    private String cookie;

    @BeforeEach
    void start(@TempDir Path directory) {
        controller = new RunningController(directory);
        cookie = controller.login(Role.OWNER);
    }

    @AfterEach
    void stop() {
        controller.close();
    }

    @Test
    void isUsedFromItsNetworksAlone() {
        EnrolmentToken elsewhere = token("{\"role\":\"client\",\"networks\":[\"192.0.2.0/24\",\"2001:db8::/32\"]}");
        EnrolmentToken here = token("{\"role\":\"client\",\"networks\":[\"192.0.2.0/24\",\"127.0.0.0/8\"]}");

        Answer refused = enrol(elsewhere, SigningKey.generate(random), "van");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().text("type")).isEqualTo("urn:onebox:problem:not_from_allowed_network");
        assertThat(refused.json().textOrDash("detail")).contains("127.0.0.1");
        assertThat(kept(elsewhere).integer("used")).isZero();
        assertThat(enrol(here, SigningKey.generate(random), "van").status()).isEqualTo(201);
        assertThat(kept(here).texts("networks")).containsExactly("192.0.2.0/24", "127.0.0.0/8");
    }

    @Test
    void aNetworkThatIsNoneIsRefused() {
        String body = "{\"role\":\"client\",\"networks\":[\"192.0.2.7/24\"]}";

        Answer refused = controller.ask("POST", "/api/v1/enrol-tokens", body, "cookie", cookie);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().textOrDash("detail")).contains("192.0.2.7/24");
    }

    @Test
    void whoSpentATokenIsToldWithPlaceAndTime() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        String id = enrol(token, SigningKey.generate(random), "van").json().textOrDash("agentId");
        enrol(token, SigningKey.generate(random), "bus");

        List<JsonObject> uses = kept(token).objects("usedBy");

        assertThat(uses).singleElement().satisfies(use -> {
            assertThat(use.text("agent")).isEqualTo(id);
            assertThat(use.text("name")).isEqualTo("van");
            assertThat(use.text("address")).isEqualTo("127.0.0.1");
            assertThat(use.text("time")).startsWith("20");
        });
    }

    @Test
    void ofATokenForManyTheLastUsesAreTold() {
        EnrolmentToken token = token("{\"role\":\"client\",\"uses\":100}");
        for (int i = 0; i < 7; i++) {
            enrol(token, SigningKey.generate(random), "van" + i);
        }

        assertThat(kept(token).objects("usedBy"))
                .extracting(use -> use.text("name"))
                .hasSize(5)
                .contains("van6");
        assertThat(kept(token).integer("used")).isEqualTo(7);
    }

    @Test
    void givesItsTagsToAnAgentThatAsksForThem() {
        SigningKey key = SigningKey.generate(random);
        EnrolmentToken first = token("{\"role\":\"client\",\"tags\":[\"attic\"]}");
        EnrolmentToken other = token("{\"role\":\"client\",\"tags\":[\"lte\"]}");
        String path = "/api/v1/agents/" + enrol(first, key, "van").json().text("agentId");

        Answer again = VirtualAgent.enrol(controller, other, key, "van", Tagging.OF_TOKEN);

        assertThat(again.status()).isEqualTo(200);
        assertThat(controller.ask("GET", path, "", "cookie", cookie).json().texts("tags"))
                .containsExactly("lte");
        assertThat(kept(other).integer("used")).isEqualTo(1);
        assertThat(VirtualAgent.enrol(controller, other, key, "van", Tagging.OF_TOKEN)
                        .status())
                .as("again is the same")
                .isEqualTo(200);
    }

    @Test
    void aSpentTokenGivesNoTags() {
        SigningKey key = SigningKey.generate(random);
        EnrolmentToken spent = token("{\"role\":\"client\",\"tags\":[\"lte\"]}");
        enrol(spent, SigningKey.generate(random), "bus");
        enrol(token("{\"role\":\"client\"}"), key, "van");

        assertThat(VirtualAgent.enrol(controller, spent, key, "van", Tagging.OF_TOKEN)
                        .json()
                        .text("type"))
                .isEqualTo("urn:onebox:problem:token_spent");
    }

    @Test
    void aTokenThatWasTakenBackLetsNobodyIn() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        controller.ask("DELETE", "/api/v1/enrol-tokens/" + token.id(), "", "cookie", cookie);

        assertThat(enrol(token, SigningKey.generate(random), "van").json().text("type"))
                .isEqualTo("urn:onebox:problem:token_revoked");
    }

    @Test
    void whoAsksTooOftenIsToldHowLongToWait() {
        EnrolmentToken token = token("{\"role\":\"client\"}");
        SigningKey key = SigningKey.generate(random);
        for (int i = 0; i < 10; i++) {
            enrol(token, key, "van");
        }

        Answer refused = enrol(token, key, "van");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response().headers().firstValue("retry-after")).contains("60");
    }

    private JsonObject kept(EnrolmentToken token) {
        return controller.ask("GET", "/api/v1/enrol-tokens", "", "cookie", cookie).json().objects("items").stream()
                .filter(each -> token.id().equals(each.text("id")))
                .findFirst()
                .orElseThrow();
    }

    private EnrolmentToken token(String body) {
        return VirtualAgent.token(controller, cookie, body);
    }

    private Answer enrol(EnrolmentToken token, SigningKey key, String name) {
        return VirtualAgent.enrol(controller, token, key, name);
    }
}
