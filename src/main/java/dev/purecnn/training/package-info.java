/**
 * Options, optimizers, schedules, listeners and results of training.
 *
 * <p>Depends on {@code dev.purecnn.layer}, {@code dev.purecnn.data} and {@code dev.purecnn.evaluation}.
 */
package dev.purecnn.training;
