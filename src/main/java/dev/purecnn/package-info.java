/**
 * Convolutional neural networks in plain Java: start at {@link dev.purecnn.CNN}.
 *
 * <p>May use every other package of the library; none uses this one.
 */
package dev.purecnn;
