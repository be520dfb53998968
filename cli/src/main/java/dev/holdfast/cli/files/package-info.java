/** Files on the operator's disk: topology, dictionaries, drills, inventories, ledgers and the state directory. */
package dev.holdfast.cli.files;
