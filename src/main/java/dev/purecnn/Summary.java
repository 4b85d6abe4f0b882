package dev.purecnn;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.Parameter;
import java.util.Locale;

/** A network as a table. */
final class Summary {
    private Summary() {}

    static String of(LayerChain chain, long seed) {
        int widest = "total".length();
        for (Layer layer : chain.layers()) {
            widest = Math.max(widest, layer.toString().length());
        }
        String row = "%-" + widest + "s  %-14s  %12s  %14s%n";
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, row, "layer", "output", "parameters", "multiply-adds"));
        table.append(String.format(Locale.ROOT, row, "images", chain.shapes().get(0), "", ""));
        long parameters = 0;
        for (int i = 0; i < chain.layers().size(); i++) {
            Layer layer = chain.layers().get(i);
            long own = layer.parameters().stream().mapToLong(Summary::length).sum();
            parameters += own;
            table.append(String.format(
                    Locale.ROOT, row, layer, chain.shapes().get(i + 1), count(own), count(layer.multiplyAdds())));
        }
        table.append(String.format(Locale.ROOT, row, "total", "", count(parameters), count(chain.multiplyAdds())));
        table.append(String.format(
                Locale.ROOT, "seed %d, %s kernels%n", seed, Kernels.active().name()));
        return table.toString();
    }

    private static long length(Parameter parameter) {
        return parameter.values().length;
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
