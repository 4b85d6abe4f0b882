/**
 * The two loops that all the arithmetic comes down to, and the passes over single elements. Not for use from outside.
 *
 * <p>Depends on nothing else in this library.
 *
 * <p>What a vector kernel must be like, so that C2 keeps its vectors in registers in every program, not only in one that runs it alone:
 *
 * <ul>
 *   <li>one loop in a method, without branches, and some 60 vector operations at most;
 *   <li>a vector that is carried round the loop is an argument, never the receiver of an operation: {@code x.add(sum)}, not
 *       {@code sum.add(x)};
 *   <li>what is made before the loop is not used after it, but made again;
 *   <li>nothing goes through a helper that takes or returns vectors.
 * </ul>
 *
 * <p>{@code -XX:PerMethodTrapLimit=0} shows at once what a long and varied program may come to: kernels that allocate then.
 */
package dev.purecnn.internal.kernel;
