/**
 * Labelled images and where they come from: arrays, CSV, IDX and CIFAR-10 files, and views of them.
 *
 * <p>Depends on {@code dev.purecnn.layer.Shape}, and on nothing else of the library. Training, evaluation and
 * {@code CNN} may depend on it; layers may not. Only the CSV reader uses opencsv.
 */
package dev.purecnn.data;
