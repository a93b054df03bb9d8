/// Checks of this machine, each with its cause and a remedy.
@NullMarked
package io.onebox.agent.doctor;

import org.jspecify.annotations.NullMarked;
