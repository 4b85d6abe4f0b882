/** Convolutions. */
package dev.purecnn.internal.convolution;
