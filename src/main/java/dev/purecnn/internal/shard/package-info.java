/** What the training loop and the layers agree on about the shards of a batch. Depends on nothing. */
package dev.purecnn.internal.shard;
