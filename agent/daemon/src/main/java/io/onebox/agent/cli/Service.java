package io.onebox.agent.cli;

import io.onebox.shared.cli.CommandFailure;
/// Starts and stops the agent in the background.

interface Service {

    /// Returns when it is up.
    ///
    /// @throws CommandFailure saying why it is not
    void start();

    /// Returns when it is gone. Nothing to do is no failure.
    void stop();

    /// Both.
    default void restart() {
        stop();
        start();
    }

    /// systemd where it is in charge and has our unit; else a process of our own. Told another configuration or socket,
    /// it is never the system's service that is meant.
    static Service of(Invocation invocation) {
        GlobalOptions options = invocation.options();
        if (options.config == null && options.socket == null && SystemdService.isInCharge(invocation.role())) {
            return new SystemdService(invocation);
        }
        return new BackgroundService(invocation);
    }
}
