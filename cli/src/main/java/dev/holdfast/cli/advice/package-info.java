/** What people and tools read about lint rules: their files, the page of all rules, and findings as SARIF. */
package dev.holdfast.cli.advice;
