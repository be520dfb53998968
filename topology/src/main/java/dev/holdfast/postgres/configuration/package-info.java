/** The contents of configuration files. */
package dev.holdfast.postgres.configuration;
