/**
 * Labelled images and where they come from: arrays, CSV, IDX and CIFAR files, folders of pictures, and views of them. A null
 * argument is refused with a {@link NullPointerException}, unless its description allows it.
 *
 * <p>Depends on {@code dev.purecnn.layer.Shape} and {@code dev.purecnn.internal.file} and {@code .text}. Training, evaluation and
 * {@code CNN} may depend on it; layers may not. Only the CSV reader uses opencsv, and only
 * {@code Pictures} and its decoder java.desktop.
 */
package dev.purecnn.data;
