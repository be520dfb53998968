/** The options of MongoDB servers and how their processes start. */
package dev.holdfast.mongodb.configuration;
