package io.onebox.controller;

import io.onebox.shared.identity.SigningKey;
import io.onebox.shared.identity.VerifyKey;
import io.onebox.shared.message.AgentMessage;
import io.onebox.shared.message.ConfigState;
import io.onebox.shared.message.EventKind;
import io.onebox.shared.message.MessageCodec;
import io.onebox.shared.message.Protocol;
import java.util.List;
import java.util.Map;

/// What agents, consoles and programs say when all is well; [Mutations] spoils it.
final class Corpus {

    static final List<String> FRAMES = List.of(
            MessageCodec.encode(new AgentMessage.Ack(7, "a".repeat(64), ConfigState.APPLIED, "why")),
            MessageCodec.encode(new AgentMessage.Event(EventKind.LINK_DOWN, "eth0", "gone", 3)),
            MessageCodec.encode(new AgentMessage.Hello("0123456789abcdef", "b", "1", 7, "", "c2ln")),
            "{\"type\":\"stats\",\"seconds\":10,\"links\":[{\"name\":\"eth0\",\"state\":\"usable\","
                    + "\"rxBitsPerSecond\":1.5,\"txBitsPerSecond\":2,\"rttMinSeconds\":0.02,\"rttSeconds\":0.03,"
                    + "\"rttMaxSeconds\":0.09,\"jitterSeconds\":0.004,\"lossRatio\":0.01}]}",
            "{\"type\":\"of the future\",\"id\":1}",
            MessageCodec.encode(new AgentMessage.KeysWanted()),
            MessageCodec.encode(rekey()));

    static final List<String> STREAM_FRAMES = List.of(
            "{\"type\":\"sub\",\"id\":1,\"topic\":\"agents\"}",
            "{\"type\":\"sub\",\"id\":2,\"topic\":\"agent/0123456789abcdef/live\"}",
            "{\"type\":\"unsub\",\"id\":1}");

    static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry("POST /api/v1/session", "{\"login\":\"nobody\",\"password\":\"a long enough password\"}"),
            Map.entry(
                    "POST /api/v1/set-up",
                    "{\"secret\":\"" + "A".repeat(43) + "\",\"login\":\"me\",\"password\":\"a long enough password\"}"),
            Map.entry(
                    "POST /api/v1/users",
                    "{\"login\":\"owner\",\"role\":\"viewer\",\"password\":\"a long enough password\"}"),
            Map.entry("PATCH /api/v1/users/nobody", "{\"role\":\"viewer\"}"),
            Map.entry("POST /api/v1/users/nobody/password", "{\"password\":\"a long enough password\"}"),
            Map.entry(
                    "POST /api/v1/enrol-tokens",
                    "{\"role\":\"server\",\"approval\":\"manual\",\"endpoints\":[\"vpn.example:51820\"],\"uses\":2,"
                            + "\"seconds\":600}"),
            Map.entry("POST /api/v1/api-tokens", "{\"scopes\":[\"agents:read\"],\"note\":\"n\",\"days\":3}"),
            Map.entry("POST /api/v1/webhooks", "{\"url\":\"https://hook.invalid/\",\"kinds\":[\"agent.ahead\"]}"),
            Map.entry("PATCH /api/v1/agents/0123456789abcdef", "{\"name\":\"van\",\"endpoints\":[]}"),
            Map.entry(
                    "PUT /api/v1/agents/0123456789abcdef/links/eth0",
                    "{\"role\":\"backup\",\"metered\":true,\"upload\":\"20Mbit/s\",\"download\":\"auto\"}"),
            Map.entry("PUT /api/v1/assignments/0123456789abcdef", "{\"server\":\"0123456789abcdef\"}"),
            Map.entry(
                    "POST " + Protocol.ENROL_PATH,
                    "{\"tokenId\":\"0011223344556677\",\"identityKey\":\"" + "A".repeat(43)
                            + "=\",\"name\":\"van\",\"nonce\":\"" + "A".repeat(43) + "=\"}"));

    private static AgentMessage.Rekey rekey() {
        SigningKey next = SigningKey.ofSeed(new byte[VerifyKey.LENGTH]);
        return AgentMessage.Rekey.sign(next, next, "0123456789abcdef", "A".repeat(43) + "=");
    }

    private Corpus() {}
}
