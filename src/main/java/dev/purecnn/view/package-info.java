/**
 * Pictures of what a network has learned: start at {@link dev.purecnn.view.FilterPicture}.
 *
 * <p>The only package that needs the module {@code java.desktop}; it opens no window, and works on machines without a
 * display. Depends on {@code dev.purecnn.layer}; nothing depends on it. A picture copies what it shows, and never changes
 * a network.
 */
package dev.purecnn.view;
