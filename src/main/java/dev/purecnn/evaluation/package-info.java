/** How good a network is. Depends on nothing else in this library. */
package dev.purecnn.evaluation;
