/// Measures how well links add up, against what the project promises. Started by `bin/bench bonding`.
@NullMarked
package io.onebox.testbed.bench;

import org.jspecify.annotations.NullMarked;
