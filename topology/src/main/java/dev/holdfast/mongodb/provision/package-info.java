/** The runbooks that build and change a MongoDB cluster. */
package dev.holdfast.mongodb.provision;
