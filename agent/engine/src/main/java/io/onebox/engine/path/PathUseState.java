package io.onebox.engine.path;

import io.onebox.engine.wire.ControlFrame.PathUse;

/// How both ends want a path used. The stricter wish counts.
public final class PathUseState {

    private static final LinkRole[] ROLES = LinkRole.values();

    private LinkSettings local = LinkSettings.DEFAULT;
    private int revision;
    private int confirmed = -1;
    private LinkRole peerRole = LinkRole.ALWAYS;
    private boolean peerMetered;
    private boolean peerPaused;
    private long peerRateLimit;
    private int peerRevision = -1;

    /// How our end wants it used.
    public LinkSettings local() {
        return local;
    }

    /// Changes how our end wants it used; the peer has to be told.
    public void local(LinkSettings settings) {
        if (!settings.equals(local)) {
            local = settings;
            revision++;
        }
    }

    /// Whether the peer has not confirmed our wishes.
    public boolean isUntold() {
        return confirmed != revision;
    }

    /// Our wishes as a frame. Our download limit is the peer's upload limit.
    public PathUse frame() {
        return new PathUse(
                revision,
                false,
                local.role().ordinal(),
                local.metered(),
                local.paused(),
                local.downloadBytesPerSecond());
    }

    /// Takes in the peer's wishes, or its confirmation of ours.
    ///
    /// @return whether to confirm
    public boolean onFrame(PathUse frame) {
        if (frame.isAnswer()) {
            if (frame.revision() == revision) {
                confirmed = revision;
            }
            return false;
        }
        if (frame.revision() - peerRevision >= 0) {
            peerRevision = frame.revision();
            peerRole = ROLES[frame.role()];
            peerMetered = frame.metered();
            peerPaused = frame.paused();
            peerRateLimit = frame.rateLimit();
        }
        return true;
    }

    /// The peer began a new life: tell it again, and hear it anew.
    public void restart() {
        confirmed = -1;
        peerRevision = -1;
    }

    /// The less willing role of both ends.
    public LinkRole role() {
        return local.role().ordinal() > peerRole.ordinal() ? local.role() : peerRole;
    }

    /// Whether every byte costs, at either end.
    public boolean isMetered() {
        return local.metered() || peerMetered;
    }

    /// Whether either end wants no data on it.
    public boolean isPaused() {
        return local.paused() || peerPaused;
    }

    /// Bytes per second we may send, or 0 for no limit.
    public long rateLimit() {
        long own = local.uploadBytesPerSecond();
        if (own == 0 || peerRateLimit == 0) {
            return Math.max(own, peerRateLimit);
        }
        return Math.min(own, peerRateLimit);
    }
}
