/// Which path a packet takes.
@NullMarked
package io.onebox.engine.schedule;

import org.jspecify.annotations.NullMarked;
