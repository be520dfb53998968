/** The engine-neutral dictionary: what is stored, in a DBA's words; read, judged and drawn. */
package dev.holdfast.schema;
