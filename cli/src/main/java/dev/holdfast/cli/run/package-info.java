/** What the commands share: options, live sessions, execution, confirmation and output. */
package dev.holdfast.cli.run;
