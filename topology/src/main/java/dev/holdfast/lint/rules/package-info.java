/** The rules that hold for clusters of every engine, for hosts and for backups. */
package dev.holdfast.lint.rules;
