/** All that Holdfast knows of MongoDB. */
package dev.holdfast.mongodb;
