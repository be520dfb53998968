/** The pure core: desired state, observed state, plans and verdicts. It uses no disk, network or clock. */
package dev.holdfast;
