/** What people and programs read. */
package dev.holdfast.cli.view;
