/** How to say what is to be done, and how to carry it out. */
package dev.holdfast.plan;
