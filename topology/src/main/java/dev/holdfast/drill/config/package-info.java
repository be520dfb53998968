/** Reading drill files. */
package dev.holdfast.drill.config;
