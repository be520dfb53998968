/** What touches the outside: shells, database drivers, secrets, the clock. */
package dev.holdfast.cli.hands;
