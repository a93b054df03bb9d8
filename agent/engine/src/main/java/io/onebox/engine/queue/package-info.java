/// Where inner packets wait for a path: fair between flows, and never for long.
@NullMarked
package io.onebox.engine.queue;

import org.jspecify.annotations.NullMarked;
