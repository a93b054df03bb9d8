package io.onebox.testbed;

import java.util.Locale;

/// How a link is lost; [TestbedLink#restore] undoes each.
public enum WayToLose {
    CARRIER,
    BLACK_HOLE,
    ADDRESS,
    INTERFACE;

    /// Loses it.
    public void apply(TestbedLink link) {
        switch (this) {
            case CARRIER -> link.pullCable();
            case BLACK_HOLE -> link.blackHole();
            case ADDRESS -> link.removeAddress();
            case INTERFACE -> link.removeInterface();
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
