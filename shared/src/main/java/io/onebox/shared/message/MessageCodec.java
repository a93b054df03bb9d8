package io.onebox.shared.message;

import io.onebox.shared.identity.Bytes;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Messages as JSON: `{"type": …, …}`.
public final class MessageCodec {

    private static final String HELLO = "hello";
    private static final String ACK = "ack";
    private static final String CHALLENGE = "challenge";
    private static final String WELCOME = "welcome";
    private static final String CONFIG = "config";
    private static final String REFUSED = "refused";
    private static final String STATS = "stats";
    private static final String EVENT = "event";
    private static final String WATCH = "watch";
    private static final String KEYS_WANTED = "keysWanted";
    private static final String REKEY = "rekey";
    private static final String REKEYED = "rekeyed";

    private static final int MAX_WORD = 100;
    private static final int MAX_REASON = 1000;
    private static final long MAX_SECONDS = 60;
    private static final long MAX_AGO_SECONDS = 400L * 24 * 3600;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}|");

    private MessageCodec() {}

    /// Writes what an agent says.
    public static String encode(AgentMessage message) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        switch (message) {
            case AgentMessage.Hello hello -> {
                json.put("type", HELLO);
                json.put("agentId", hello.agentId());
                json.put("bootId", hello.bootId());
                json.put("version", hello.version());
                json.put("revision", hello.revision());
                json.put("hash", hello.hash());
                json.put("signature", hello.signature());
            }
            case AgentMessage.Ack ack -> {
                json.put("type", ACK);
                json.put("revision", ack.revision());
                json.put("hash", ack.hash());
                json.put("state", ack.state().spelling());
                json.put("reason", ack.reason());
            }
            case AgentMessage.KeysWanted() -> json.put("type", KEYS_WANTED);
            case AgentMessage.Rekey rekey -> {
                json.put("type", REKEY);
                json.put("identityKey", rekey.identityKey().toString());
                json.put("tunnelKey", rekey.tunnelKey());
                json.put("signature", rekey.signature().toString());
                json.put("proof", rekey.proof().toString());
            }
            case AgentMessage.Stats(int seconds, List<LinkStats> links) -> {
                json.put("type", STATS);
                json.put("seconds", seconds);
                json.put("links", links.stream().map(LinkStats::json).toList());
            }
            case AgentMessage.Event(EventKind kind, String link, String detail, int secondsAgo) -> {
                json.put("type", EVENT);
                json.put("kind", kind.spelling());
                json.put("link", link);
                json.put("detail", detail);
                json.put("secondsAgo", secondsAgo);
            }
        }
        return Json.write(json);
    }

    /// Reads what an agent says.
    public static Decoded<AgentMessage> agent(String text) {
        return decode(text, json -> switch (json.textOrDash("type")) {
            case HELLO -> known(hello(json));
            case ACK -> known(ack(json));
            case KEYS_WANTED -> known(Optional.of(new AgentMessage.KeysWanted()));
            case REKEY -> known(rekey(json));
            case STATS -> known(stats(json));
            case EVENT -> known(event(json));
            default -> Optional.empty();
        });
    }

    /// Writes what a controller says.
    public static String encode(ControllerMessage message) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        switch (message) {
            case ControllerMessage.Challenge(Greeting greeting) -> {
                json.put("type", CHALLENGE);
                json.putAll(greeting.json());
            }
            case ControllerMessage.Welcome(String state) -> {
                json.put("type", WELCOME);
                json.put("state", state);
            }
            case ControllerMessage.Config(SignedConfig config) -> {
                json.put("type", CONFIG);
                json.putAll(config.json());
            }
            case ControllerMessage.Watch(int seconds) -> {
                json.put("type", WATCH);
                json.put("seconds", seconds);
            }
            case ControllerMessage.Rekey() -> json.put("type", REKEY);
            case ControllerMessage.Rekeyed(VerifyKey identityKey) -> {
                json.put("type", REKEYED);
                json.put("identityKey", identityKey.toString());
            }
            case ControllerMessage.Refused(String code, String detail) -> {
                json.put("type", REFUSED);
                json.put("code", code);
                json.put("detail", detail);
            }
        }
        return Json.write(json);
    }

    /// Reads what a controller says.
    public static Decoded<ControllerMessage> controller(String text) {
        return decode(text, json -> switch (json.textOrDash("type")) {
            case CHALLENGE -> known(Greeting.parse(json).map(ControllerMessage.Challenge::new));
            case WELCOME -> known(word(json, "state", MAX_WORD).map(ControllerMessage.Welcome::new));
            case WATCH -> known(seconds(json).map(ControllerMessage.Watch::new));
            case CONFIG -> known(SignedConfig.parse(json).map(ControllerMessage.Config::new));
            case REKEY -> known(Optional.of(new ControllerMessage.Rekey()));
            case REKEYED ->
                known(VerifyKey.parse(json.textOrDash("identityKey")).map(ControllerMessage.Rekeyed::new));
            case REFUSED ->
                known(word(json, "code", MAX_WORD)
                        .flatMap(code -> word(json, "detail", MAX_REASON)
                                .map(detail -> new ControllerMessage.Refused(code, detail))));
            default -> Optional.empty();
        });
    }

    private static Optional<AgentMessage> hello(JsonObject json) {
        Optional<String> agentId = word(json, "agentId", MAX_WORD);
        Optional<String> bootId = word(json, "bootId", MAX_WORD);
        Optional<String> version = word(json, "version", MAX_WORD);
        Optional<String> hash = hash(json);
        Optional<String> signature = word(json, "signature", MAX_WORD);
        Long revision = json.integer("revision");
        boolean isComplete = agentId.isPresent() && bootId.isPresent() && version.isPresent() && hash.isPresent();
        if (!isComplete || signature.isEmpty() || revision == null || revision < 0) {
            return Optional.empty();
        }
        return Optional.of(new AgentMessage.Hello(
                agentId.get(), bootId.get(), version.get(), revision, hash.get(), signature.get()));
    }

    private static Optional<AgentMessage> ack(JsonObject json) {
        Long revision = json.integer("revision");
        Optional<String> hash = hash(json);
        Optional<ConfigState> state = word(json, "state", MAX_WORD).flatMap(ConfigState::parse);
        Optional<String> reason = word(json, "reason", MAX_REASON);
        if (revision == null || revision < 0 || hash.isEmpty() || state.isEmpty() || reason.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AgentMessage.Ack(revision, hash.get(), state.get(), reason.get()));
    }

    private static Optional<AgentMessage> rekey(JsonObject json) {
        Optional<VerifyKey> identityKey = VerifyKey.parse(json.textOrDash("identityKey"));
        Optional<String> tunnelKey =
                Bytes.parse(json.textOrDash("tunnelKey"), VerifyKey.LENGTH).map(Bytes::toString);
        Optional<Bytes> signature = Bytes.parse(json.textOrDash("signature"), VerifyKey.SIGNATURE_LENGTH);
        Optional<Bytes> proof = Bytes.parse(json.textOrDash("proof"), VerifyKey.SIGNATURE_LENGTH);
        if (identityKey.isEmpty() || tunnelKey.isEmpty() || signature.isEmpty() || proof.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AgentMessage.Rekey(identityKey.get(), tunnelKey.get(), signature.get(), proof.get()));
    }

    private static Optional<AgentMessage> stats(JsonObject json) {
        List<JsonObject> links = json.objects("links");
        List<LinkStats> read =
                links.stream().map(LinkStats::parse).flatMap(Optional::stream).toList();
        boolean isWell = read.size() == links.size() && links.size() <= LinkStats.MAX_LINKS;
        return seconds(json).filter(_ -> isWell).map(seconds -> new AgentMessage.Stats(seconds, read));
    }

    private static Optional<AgentMessage> event(JsonObject json) {
        Optional<EventKind> kind = word(json, "kind", MAX_WORD).flatMap(EventKind::parse);
        Optional<String> link = word(json, "link", MAX_WORD).filter(name -> name.isEmpty() || LinkStats.isName(name));
        Optional<String> detail = word(json, "detail", MAX_REASON);
        Long ago = json.integer("secondsAgo");
        if (kind.isEmpty() || link.isEmpty() || detail.isEmpty() || ago == null || ago < 0 || ago > MAX_AGO_SECONDS) {
            return Optional.empty();
        }
        return Optional.of(new AgentMessage.Event(kind.get(), link.get(), detail.get(), Math.toIntExact(ago)));
    }

    private static Optional<Integer> seconds(JsonObject json) {
        return Optional.ofNullable(json.integer("seconds"))
                .filter(seconds -> seconds > 0 && seconds <= MAX_SECONDS)
                .map(Long::intValue);
    }

    private static Optional<String> hash(JsonObject json) {
        return word(json, "hash", MAX_WORD).filter(text -> HASH.matcher(text).matches());
    }

    private static Optional<String> word(JsonObject json, String field, int maxLength) {
        return Optional.ofNullable(json.text(field)).filter(text -> text.length() <= maxLength);
    }

    /// A message of a kind that is known, or the news that it is none.
    private static <T> Optional<Decoded<T>> known(Optional<? extends T> message) {
        return Optional.of(message.<Decoded<T>>map(Decoded.Valid::new)
                .orElseGet(() -> new Decoded.Malformed<>("a field is missing or has the wrong form")));
    }

    private static <T> Decoded<T> decode(String text, Function<JsonObject, Optional<Decoded<T>>> read) {
        Optional<JsonObject> json = Json.object(text).map(JsonObject::new);
        if (json.isEmpty()) {
            return new Decoded.Malformed<>("not a JSON object");
        }
        String type = json.get().text("type");
        if (type == null || type.length() > MAX_WORD) {
            return new Decoded.Malformed<>("the type is missing");
        }
        return read.apply(json.get()).orElseGet(() -> new Decoded.Unknown<>(type));
    }
}
