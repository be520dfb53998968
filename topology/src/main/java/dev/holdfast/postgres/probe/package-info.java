/** Probes that observe servers, proxies and repositories, and conditions built from them. */
package dev.holdfast.postgres.probe;
