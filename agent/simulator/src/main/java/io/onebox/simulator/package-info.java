/// Virtual time, hosts that run the real engine, and the links between them.
@NullMarked
package io.onebox.simulator;

import org.jspecify.annotations.NullMarked;
