/** Steps, plans and runbooks, and the loop that carries them out. */
package dev.holdfast.plan;
