package io.onebox.controller.stats;

/// One of the rings in the file of a link: so many slots of so many seconds. The newest slot takes the oldest's place.
enum Ring {
    /// Six hours.
    TEN_SECONDS(10, 2_160),
    /// Two days.
    MINUTE(60, 2_880),
    /// Two weeks.
    FIVE_MINUTES(300, 4_032),
    /// 400 days.
    HOUR(3_600, 9_600);

    private final int seconds;
    private final int slots;

    Ring(int seconds, int slots) {
        this.seconds = seconds;
        this.slots = slots;
    }

    /// Seconds in a slot.
    int seconds() {
        return seconds;
    }

    int slots() {
        return slots;
    }

    /// The start of the slot a time falls into.
    long start(long second) {
        return second - second % seconds;
    }

    /// Where in the file the slot of a time is.
    long offset(long second) {
        long before = 0;
        for (Ring ring : values()) {
            if (ring == this) {
                break;
            }
            before += (long) ring.slots * Slot.BYTES;
        }
        return before + second / seconds % slots * Slot.BYTES;
    }

    /// Bytes of a whole file.
    static long fileBytes() {
        return HOUR.offset(0) + (long) HOUR.slots * Slot.BYTES;
    }

    /// The finest ring whose slots are not shorter than `step` and that still has what was at `from`.
    static Ring covering(long now, long from, long step) {
        for (Ring ring : values()) {
            if (ring.seconds >= step && from > now - (long) ring.seconds * ring.slots) {
                return ring;
            }
        }
        return HOUR;
    }
}
