package io.onebox.engine.path;

import io.onebox.engine.wire.ControlFrame.PathUse;

/// How both ends want a path used. The stricter wish counts.
public final class PathUseState {

    private static final LinkRole[] ROLES = LinkRole.values();
    private static final BondingMode[] MODES = BondingMode.values();

    private LinkSettings local = LinkSettings.DEFAULT;
    private BondingMode localMode = BondingMode.AGGREGATE;
    private BondingMode peerMode = BondingMode.AGGREGATE;
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

    /// Changes how our end wants all paths used; the peer has to be told.
    public void mode(BondingMode mode) {
        if (mode != localMode) {
            localMode = mode;
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
                localMode.ordinal(),
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
            peerMode = MODES[frame.mode()];
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

    /// How we use the paths: as our end wants, or the peer's if ours has no wish of its own.
    public BondingMode mode() {
        return localMode == BondingMode.AGGREGATE ? peerMode : localMode;
    }

    /// When the path carries data: the role that counts. A cheaper tier is used until it is full, then the next.
    public LinkRole tier() {
        boolean costs = mode() == BondingMode.COST_AWARE && isMetered();
        return costs && role() == LinkRole.ALWAYS ? LinkRole.SECONDARY : role();
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
