/// What an agent knows about itself, and how it says so: samples, problems, JSON.
@NullMarked
package io.onebox.agent.status;

import org.jspecify.annotations.NullMarked;
