package io.onebox.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.controller.registry.Fleet;
import io.onebox.shared.config.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/reference/metrics.md` lists the controller's meters, no more and no fewer.
class ControllerMetersTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "reference", "metrics.md");

    @Test
    void theReferenceListsEveryMeter() throws IOException {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var meters = new ControllerMeters(registry, "1");
        Fleet fleet = Fleet.empty(List.of(Prefix.parse("10.77.0.0/16").orElseThrow()));
        meters.show(() -> fleet, () -> 0);
        meters.showBackup(Optional::empty);
        meters.unauthenticated("token");
        meters.enrolment("enrolled");
        meters.acknowledged("applied");
        meters.refused("malformed");
        meters.ignored();
        meters.streamRefused("forbidden");
        meters.login("right");
        meters.missed();
        meters.dropped();
        meters.auditIsWhole(true);
        Set<String> made = registry.getMeters().stream()
                .map(ControllerMetersTest::name)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> documented = found("\\| `(onebox_controller_[a-z_]+?)(?:_total)?`", Files.readString(DOCUMENT));

        assertThat(documented).isEqualTo(made);
    }

    @Test
    void theReferenceListsEveryCodeOfARefusal() throws IOException {
        Path sources = Path.of("src", "main", "java", "io", "onebox", "controller", "verticle");
        Set<String> made = new TreeSet<>();
        for (String source : List.of("AgentSocket.java", "PortVerticle.java")) {
            made.addAll(found("\\brefused?\\(\\s*\"([a-z_]+)\"", Files.readString(sources.resolve(source))));
        }
        String page = Files.readString(DOCUMENT);

        assertThat(found("\n\\| `([a-z_]+)` \\|", page.substring(page.indexOf("## Why agents are refused"))))
                .hasSizeGreaterThan(5)
                .isEqualTo(made);
    }

    /// As Prometheus has it, without what it appends to counters.
    private static String name(Meter meter) {
        String name = meter.getId().getName().replace('.', '_');
        return meter.getId().getType() == Meter.Type.TIMER ? name + "_seconds" : name;
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
