"""Makes norms-pytorch.txt: what NormReferenceTest compares with. Run it with: python3 norms-pytorch.py > norms-pytorch.txt"""
import torch
from torch import nn

torch.set_default_dtype(torch.float64)
torch.manual_seed(1)
SHAPE = 6, 3, 2
CASES = {
    "group 3": nn.GroupNorm(3, 6, eps=1e-3),
    "group 1": nn.GroupNorm(1, 6),
    "instance": nn.InstanceNorm2d(6, affine=True),
    "layer": nn.LayerNorm(SHAPE),
    "response 3": nn.LocalResponseNorm(3, alpha=0.5, beta=0.6, k=1.5),
    "response 5": nn.LocalResponseNorm(5),
    "response 15": nn.LocalResponseNorm(15, alpha=2.0),
}

print("# Made by norms-pytorch.py with PyTorch", torch.__version__, "in float64.")
print("# Rows: images, loss gradient, output, input gradient; then scale, shift and their gradients where there are some.")
for name, module in CASES.items():
    images = torch.randn(2, *SHAPE, requires_grad=True)
    loss_gradient = torch.randn(2, *SHAPE)
    parameters = list(module.parameters())
    for parameter in parameters:
        parameter.data += torch.randn_like(parameter) / 2
    output = module(images)
    output.backward(loss_gradient)
    rows = [images, loss_gradient, output, images.grad] + parameters + [p.grad for p in parameters]
    print("case", name)
    for row in rows:
        print(*row.detach().flatten().tolist())
