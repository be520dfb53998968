/** Output for people and programs: text, JSON, HTML, SVG, metrics. */
package dev.holdfast.cli.view;
