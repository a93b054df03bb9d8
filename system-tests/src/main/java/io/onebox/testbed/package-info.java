/// A small internet in network namespaces: emulated uplinks, hosts, and the real programs running on them.
@NullMarked
package io.onebox.testbed;

import org.jspecify.annotations.NullMarked;
