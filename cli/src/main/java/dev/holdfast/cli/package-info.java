/** Acts: hands, eyes and mouth. */
package dev.holdfast.cli;
