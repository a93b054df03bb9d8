package io.onebox.agent.linux;

import jnr.constants.platform.Signal;
import jnr.posix.util.SunMiscSignal;

/// The signals an operator sends us. Handlers run on a thread of the JVM's, one signal at a time, and must not
/// block.
public final class Signals {

    private Signals() {}

    /// Reload: `SIGHUP`.
    public static void onHangup(Runnable handler) {
        SunMiscSignal.signal(Signal.SIGHUP, _ -> handler.run());
    }

    /// Stop: `SIGTERM`.
    public static void onTerminate(Runnable handler) {
        SunMiscSignal.signal(Signal.SIGTERM, _ -> handler.run());
    }

    /// Stop, by Ctrl-C: `SIGINT`.
    public static void onInterrupt(Runnable handler) {
        SunMiscSignal.signal(Signal.SIGINT, _ -> handler.run());
    }
}
