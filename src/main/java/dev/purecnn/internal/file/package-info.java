/**
 * Model files: the safetensors format, and how a file takes another's place.
 *
 * <p>Depends on {@code dev.purecnn.layer} only. Knows no network and no training.
 */
package dev.purecnn.internal.file;
