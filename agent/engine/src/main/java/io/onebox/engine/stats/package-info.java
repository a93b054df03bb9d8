/// Counters and immutable snapshots of them.
@NullMarked
package io.onebox.engine.stats;

import org.jspecify.annotations.NullMarked;
