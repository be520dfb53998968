/** Actions, their results, and the only port through which the core reaches hosts and databases. */
package dev.holdfast.execution;
