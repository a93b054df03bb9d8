/// The commands, one class each. They talk to the running agent and load no framework, so that they start fast.
@NullMarked
package io.onebox.agent.cli;

import org.jspecify.annotations.NullMarked;
