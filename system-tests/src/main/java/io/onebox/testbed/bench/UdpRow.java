package io.onebox.testbed.bench;

import io.onebox.testbed.IperfReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// UDP at a rate the links can just carry: how much is lost.
record UdpRow() implements Row {

    private static final int MEGABITS = 60;
    private static final double PERCENT = 100;

    @Override
    public String id() {
        return "f";
    }

    @Override
    public String title() {
        return "as a, 60 Mbit/s of UDP";
    }

    @Override
    public void measure(Plan plan, Consumer<Outcome> outcomes) {
        Pace pace = plan.pace();
        try (var rig = new Rig(List.of(Rows.fifty(), Rows.twenty()))) {
            rig.startBond();
            for (Direction direction : plan.directions()) {
                List<Sample> samples = new ArrayList<>();
                for (int run = 0; run < pace.runs(); run++) {
                    var watch = Watch.begin();
                    IperfReport report = rig.udp(MEGABITS, direction, pace.warmUpSeconds(), pace.seconds());
                    samples.add(watch.sample(report.lostShare() * PERCENT));
                }
                String what = "UDP %s, percent lost".formatted(direction);
                outcomes.accept(new Outcome(id(), what, Goal.atMost(0.1, "%"), samples, List.of(), Map.of()));
            }
        }
    }
}
