/// The controller: enrols agents, gives them configuration, shows them.
@NullMarked
package io.onebox.controller;

import org.jspecify.annotations.NullMarked;
