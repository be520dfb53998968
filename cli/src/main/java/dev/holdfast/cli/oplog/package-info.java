/** Reading, archiving, searching and loading the oplog. */
package dev.holdfast.cli.oplog;
