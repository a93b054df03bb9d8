package io.onebox.engine.queue;

/// The state of CoDel for one flow: when to drop or mark so that its queue does not stand.
///
/// Source: RFC 8289, sections 5.3 to 5.5, with the control law `interval / sqrt(count)`.
final class CoDel {

    private long firstAboveNs;
    private long dropNextNs;
    private int count;
    private int lastCount;
    private boolean dropping;

    /// Whether the packet that waited `sojournNs` has to be dropped or marked.
    ///
    /// @param isLast whether no other packet waits behind it: a queue of one is no queue
    boolean isDue(long sojournNs, boolean isLast, long targetNs, long intervalNs, long nowNs) {
        boolean above = isAbove(sojournNs, isLast, targetNs, intervalNs, nowNs);
        if (!above) {
            dropping = false;
            return false;
        }
        if (dropping) {
            if (nowNs < dropNextNs) {
                return false;
            }
            count++;
            dropNextNs += law(intervalNs);
            return true;
        }
        dropping = true;
        int recent = count - lastCount;
        count = recent > 1 && nowNs - dropNextNs < 16 * intervalNs ? recent : 1;
        lastCount = count;
        dropNextNs = nowNs + law(intervalNs);
        return true;
    }

    void restart() {
        firstAboveNs = 0;
        dropping = false;
        count = 0;
        lastCount = 0;
    }

    private boolean isAbove(long sojournNs, boolean isLast, long targetNs, long intervalNs, long nowNs) {
        if (sojournNs < targetNs || isLast) {
            firstAboveNs = 0;
            return false;
        }
        if (firstAboveNs == 0) {
            firstAboveNs = nowNs + intervalNs;
            return false;
        }
        return nowNs >= firstAboveNs;
    }

    private long law(long intervalNs) {
        return (long) (intervalNs / Math.sqrt(count));
    }
}
