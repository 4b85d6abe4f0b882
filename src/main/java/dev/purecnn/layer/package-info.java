/**
 * Layers, and the chain that joins them.
 *
 * <p>Depends on {@code dev.purecnn.internal} only. Nothing here knows of data sets, training loops or networks.
 */
package dev.purecnn.layer;
