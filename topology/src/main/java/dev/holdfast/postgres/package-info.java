/** All that Holdfast knows of PostgreSQL and the HAProxy before it. */
package dev.holdfast.postgres;
