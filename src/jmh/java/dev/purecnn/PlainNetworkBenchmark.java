package dev.purecnn;

import org.openjdk.jmh.annotations.Fork;

/** The same without the vector module. */
@Fork(value = 1, jvmArgsAppend = "-Dpurecnn.kernels=plain")
public class PlainNetworkBenchmark extends NetworkBenchmark {}
