package io.onebox.testbed;

import java.util.random.RandomGenerator;

/// A link of the emulator: two TAP interfaces in two namespaces and a direction each way. "Near" is the end of
/// the client, "far" the end of the internet.
///
/// ```
///   near TAP --- up:   near to far ---> far TAP
///            <-- down: far to near ----
/// ```
final class EmulatedLink implements AutoCloseable {

    private final Tap near;
    private final Tap far;
    private final EmulatedDirection up;
    private final EmulatedDirection down;

    EmulatedLink(Tap near, Tap far, FrameStore frames, RandomGenerator random) {
        this.near = near;
        this.far = far;
        this.up = new EmulatedDirection(near, far, frames, random);
        this.down = new EmulatedDirection(far, near, frames, random);
    }

    /// The end of the client.
    Tap near() {
        return near;
    }

    /// The end of the internet.
    Tap far() {
        return far;
    }

    /// From near to far.
    EmulatedDirection up() {
        return up;
    }

    /// From far to near.
    EmulatedDirection down() {
        return down;
    }

    /// Writes what has arrived, both ways.
    ///
    /// @return when the next frame arrives
    long deliver(long nowNs) {
        return Math.min(up.deliver(nowNs), down.deliver(nowNs));
    }

    /// Makes a black hole of the link, or ends it.
    void cut(boolean cut, long nowNs) {
        if (cut) {
            up.line().cut();
            down.line().cut();
        } else {
            up.line().restore(nowNs);
            down.line().restore(nowNs);
        }
    }

    /// Stops time on the link, or starts it again.
    void pause(boolean paused, long nowNs) {
        if (paused) {
            up.line().pause(nowNs);
            down.line().pause(nowNs);
        } else {
            up.line().resume(nowNs);
            down.line().resume(nowNs);
        }
    }

    /// Pulls the cable at the client, or plugs it in: carrier and everything on the wire is lost.
    void carrier(boolean on, long nowNs) {
        cut(!on, nowNs);
        near.carrier(on);
    }

    /// Removes the client's interface, or makes a new one: a USB modem pulled out.
    void plug(boolean plugged, long nowNs) {
        cut(!plugged, nowNs);
        near.close();
        if (plugged) {
            near.open();
        }
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
