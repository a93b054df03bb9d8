package io.onebox.shared.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.testing.Seeded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void writesWhatItReadAndKeepsTheOrder() {
        String text = "{\"b\":null,\"a\":[1,-2.5,true,\"x\\n\\u0001\",{}],\"c\":{\"d\":9007199254740993}}";

        assertThat(Json.write(Json.object(text).orElseThrow())).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[]", "{", "{}x", "{} {}", "{\"a\":}", "{a:1}", "{\"a\":NaN}", "nul"})
    void refusesWhatIsNotOneObject(String text) {
        assertThat(Json.object(text)).isEmpty();
    }

    @Test
    void refusesBottomlessNesting() {
        assertThat(Json.object("{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}"))
                .isEmpty();
    }

    @Test
    void whatIsMissingOrOfAnotherKindIsUnknown() {
        JsonObject object =
                new JsonObject(Json.object("{\"text\":\"x\",\"number\":1.5}").orElseThrow());

        assertThat(object.text("number")).isNull();
        assertThat(object.integer("number")).isNull();
        assertThat(object.number("number")).isEqualTo(1.5);
        assertThat(object.number("text")).isNull();
        assertThat(object.object("text").fields()).isEmpty();
        assertThat(object.objects("nowhere")).isEmpty();
        assertThat(object.textOrDash("nowhere")).isEqualTo("-");
    }

    @Seeded(runs = 200)
    void anyDocumentComesBackAsItWas(RandomGenerator random) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            document.put("key" + i, value(random, 4));
        }

        assertThat(Json.object(Json.write(document))).contains(document);
    }

    @Seeded(runs = 200)
    void anyBytesAreReadWithoutAnException(RandomGenerator random) {
        String alphabet = "{}[]\":,.-+eE0123456789tfn\\u \u0000é";
        var text = new StringBuilder("{");
        for (int i = random.nextInt(60); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }

        assertThat(Json.object(text.toString())).isNotNull();
    }

    private static Object value(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> null;
            case 1 -> random.nextLong();
            case 2 -> random.nextDouble();
            case 3 -> random.nextBoolean();
            case 4 -> Character.toString(random.nextInt(1, 0xd800));
            case 5 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put("k" + i, value(random, depth - 1));
                }
                yield map;
            }
        };
    }
}
