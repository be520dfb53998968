/** The PostgreSQL engine. */
package dev.holdfast.postgres;
