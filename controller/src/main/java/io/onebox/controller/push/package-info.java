/// What each agent is told: compiled from the fleet, purely.
@NullMarked
package io.onebox.controller.push;

import org.jspecify.annotations.NullMarked;
