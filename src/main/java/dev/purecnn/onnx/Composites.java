package dev.purecnn.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several nodes that are one layer here: finds them by their formula, and puts one node in their place. */
final class Composites {
    private static final double NEAR = 1e-6; // constants may be float32
    private static final Formula X = new Formula("x", 0, List.of());
    private static final double HALF_SCALE = LayerExport.GELU_SCALE / 2;

    /** GELU in its tanh form: as this library exports it, and as PyTorch does. */
    private static final List<Formula> GELU = List.of(
            mul(X, of("Sigmoid", mul(mul(add(mul(mul(X, X), LayerExport.GELU_CUBIC), 1), X), LayerExport.GELU_SCALE))),
            mul(
                    mul(
                            X,
                            add(
                                    of(
                                            "Tanh",
                                            mul(
                                                    of("Add", X, mul(mul(X, mul(X, X)), LayerExport.GELU_CUBIC)),
                                                    HALF_SCALE)),
                                    1)),
                    0.5));

    private final Map<String, OnnxNode> producers = new HashMap<>();
    private final Map<String, StoredTensor> constants = new HashMap<>();

    /** An operator of formulas, {@code x}, or a constant, whose operator is empty. */
    private record Formula(String operator, double value, List<Formula> operands) {}

    private Composites(OnnxModel model) {
        constants.putAll(model.tensors);
        for (OnnxNode node : model.nodes) {
            if (node.operator().equals("Constant") && node.attributes().get("value") instanceof StoredTensor tensor) {
                constants.put(node.outputs().get(0), tensor);
            } else {
                producers.put(node.outputs().get(0), node);
            }
        }
    }

    private static Formula of(String operator, Formula... operands) {
        return new Formula(operator, 0, List.of(operands));
    }

    private static Formula mul(Formula first, Formula second) {
        return of("Mul", first, second);
    }

    private static Formula mul(Formula first, double second) {
        return mul(first, new Formula("", second, List.of()));
    }

    private static Formula add(Formula first, double second) {
        return of("Add", first, new Formula("", second, List.of()));
    }

    /** The model's nodes with one in place of the last of each such formula; the others are not needed then. */
    static List<OnnxNode> replaced(OnnxModel model) {
        Composites composites = new Composites(model);
        List<OnnxNode> nodes = new ArrayList<>();
        for (OnnxNode node : model.nodes) {
            nodes.add(node.operator().equals("Mul") ? composites.replaced(node) : node);
        }
        return nodes;
    }

    private OnnxNode replaced(OnnxNode node) {
        for (Formula formula : GELU) {
            String x = match(formula, node.outputs().get(0), "");
            if (x != null) {
                return new OnnxNode(
                        node.name(),
                        "Gelu",
                        List.of(x),
                        node.outputs(),
                        Map.of("approximate", "tanh"),
                        node.position());
            }
        }
        return node;
    }

    /** The name of x, which may be known already, if the formula makes that value; null if it does not. */
    private String match(Formula formula, String value, String x) {
        if (formula == X) {
            return x.isEmpty() || x.equals(value) ? value : null;
        }
        if (formula.operator.isEmpty()) {
            StoredTensor constant = constants.get(value);
            boolean equal = constant != null
                    && constant.isReal()
                    && constant.count() == 1
                    && Math.abs(constant.value(0) - formula.value) <= NEAR * Math.abs(formula.value);
            return equal ? x : null;
        }
        OnnxNode node = producers.get(value);
        if (node == null
                || !node.operator().equals(formula.operator)
                || node.inputs().size() != formula.operands.size()) {
            return null;
        }
        String found = match(formula, node, x, 0);
        return found == null && formula.operands.size() == 2 ? match(formula, node, x, 1) : found;
    }

    /** Matches the operands, from that one on: addition and multiplication take them in any order. */
    private String match(Formula formula, OnnxNode node, String x, int first) {
        String found = x;
        int count = formula.operands.size();
        for (int i = 0; i < count && found != null; i++) {
            found = match(formula.operands.get(i), node.input((i + first) % count), found);
        }
        return found;
    }
}
