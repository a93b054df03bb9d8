/// How the agent logs: to stderr, for people or for programs.
@NullMarked
package io.onebox.shared.log;

import org.jspecify.annotations.NullMarked;
