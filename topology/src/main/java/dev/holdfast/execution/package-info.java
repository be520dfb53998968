/** Actions, their results, and the only port through which {@code topology} reaches hosts and databases. */
package dev.holdfast.execution;
