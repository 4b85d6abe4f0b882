/** Text from outside, made fit for messages. Depends on nothing. */
package dev.purecnn.internal.text;
