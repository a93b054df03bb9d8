/// Thousands of virtual agents against one real controller. Started by `bin/bench controller`.
@NullMarked
package io.onebox.testbed.fleet;

import org.jspecify.annotations.NullMarked;
