package io.onebox.testbed.bench;

import io.onebox.simulator.link.RadioTrace;
import io.onebox.testbed.UplinkSpec;
import io.onebox.testbed.bench.ThroughputRow.Condition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The table of promises.
final class Rows {

    private static final String FIFTY = "rate 50mbit";
    private static final String TWENTY = "rate 20mbit";
    private static final String QUEUE = "queue 100ms";

    private static final int MS_PER_SECOND = 1000;

    private Rows() {}

    /// All rows, in the order of the table.
    static List<Row> all(Pace pace) {
        List<Row> rows = new ArrayList<>();
        rows.add(new EmulatorRow());
        rows.add(ThroughputRow.of("a", "50 + 20 Mbit/s, RTT 20 / 80 ms", 1, share(0.91), fifty(), twenty()));
        rows.add(ThroughputRow.of(
                "b",
                "100 + 50 + 20 Mbit/s, RTT 20 / 50 / 80 ms",
                1,
                share(0.88),
                UplinkSpec.of("up1", "rate 100mbit", QUEUE, "delay 10ms"),
                UplinkSpec.of("up2", FIFTY, QUEUE, "delay 25ms"),
                UplinkSpec.of("up3", TWENTY, QUEUE, "delay 40ms")));
        rows.add(ThroughputRow.of(
                "c",
                "50 + 50 Mbit/s, RTT 20 ms both",
                1,
                share(0.92),
                UplinkSpec.of("up1", FIFTY, QUEUE, "delay 10ms"),
                UplinkSpec.of("up2", FIFTY, QUEUE, "delay 10ms")));
        rows.add(dslAndRadio(pace));
        rows.add(new ThroughputRow(
                "e",
                "as a, random loss on one link; percent of the links without loss",
                List.of(fifty(), twenty()),
                1,
                List.of(
                        loss("0.5 % on up1", "loss 0.5%", "loss 0%"),
                        loss("1 % on up1", "loss 1%", "loss 0%"),
                        loss("0.5 % on up2", "loss 0%", "loss 0.5%"),
                        loss("1 % on up2", "loss 0%", "loss 1%")),
                share(0.85)));
        rows.add(ThroughputRow.of(
                "e2",
                "50 + 20 Mbit/s, RTT 30 / 90 ms, 15 ms jitter on the second, loss 0.05 / 0.5 %",
                1,
                (_, _) -> Goal.rate(56),
                UplinkSpec.of("up1", FIFTY, QUEUE, "delay 15ms", "loss 0.05%"),
                UplinkSpec.of("up2", TWENTY, QUEUE, "delay 45ms", "jitter 15ms", "loss 0.5%")));
        rows.add(ThroughputRow.of("f", "as a, 8 TCP flows", 8, share(0.92), fifty(), twenty()));
        rows.addAll(List.of(
                new UdpRow(),
                new GigabitRow(),
                new UnplugRow(),
                new StreamRow(),
                new LatencyRow(),
                new RedundantRow(),
                new CostRow()));
        return rows;
    }

    static UplinkSpec fifty() {
        return UplinkSpec.of("up1", FIFTY, QUEUE, "delay 10ms");
    }

    static UplinkSpec twenty() {
        return UplinkSpec.of("up2", TWENTY, QUEUE, "delay 40ms");
    }

    private static ThroughputRow.Target share(double share) {
        return (_, alone) -> Goal.share(share, alone);
    }

    private static Condition loss(String name, String first, String second) {
        return new Condition(name, Map.of(0, first, 1, second));
    }

    /// The reference is what the links can carry, headers included: what TCP makes of the trace alone depends on
    /// TCP.
    private static Row dslAndRadio(Pace pace) {
        int periodMs = pace.seconds() * MS_PER_SECOND;
        double radio = RadioTrace.meanMegabitsPerSecond(periodMs);
        return ThroughputRow.of(
                "d",
                "DSL 40/10 Mbit/s 18 ms + LTE trace 5 to 60 Mbit/s, 15 ms jitter; percent of their capacity",
                1,
                (direction, _) -> Goal.share(0.85, radio + (direction == Direction.DOWN ? 40 : 10)),
                UplinkSpec.of("up1", "rate 10mbit/40mbit", QUEUE, "delay 9ms"),
                UplinkSpec.of(
                        "up2",
                        "trace " + file(RadioTrace.lines(periodMs)),
                        "queue 200ms",
                        "delay 25ms",
                        "jitter 15ms"));
    }

    /// Writes a trace to a temporary file, which goes with this process.
    private static Path file(List<String> lines) {
        try {
            Path file = Files.createTempFile("radio-", ".trace");
            file.toFile().deleteOnExit();
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
