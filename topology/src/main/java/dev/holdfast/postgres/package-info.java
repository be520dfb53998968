/** The engine for PostgreSQL: it deploys, changes, backs up, restores and drills a primary with its standbys and proxies. */
package dev.holdfast.postgres;
