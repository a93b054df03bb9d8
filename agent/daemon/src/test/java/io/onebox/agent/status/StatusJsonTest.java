package io.onebox.agent.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.onebox.shared.json.Json;
import io.onebox.shared.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusJsonTest {

    @Test
    void writesAClientAsTheContractSays() {
        assertThat(Json.write(StatusJson.status(Readings.client(), Control.NONE)))
                .isEqualTo("{\"schema\":\"onebox.status/1\",\"time\":\"2026-11-22T13:00:01Z\",\"role\":\"client\","
                        + "\"state\":\"up\",\"problems\":[{\"code\":\"link.down\",\"link\":\"wwan0\","
                        + "\"severity\":\"warning\",\"message\":\"wwan0 is down\",\"hint\":\"check the uplink\"}],"
                        + "\"bond\":{\"peer\":\"" + Readings.SERVER_KEY + "\",\"endpoint\":\"203.0.113.7:51820\","
                        + "\"since\":\"2026-11-22T12:59:55Z\",\"mode\":\"aggregate\",\"mtu\":1412,"
                        + "\"rxBitsPerSecond\":1000000,\"txBitsPerSecond\":500000,\"rxBytes\":125000,\"txBytes\":62500,"
                        + "\"lostPackets\":1,\"repairedPackets\":2,\"reorderedPackets\":3,\"heldPackets\":0,"
                        + "\"droppedPackets\":{\"duplicate\":6}},\"links\":["
                        + "{\"name\":\"eth0\",\"state\":\"usable\",\"role\":\"always\",\"metered\":false,"
                        + "\"paused\":false,\"uploadLimitBitsPerSecond\":null,\"downloadLimitBitsPerSecond\":null,"
                        + "\"address\":\"10.0.1.2\",\"remote\":\"203.0.113.7:51820\",\"rxBitsPerSecond\":1040000,"
                        + "\"txBitsPerSecond\":520000,\"rxBytes\":130000,\"txBytes\":65000,"
                        + "\"capacityTxBitsPerSecond\":50000000,\"capacityRxBitsPerSecond\":null,"
                        + "\"srttSeconds\":0.02,\"minRttSeconds\":0.019,\"jitterSeconds\":0.001,"
                        + "\"queueDelaySeconds\":5.0E-4,\"lossRatio\":0.015,\"mtu\":1500,"
                        + "\"lastHandshake\":\"2026-11-22T12:59:56Z\",\"reasonUnused\":null},"
                        + "{\"name\":\"wwan0\",\"state\":\"down\",\"role\":\"backup\",\"metered\":true,"
                        + "\"paused\":false,\"uploadLimitBitsPerSecond\":10000000,"
                        + "\"downloadLimitBitsPerSecond\":null,\"address\":\"10.0.2.2\",\"remote\":null,"
                        + "\"rxBitsPerSecond\":0,\"txBitsPerSecond\":0,\"rxBytes\":0,\"txBytes\":0,"
                        + "\"capacityTxBitsPerSecond\":null,\"capacityRxBitsPerSecond\":null,\"srttSeconds\":null,"
                        + "\"minRttSeconds\":null,\"jitterSeconds\":null,\"queueDelaySeconds\":null,"
                        + "\"lossRatio\":null,\"mtu\":null,\"lastHandshake\":null,\"reasonUnused\":\"silent\"},"
                        + "{\"name\":\"usb0\",\"state\":\"closed\",\"role\":\"always\",\"metered\":false,"
                        + "\"paused\":false,\"uploadLimitBitsPerSecond\":null,\"downloadLimitBitsPerSecond\":null,"
                        + "\"address\":null,\"remote\":null,\"rxBitsPerSecond\":null,\"txBitsPerSecond\":null,"
                        + "\"rxBytes\":null,\"txBytes\":null,\"capacityTxBitsPerSecond\":null,"
                        + "\"capacityRxBitsPerSecond\":null,\"srttSeconds\":null,\"minRttSeconds\":null,"
                        + "\"jitterSeconds\":null,\"queueDelaySeconds\":null,\"lossRatio\":null,\"mtu\":null,"
                        + "\"lastHandshake\":null,\"reasonUnused\":\"no carrier\"}],"
                        + "\"unclaimedDroppedPackets\":{\"no_peer\":4},"
                        + "\"deviceDroppedPackets\":{\"eth0\":{\"queue_full\":3}},"
                        + "\"control\":{\"state\":\"none\",\"configRevision\":null,\"configState\":null,"
                        + "\"reason\":null}}");
    }

    @Test
    void writesTheClientsOfAServer() {
        JsonObject status = new JsonObject(StatusJson.status(Readings.server(), Control.NONE));

        assertThat(status.text("role")).isEqualTo("server");
        assertThat(status.objects("clients"))
                .extracting(client -> client.text("name"), client -> client.text("state"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("van", "connected"),
                        org.assertj.core.groups.Tuple.tuple("boat", "disconnected"));
        JsonObject van = status.objects("clients").getFirst();
        assertThat(van.texts("addresses")).containsExactly("10.77.0.2/32", "fd77::2/128");
        assertThat(van.integer("rxBitsPerSecond")).isEqualTo(1_000_000);
        assertThat(van.objects("paths")).extracting(path -> path.text("name")).containsExactly("path0", "path1");
        assertThat(status.objects("clients").get(1).fields().containsKey("lastHandshake"))
                .isTrue();
        assertThat(status.object("unclaimedDroppedPackets").integer("limited")).isEqualTo(2);
    }

    @Test
    void everyDocumentBeginsWithItsSchema() {
        Reading reading = Readings.client();

        assertThat(List.of(
                        Json.write(StatusJson.status(reading, Control.NONE)),
                        Json.write(StatusJson.linksDocument(reading)),
                        Json.write(StatusJson.stats(reading)),
                        Json.write(StatusJson.clientsDocument(Readings.server()))))
                .extracting(text -> text.substring(0, text.indexOf(',')))
                .containsExactly(
                        "{\"schema\":\"onebox.status/1\"",
                        "{\"schema\":\"onebox.links/1\"",
                        "{\"schema\":\"onebox.stats/1\"",
                        "{\"schema\":\"onebox.clients/1\"");
    }

    @Test
    void ratesAreUnknownBeforeThereIsAnythingToCompareWith() {
        Reading first = Readings.client().since(Optional.empty());

        JsonObject bond = new JsonObject(StatusJson.status(first, Control.NONE)).object("bond");

        assertThat(bond.fields().containsKey("rxBitsPerSecond")).isTrue();
        assertThat(bond.integer("rxBitsPerSecond")).isNull();
    }

    @Test
    void ratesAreUnknownWhenCountersBeganAnew() {
        Reading backwards = new Reading(
                Role.CLIENT,
                Readings.clientSample(1),
                Optional.of(new Sample(
                        Readings.clientSample(0).time(),
                        Readings.clientSample(0).nowNs(),
                        true,
                        Readings.clientSample(9).sessions(),
                        Drops.NONE,
                        List.of())),
                List.of(),
                "aggregate",
                Readings.client().peers());

        assertThat(new JsonObject(StatusJson.status(backwards, Control.NONE))
                        .object("bond")
                        .integer("rxBitsPerSecond"))
                .isNull();
    }

    @Test
    void aTunnelThatIsOffHasClosedLinks() {
        Sample up = Readings.clientSample(1);
        Sample off = new Sample(up.time(), up.nowNs(), false, List.of(), Drops.NONE, up.links());
        Reading reading = new Reading(
                Role.CLIENT,
                off,
                Optional.empty(),
                List.of(),
                "aggregate",
                Readings.client().peers());

        JsonObject status = new JsonObject(StatusJson.status(reading, Control.NONE));

        assertThat(status.text("state")).isEqualTo("down");
        assertThat(status.objects("links"))
                .extracting(link -> link.text("state"), link -> link.text("reasonUnused"))
                .contains(org.assertj.core.groups.Tuple.tuple("closed", "the tunnel is off"));
    }
}
