/// What the command lines of all programs have in common: exit codes, the terminal, failures with a remedy.
@NullMarked
package io.onebox.shared.cli;

import org.jspecify.annotations.NullMarked;
