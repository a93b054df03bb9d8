/// What each station of the data path costs a packet, with a budget for each. Run with `bin/bench jmh`.
@NullMarked
package io.onebox.benchmarks;

import org.jspecify.annotations.NullMarked;
