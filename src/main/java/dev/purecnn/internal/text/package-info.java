/** Text for people: from outside, made fit for messages; and for terminals. Depends on nothing. */
package dev.purecnn.internal.text;
