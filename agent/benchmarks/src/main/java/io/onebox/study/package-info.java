/// What the simulator says of the engine: how random links add up, and why each constant is what it is. Run with
/// `bin/bench simulation`.
@NullMarked
package io.onebox.study;

import org.jspecify.annotations.NullMarked;
