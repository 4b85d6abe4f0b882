package dev.purecnn.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several nodes that are one layer here: finds them by their formula, and puts one node in their place. */
final class Composites {
    private static final double NEAR = 1e-6; // constants may be float32
    private static final Set<String> COMMUTATIVE = Set.of("Add", "Mul");
    /** A group norm with the sizes that the images are brought to and back, and its scales and shifts there, as further inputs. */
    static final String GROUP_NORM = "reshaped GroupNormalization";

    private static final String NORM = "InstanceNormalization";
    private static final Formula X = variable("x");
    private static final Formula TANH_OF_CUBIC = of(
            "Tanh",
            mul(of("Add", X, mul(mul(X, mul(X, X)), ActivationExport.GELU_CUBIC)), ActivationExport.GELU_SCALE / 2));
    private static final Formula ERF = of("Erf", of("Div", X, constant(Math.sqrt(2))));
    private static final Formula CLIPPED = of("Clip", add(X, 3), constant(0), constant(6));

    /** As this library writes them, and PyTorch and Keras do; the exact GELU and the hard swish in any order of factors. */
    private static final List<Rule> RULES = List.of(
            rule(
                    "Gelu",
                    "tanh",
                    mul(
                            X,
                            of(
                                    "Sigmoid",
                                    mul(
                                            mul(add(mul(mul(X, X), ActivationExport.GELU_CUBIC), 1), X),
                                            ActivationExport.GELU_SCALE)))),
            rule("Gelu", "tanh", mul(mul(X, add(TANH_OF_CUBIC, 1)), 0.5)),
            rule("Gelu", "tanh", of("Mul", mul(X, 0.5), add(TANH_OF_CUBIC, 1))),
            rule("Gelu", "none", mul(mul(X, add(ERF, 1)), 0.5)),
            rule("Gelu", "none", of("Mul", mul(X, 0.5), add(ERF, 1))),
            rule("Gelu", "none", mul(X, mul(add(ERF, 1), 0.5))),
            rule("Silu", "", mul(X, of("Sigmoid", X))),
            rule("HardSwish", "", mul(X, of("HardSigmoid", X))),
            rule("HardSwish", "", mul(X, of("Div", CLIPPED, constant(6)))),
            rule("HardSwish", "", of("Div", mul(X, CLIPPED), constant(6))),
            rule("HardSwish", "", mul(mul(X, CLIPPED), 1 / 6.0)),
            rule("HardSwish", "", mul(X, mul(CLIPPED, 1 / 6.0))),
            rule(
                    GROUP_NORM,
                    "",
                    of(
                            "Add",
                            mul(
                                    of(
                                            "Reshape",
                                            of(
                                                    NORM,
                                                    of("Reshape", X, variable("groups")),
                                                    variable("ones"),
                                                    variable("zeros")),
                                            variable("sizes")),
                                    variable("scale")),
                            variable("shift"))));

    private final Map<String, OnnxNode> producers = new HashMap<>();
    private final Map<String, StoredTensor> constants = new HashMap<>();

    /** An operator of formulas; a variable or constant, whose operator is empty; a constant has no name. */
    private record Formula(String operator, String name, double value, List<Formula> operands) {}

    /** What to put in the place of a formula. */
    private record Rule(String operator, String form, Formula formula) {}

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

    private static Rule rule(String operator, String form, Formula formula) {
        return new Rule(operator, form, formula);
    }

    private static Formula of(String operator, Formula... operands) {
        return new Formula(operator, "", 0, List.of(operands));
    }

    private static Formula variable(String name) {
        return new Formula("", name, 0, List.of());
    }

    private static Formula constant(double value) {
        return new Formula("", "", value, List.of());
    }

    private static Formula mul(Formula first, Formula second) {
        return of("Mul", first, second);
    }

    private static Formula mul(Formula first, double second) {
        return mul(first, constant(second));
    }

    private static Formula add(Formula first, double second) {
        return of("Add", first, constant(second));
    }

    /** The model's nodes with one in place of the last of each such formula; the others are not needed then. */
    static List<OnnxNode> replaced(OnnxModel model) {
        Composites composites = new Composites(model);
        List<OnnxNode> nodes = new ArrayList<>();
        for (OnnxNode node : model.nodes) {
            nodes.add(composites.replaced(node));
        }
        return nodes;
    }

    private OnnxNode replaced(OnnxNode node) {
        for (Rule rule : RULES) {
            if (rule.formula.operator.equals(node.operator())) {
                Map<String, String> found = match(rule.formula, node.outputs().get(0), Map.of());
                if (found != null) {
                    return composite(node, rule, found);
                }
            }
        }
        return node;
    }

    private OnnxNode composite(OnnxNode last, Rule rule, Map<String, String> found) {
        List<String> inputs = new ArrayList<>();
        for (String variable : List.of("x", "scale", "shift", "groups", "sizes", "ones", "zeros")) {
            if (found.containsKey(variable)) {
                inputs.add(found.get(variable));
            }
        }
        Map<String, Object> attributes = rule.form.isEmpty() ? Map.of() : Map.of("approximate", rule.form);
        if (found.containsKey(NORM)) {
            attributes = producers.get(found.get(NORM)).attributes();
        }
        return new OnnxNode(last.name(), rule.operator, inputs, last.outputs(), attributes, last.position());
    }

    /** What is known and the names of the formula's variables if it makes that value; null if it does not. */
    private Map<String, String> match(Formula formula, String value, Map<String, String> known) {
        if (!formula.name.isEmpty()) {
            if (known.containsKey(formula.name)) {
                return known.get(formula.name).equals(value) ? known : null;
            }
            Map<String, String> more = new HashMap<>(known);
            more.put(formula.name, value);
            return more;
        }
        if (formula.operator.isEmpty()) {
            return isConstant(value, formula.value) ? known : null;
        }
        OnnxNode node = producers.get(value);
        if (node == null || !node.operator().equals(formula.operator) || !isUsual(node)) {
            return null;
        }
        Map<String, String> found = match(formula, node, known, 0);
        if (found != null && node.operator().equals(NORM)) {
            found.put(NORM, value); // which has the epsilon
        }
        return found == null && COMMUTATIVE.contains(formula.operator) ? match(formula, node, known, 1) : found;
    }

    private boolean isConstant(String name, double number) {
        StoredTensor constant = constants.get(name);
        return constant != null
                && constant.isReal()
                && constant.count() == 1
                && Math.abs(constant.value(0) - number) <= NEAR * Math.abs(number);
    }

    /** Whether a hard sigmoid or clip that has its numbers as attributes has those of a hard swish. */
    private static boolean isUsual(OnnxNode node) {
        return switch (node.operator()) {
            case "HardSigmoid" -> has(node, "alpha", 1 / 6f, 0.2f) && has(node, "beta", 0.5f, 0.5f);
            case "Clip" -> node.inputs().size() > 1 || has(node, "min", 0, -1) && has(node, "max", 6, -1);
            default -> true;
        };
    }

    private static boolean has(OnnxNode node, String attribute, float value, float absent) {
        return node.attributes().getOrDefault(attribute, absent).equals(value);
    }

    /** Matches the operands, from that one on. */
    private Map<String, String> match(Formula formula, OnnxNode node, Map<String, String> known, int first) {
        int count = node.inputs().size();
        if (count != formula.operands.size() && !(node.operator().equals("Clip") && count == 1)) {
            return null;
        }
        Map<String, String> found = known;
        for (int i = 0; i < count && found != null; i++) {
            found = match(formula.operands.get(i), node.input((i + first) % count), found);
        }
        return found;
    }
}
