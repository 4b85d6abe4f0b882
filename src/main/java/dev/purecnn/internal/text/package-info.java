/** Text for messages and terminals. Depends on nothing. */
package dev.purecnn.internal.text;
