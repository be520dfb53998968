/** Reading and validating the topology file. */
package dev.holdfast.config;
