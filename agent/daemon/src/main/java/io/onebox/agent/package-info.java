/// The agent as a program: reads its configuration, builds its objects, deploys its verticles.
@NullMarked
package io.onebox.agent;

import org.jspecify.annotations.NullMarked;
