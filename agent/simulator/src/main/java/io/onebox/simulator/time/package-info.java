/// Virtual time.
@NullMarked
package io.onebox.simulator.time;

import org.jspecify.annotations.NullMarked;
