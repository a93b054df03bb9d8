package io.onebox.controller.cli;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.onebox.controller.Clustering;
import io.onebox.controller.Controller;
import io.onebox.controller.trust.StateFiles.StateException;
import io.onebox.controller.trust.UnusableFileException;
import io.onebox.shared.cli.CommandFailure;
import io.onebox.shared.cli.ExitCode;
import io.onebox.shared.config.ControllerConfig;
import io.onebox.shared.log.LogSetup;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.BindException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/// `run`: the controller itself, in the foreground.
@Command(name = "run", description = "Run the controller in the foreground; logs go to stderr.")
final class RunCommand implements Callable<Integer> {

    private final Invocation invocation;

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws InterruptedException {
        ControllerConfig config = invocation.config();
        LogSetup.apply(config.log());
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // Until everything is closed; the process ends when the hook does.
        var ended = new CountDownLatch(1);
        try (Controller controller = Controller.open(config)) {
            Vertx vertx = vertx(config, controller, registry);
            controller
                    .serve(vertx, registry)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            var systemd = new SystemdNotify(System.getenv());
            systemd.watchdog().ifPresent(time -> new Heartbeat(vertx, config, systemd).start(vertx, time));
            systemd.ready();
            var stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stopped.countDown();
                await(ended);
            }));
            stopped.await();
            systemd.stopping();
            vertx.close().await();
            return ExitCode.OK;
        } catch (CompletionException e) {
            if (e.getCause() instanceof StateException state) {
                throw state;
            }
            if (e.getCause() instanceof UnusableFileException certificate) {
                throw new CommandFailure(
                        ExitCode.CONFIGURATION, String.valueOf(certificate.getMessage()), certificate.remedy());
            }
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "cannot serve on " + config.listen() + ": " + e.getCause(),
                    e.getCause() instanceof BindException ? "is another program there?" : "");
        } finally {
            ended.countDown();
        }
    }

    private static Vertx vertx(ControllerConfig config, Controller controller, PrometheusMeterRegistry registry) {
        VertxOptions options = new VertxOptions()
                .setMetricsOptions(
                        new MicrometerMetricsOptions().setEnabled(true).setJvmMetricsEnabled(true));
        VertxBuilder builder =
                Vertx.builder().withTransport(controller.door()).withMetrics(new MicrometerMetricsFactory(registry));
        return config.cluster()
                .map(cluster -> Clustering.start(builder, options, cluster, controller.keys()))
                .orElseGet(() -> builder.with(options).build());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
