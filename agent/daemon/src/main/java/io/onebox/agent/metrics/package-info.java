/// The agent's meters for Prometheus.
@NullMarked
package io.onebox.agent.metrics;

import org.jspecify.annotations.NullMarked;
