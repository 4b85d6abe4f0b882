/**
 * How a network is trained and asked: the loop, one step on a batch, shards, workers, and the lock between those who train and
 * those who predict.
 *
 * <p>Works on a chain of layers, and knows no network. Used by {@code dev.purecnn} only.
 */
package dev.purecnn.internal.training;
