package io.onebox.shared.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The kinds of text that configuration keys hold.
final class Rules {

    /// Linux limits interface names to 15 bytes (`IFNAMSIZ`, linux/if.h).
    private static final Pattern INTERFACE = Pattern.compile("[\\w.:-]{1,15}");

    /// An interface name with `*` and `?` in it.
    private static final Pattern PATTERN = Pattern.compile("[\\w.:*?-]{1,32}");

    /// The key of a peer: 32 bytes in base64 are 44 characters.
    private static final int KEY_BYTES = 32;

    /// Longest path of a unix socket (`sun_path` less its final zero, linux/un.h).
    private static final int SOCKET_PATH_BYTES = 107;

    static final Rule<String> INTERFACE_NAME = Rule.text(
            "an interface name of at most 15 characters",
            text -> INTERFACE.matcher(text).matches() && !text.equals(".") && !text.equals(".."));

    static final Rule<String> INTERFACE_PATTERN = Rule.text(
            "an interface name or a pattern such as \"wwan*\"",
            text -> PATTERN.matcher(text).matches());

    static final Rule<String> NAME = Rule.text(
            "a name of 1 to 63 letters, digits, '.', '_' or '-'",
            Pattern.compile("[A-Za-z0-9._-]{1,63}").asMatchPredicate());

    static final Rule<String> PUBLIC_KEY = new Rule<>(
            "a public key: 32 bytes in base64 (44 characters), as `onebox-client pubkey` prints it",
            text -> key(text).map(Base64.getEncoder()::encodeToString));

    static final Rule<String> SOCKET = Rule.text(
            "an absolute path of at most " + SOCKET_PATH_BYTES + " bytes",
            text -> text.startsWith("/") && text.getBytes(StandardCharsets.UTF_8).length <= SOCKET_PATH_BYTES);

    static final Rule<String> PATH = Rule.text("a path", text -> !text.isBlank());

    static final Rule<String> ANY = Rule.text("text", _ -> true);

    static final Rule<Long> RATE =
            new Rule<>("\"auto\" or a rate between 8kbit/s and 100Gbit/s such as \"10Mbit/s\"", Rules::rate);

    private Rules() {}

    /// One of the constants of an enum, written in lower case with hyphens.
    static <E extends Enum<E>> Rule<E> choice(E[] values, Function<E, String> spelling) {
        String words = Arrays.stream(values)
                .map(value -> '"' + spelling.apply(value) + '"')
                .collect(Collectors.joining(", ", "one of ", ""));
        return new Rule<>(
                words,
                text -> Arrays.stream(values)
                        .filter(value -> spelling.apply(value).equals(text))
                        .findFirst());
    }

    /// The 32 bytes of a key.
    static Optional<byte[]> key(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text)).filter(bytes -> bytes.length == KEY_BYTES);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Optional<Long> rate(String text) {
        if (text.equals(Rates.AUTO)) {
            return Optional.of(LinkConfig.NO_LIMIT);
        }
        return Rates.parse(text).filter(rate -> rate >= 1_000 && rate <= 12_500_000_000L);
    }
}
