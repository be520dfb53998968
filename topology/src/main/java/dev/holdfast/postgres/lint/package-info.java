/** The lint rules about PostgreSQL clusters and their proxies. */
package dev.holdfast.postgres.lint;
