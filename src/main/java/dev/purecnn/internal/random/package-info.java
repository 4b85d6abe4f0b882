/** Random numbers that do not depend on the order in which they are drawn. Depends on nothing. */
package dev.purecnn.internal.random;
