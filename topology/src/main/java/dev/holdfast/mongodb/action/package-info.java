/** Factories of actions on MongoDB servers. */
package dev.holdfast.mongodb.action;
