package io.onebox.agent.cli;

import io.onebox.shared.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// A status on one screen: problems first, then the bond, then links or clients.
final class StatusScreen {

    private final String program;
    private final Palette palette;

    StatusScreen(String program, Palette palette) {
        this.program = program;
        this.palette = palette;
    }

    List<String> lines(JsonObject status) {
        List<String> lines = new ArrayList<>();
        lines.add(headline(status));
        for (JsonObject problem : status.objects("problems")) {
            lines.add(mark(problem) + " " + problem.textOrDash("message"));
            lines.add("  " + problem.textOrDash("hint"));
        }
        String control = control(status.object("control"));
        if (!control.isEmpty()) {
            lines.add(control);
        }
        lines.add("");
        if ("client".equals(status.text("role"))) {
            lines.add(bond(status.object("bond")));
            lines.addAll(links(status.objects("links")));
        } else {
            lines.addAll(clients(status.objects("clients")));
        }
        return lines;
    }

    /// A table of links.
    List<String> links(List<JsonObject> links) {
        var table = new Table(
                "LINK",
                "STATE",
                "ROLE",
                ">RX",
                ">TX",
                ">RTT",
                ">JITTER",
                ">LOSS",
                ">CAPACITY RX/TX",
                "REMOTE",
                "WHY NOT");
        for (JsonObject link : links) {
            String capacity = Figures.rate(link.number("capacityRxBitsPerSecond")) + "/"
                    + Figures.rate(link.number("capacityTxBitsPerSecond"));
            String role = link.textOrDash("role")
                    + (link.isTrue("metered") ? ",metered" : "")
                    + (link.isTrue("paused") ? ",paused" : "");
            table.row(
                    link.textOrDash("name"),
                    link.textOrDash("state"),
                    role,
                    Figures.rate(link.number("rxBitsPerSecond")),
                    Figures.rate(link.number("txBitsPerSecond")),
                    Figures.milliseconds(link.number("srttSeconds")),
                    Figures.milliseconds(link.number("jitterSeconds")),
                    Figures.percent(link.number("lossRatio")),
                    capacity,
                    link.textOrDash("remote"),
                    link.text("reasonUnused") == null ? "" : link.textOrDash("reasonUnused"));
        }
        return headed(table);
    }

    /// A table of clients.
    List<String> clients(List<JsonObject> clients) {
        var table = new Table("CLIENT", "STATE", "ADDRESSES", ">PATHS", ">RX", ">TX", "LAST HANDSHAKE");
        for (JsonObject client : clients) {
            List<JsonObject> paths = client.objects("paths");
            long usable = paths.stream()
                    .filter(path -> "usable".equals(path.text("state")))
                    .count();
            table.row(
                    client.textOrDash("name"),
                    client.textOrDash("state"),
                    String.join(",", client.texts("addresses")),
                    usable + "/" + paths.size(),
                    Figures.rate(client.number("rxBitsPerSecond")),
                    Figures.rate(client.number("txBitsPerSecond")),
                    client.textOrDash("lastHandshake"));
        }
        return headed(table);
    }

    /// How the agent stands with its controller; empty without one.
    private static String control(JsonObject control) {
        if (control.text("state") == null || "none".equals(control.text("state"))) {
            return "";
        }
        String revision = control.integer("configRevision") == null
                ? "no configuration"
                : "configuration %d %s".formatted(control.integer("configRevision"), control.textOrDash("configState"));
        String reason = control.text("reason") == null ? "" : ", " + control.text("reason");
        return "controller %s, %s%s".formatted(control.textOrDash("state"), revision, reason);
    }

    private String headline(JsonObject status) {
        String state = status.textOrDash("state");
        String shown = state.equals("up") ? palette.good(state) : palette.bad(state);
        List<JsonObject> parts = new ArrayList<>(status.objects("links"));
        String what = "links";
        String good = "usable";
        if (!"client".equals(status.text("role"))) {
            parts = status.objects("clients");
            what = "clients";
            good = "connected";
        }
        String wanted = good;
        long count =
                parts.stream().filter(part -> wanted.equals(part.text("state"))).count();
        return "%s is %s, %d of %d %s %s".formatted(palette.heading(program), shown, count, parts.size(), what, good);
    }

    private String mark(JsonObject problem) {
        return switch (problem.textOrDash("severity")) {
            case "critical" -> palette.bad("!!");
            case "warning" -> palette.warning("! ");
            default -> "i ";
        };
    }

    private static String bond(JsonObject bond) {
        return "bond  server %s  %s  mtu %s  rx %s  tx %s  since %s"
                .formatted(
                        bond.textOrDash("endpoint"),
                        bond.textOrDash("mode"),
                        bond.integer("mtu") == null ? Figures.UNKNOWN : bond.integer("mtu"),
                        Figures.rate(bond.number("rxBitsPerSecond")),
                        Figures.rate(bond.number("txBitsPerSecond")),
                        bond.textOrDash("since"));
    }

    private List<String> headed(Table table) {
        List<String> lines = new ArrayList<>(table.lines());
        lines.set(0, palette.heading(lines.getFirst()));
        return lines;
    }
}
