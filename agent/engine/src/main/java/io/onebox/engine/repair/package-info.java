/// What was sent and not yet acknowledged, and how to learn that it is lost.
@NullMarked
package io.onebox.engine.repair;

import org.jspecify.annotations.NullMarked;
