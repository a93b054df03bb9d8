/// The REST API, as openapi.yaml says.
@NullMarked
package io.onebox.controller.api;

import org.jspecify.annotations.NullMarked;
