/** The runbooks that build, change and remove a PostgreSQL cluster. */
package dev.holdfast.postgres.provision;
