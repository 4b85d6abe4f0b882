/**
 * How a network trains and predicts: the loop, one step on a batch, shards, workers, and the lock between training and
 * prediction.
 *
 * <p>Works on a chain of layers, and knows no network. Used by {@code dev.purecnn} only.
 */
package dev.purecnn.internal.training;
