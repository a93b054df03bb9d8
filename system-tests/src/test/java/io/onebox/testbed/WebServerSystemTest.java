package io.onebox.testbed;

import static io.onebox.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A controller behind nginx, set up as the how-to says, word for word but for `systemctl`; and an agent somewhere else
/// on the internet, behind a NAT, that enrols and stays connected.
@Tag("system")
class WebServerSystemTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final HowTo PAGE = HowTo.page("vps");
    private static final String OPENED = "nginx ends TLS, and says who comes";
    private static final String UNOPENED = "nginx passes TLS on, unopened";
    private static final String OF_THE_WEB = "A certificate that browsers know";

    private static final String NAME = "controller.example.net";
    private static final String API = "https://" + NAME + "/api/v1";
    private static final String PASSWORD = "a password for the testbed";

    /// An authority that nobody knows yet, and a certificate of it where the pages say.
    private static final String AUTHORITY = """
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Authority -keyout ca.key -out ca.crt 2>&1
            openssl req -newkey rsa:2048 -nodes -subj /CN=NAME -keyout privkey.pem -out request.pem 2>&1
            printf 'subjectAltName = DNS:NAME\\n' >names
            openssl x509 -req -days 1 -in request.pem -CA ca.crt -CAkey ca.key -extfile names -out leaf.pem 2>/dev/null
            cat leaf.pem ca.crt >fullchain.pem
            chmod 600 privkey.pem
            for directory in /etc/onebox/tls /etc/letsencrypt/live/NAME; do
              mkdir -p $directory
              cp -p fullchain.pem privkey.pem $directory
            done
            """.replace("NAME", NAME);

    @RegisterExtension
    final DeploymentExtension testbed = new DeploymentExtension();

    private Path directory;
    private TestbedHost web;
    private TestbedClient box;
    private AgentProcess agent;
    private @Nullable Process controller;
    private String cookie;

    @BeforeEach
    void serverWithNginxAndController() {
        directory = testbed.testbed().directory();
        web = testbed.testbed().server();
        box = testbed.testbed().client(List.of(UplinkSpec.plain("up1")));
        for (TestbedHost host : List.of(web, box.host())) {
            host.ownFiles(directory.resolve("etc-" + host));
            host.run("echo '%s %s' >>/etc/hosts".formatted(Testbed.SERVER, NAME));
        }
        agent = new AgentProcess(box.host(), new AgentFiles(directory.resolve("agent"), "client"));
        web.run("mkdir -p /var/lib/nginx /var/log/nginx");
        web.start(directory.resolve("nginx.log"), "nginx", "-g", "daemon off;");
        eventually(PATIENCE, () -> web.run("nginx -s reload"));
        command("onebox-controller init --public-url https://" + NAME);
        command("echo '%s' >password".formatted(PASSWORD));
        command("onebox-controller user add owner --role owner --password-file password");
    }

    @Test
    void passesTlsOnUnopened() {
        web.run("cat >>/etc/nginx/nginx.conf <<'END'\n" + PAGE.block(UNOPENED, "nginx") + "END");
        configure(UNOPENED);

        PAGE.commands(UNOPENED).forEach(this::step);

        anAgentIsOnline("root.pem");
        assertThat(enrolledFrom()).isEqualTo("127.0.0.1");
    }

    /// The certificate is one of an authority that the agent's machine has come to trust, and nobody else does.
    @Test
    void showsACertificateOfAnotherAuthority() {
        command(AUTHORITY);
        web.run("cat >>/etc/nginx/nginx.conf <<'END'\n" + PAGE.block(UNOPENED, "nginx") + "END");
        web.run("nginx -t && nginx -s reload");
        configure(OF_THE_WEB);
        start();

        Shell.Result stranger = enrol("stranger");
        assertThat(stranger.exitCode()).isEqualTo(77);
        assertThat(stranger.errors()).contains("certificate");
        trust();
        anAgentIsOnline("ca.crt");
    }

    @Test
    void endsTlsAndSaysWhoComes() {
        command(AUTHORITY);
        web.run("cat >/etc/nginx/conf.d/controller.conf <<'END'\n" + PAGE.block(OPENED, "nginx") + "END");
        web.run("nginx -t && nginx -s reload");
        configure(OPENED);
        start();

        trust();
        anAgentIsOnline("ca.crt");
        assertThat(enrolledFrom()).isEqualTo(box.link("up1").publicAddress());
    }

    private void configure(String section) {
        web.run("cat >/etc/onebox/controller.toml <<'END'\n" + PAGE.block(section, "toml") + "END");
    }

    /// A line of the page; there is no systemd here to be asked.
    private void step(String line) {
        if (line.equals("systemctl restart onebox-controller")) {
            start();
        } else {
            command(line.replace("systemctl reload nginx", "nginx -s reload"));
        }
    }

    private void start() {
        if (controller != null) {
            TestbedHost.stop(controller);
        }
        String program =
                Checkout.distribution().resolve("bin/onebox-controller").toString();
        controller = web.start(directory.resolve("controller.log"), program, "run");
        eventually(PATIENCE, () -> web.run("curl -sSk --fail https://" + NAME + "/health/ready"));
    }

    private String command(String line) {
        return web.run("set -e; cd %s; PATH=%s/bin:$PATH; %s".formatted(directory, Checkout.distribution(), line));
    }

    /// As the page says of an authority of one's own.
    private void trust() {
        box.host().run("mount -t tmpfs tmpfs /usr/local/share/ca-certificates");
        box.host().run("cp %s /usr/local/share/ca-certificates/".formatted(directory.resolve("ca.crt")));
        box.host().run("update-ca-certificates");
    }

    private void anAgentIsOnline(String root) {
        Shell.Result enrolled = enrol("van");
        assertThat(enrolled.exitCode()).as(enrolled.errors()).isZero();
        agent.start();
        String body = "{\"login\":\"owner\",\"password\":\"%s\"}".formatted(PASSWORD);
        String json = "-H 'content-type: application/json' -d '" + body + "'";
        cookie = command("curl -sSf --cacert %s -o /dev/null -D - %s %s/session".formatted(root, json, API))
                .lines()
                .filter(line -> line.startsWith("set-cookie: "))
                .map(line -> line.replaceFirst("set-cookie: ([^;]*).*", "$1"))
                .findFirst()
                .orElseThrow();
        eventually(PATIENCE, () -> assertThat(ask("/agents").encode()).contains("\"connected\":true"));
        agent.await(
                PATIENCE,
                status -> status.getJsonObject("control").getString("state").equals("connected"));
    }

    private Shell.Result enrol(String name) {
        command("onebox-controller enrol-token add --role client >token");
        agent.files().writeConfig("");
        return agent.command(
                "enrol",
                "--config",
                agent.files().config().toString(),
                "--token-file",
                directory.resolve("token").toString(),
                "--name",
                name);
    }

    /// The address in the audit's line about the agent.
    private String enrolledFrom() {
        return ask("/audit").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(line -> line.getString("action").equals("agent.enrol"))
                .map(line -> line.getString("address"))
                .findFirst()
                .orElseThrow();
    }

    private JsonObject ask(String path) {
        return new JsonObject(command("curl -sSkf -H 'cookie: %s' %s%s".formatted(cookie, API, path)));
    }
}
