"""Makes activations-pytorch.txt: what ActivationReferenceTest compares with. Run it with: python3 activations-pytorch.py > activations-pytorch.txt"""
import mpmath
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
INPUTS = [-1e5, -720.0, -37.5, -8.0, -5.75, -3.5, -2.9, -1.7, -0.9, -0.3, -1e-3, -1e-9]
FUNCTIONS = {
    "elu": F.elu,
    "elu 0.75": lambda x: F.elu(x, 0.75),
    "selu": F.selu,
    "silu": F.silu,
    "softplus": lambda x: F.softplus(x, threshold=40),
    "hardswish": F.hardswish,
    "hardsigmoid": lambda x: F.relu6(x + 3) / 6,  # F.hardsigmoid has a slope of 1/6 in float32
    "relu6": F.relu6,
    "hardtanh": F.hardtanh,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "gelu exact": F.gelu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}

print("# Made by activations-pytorch.py with PyTorch", torch.__version__, "in float64: input, output, slope.")
for name, function in FUNCTIONS.items():
    print("case", name)
    for x in INPUTS + [-x for x in INPUTS]:
        value = torch.tensor(x, requires_grad=True)
        output = function(value)
        output.backward()
        print(repr(x), repr(output.item()), repr(value.grad.item()))

mpmath.mp.dps = 40
print("# Made with mpmath", mpmath.__version__, "with 40 digits: x, erf(x).")
print("case erf")
for i in range(1, 600):
    x = 6.2 * i / 599
    print(repr(x), repr(float(mpmath.erf(x))))
for x in 5e-324, 1e-310, 1e-200, 1e-17, 0.75, 5.75, 5.93, 100.0:
    print(repr(x), repr(float(mpmath.erf(x))))
