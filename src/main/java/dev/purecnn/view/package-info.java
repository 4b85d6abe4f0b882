/**
 * Pictures of what a network has learned: start at {@link dev.purecnn.view.FilterPicture}.
 *
 * <p>Needs the module {@code java.desktop}, opens no window, and works on machines without a display. Depends on {@code
 * dev.purecnn.layer} and {@code dev.purecnn.internal.file}; nothing depends on it.
 */
package dev.purecnn.view;
