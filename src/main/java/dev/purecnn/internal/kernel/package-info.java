/**
 * The two loops that all the arithmetic comes down to, and the passes over single elements. Not for use from outside.
 *
 * <p>Depends on nothing else in this library.
 */
package dev.purecnn.internal.kernel;
