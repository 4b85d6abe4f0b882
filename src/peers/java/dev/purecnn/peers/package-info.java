/**
 * Compares this library with others on the same machine in the same minutes: PyTorch, TensorFlow and DeepNetts train the
 * same networks on the same images, each in its own JVM. {@link dev.purecnn.peers.Compare} runs them all. The peers
 * come with the Maven profile of that name, and never with the library.
 */
package dev.purecnn.peers;
