/// System calls: TUN, sockets, timers and libcrypto behind the interfaces of the packages that use them.
@NullMarked
package io.onebox.agent.linux;

import org.jspecify.annotations.NullMarked;
