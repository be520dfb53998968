/** Steps, plans and runbooks, and the loop that executes them. */
package dev.holdfast.plan;
