/** What the verbs share: context, execution, confirmation, output. */
package dev.holdfast.cli.run;
