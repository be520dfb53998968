/** Local and SSH command runners, script rendering, secrets and leases. */
package dev.holdfast.cli.exec;
