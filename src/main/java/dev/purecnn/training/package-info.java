/**
 * The training loop, and who is told of it.
 *
 * <p>Depends on {@code dev.purecnn.layer}, {@code dev.purecnn.data} and {@code dev.purecnn.evaluation}; works on a chain of
 * layers, and knows no network.
 */
package dev.purecnn.training;
