/** The observed state of PostgreSQL servers, proxies and repositories, as immutable records. */
package dev.holdfast.postgres.state;
