"""Makes windows-pytorch.txt: what WindowReferenceTest compares with. Run it with: python3 windows-pytorch.py > windows-pytorch.txt

A line is: layer, images, channels, height, width, filters, groups, window height and width, strides, dilations, padding above, left,
below, right (-1: TensorFlow's SAME, -2: its like with the odd cell before, -3: PyTorch's "same"), rounded up, padding counted; the
output's height and width; and what outputs and gradients of images, weights and biases come to, multiplied by draws.
"""
import random
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def draws(seed, *shape):
    """The numbers of a linear congruential generator, divided by a power of two: from -0.5 up to 0.5."""
    numbers = []
    for _ in range(torch.Size(shape).numel()):
        seed = (1103515245 * seed + 12345) % 2**31
        numbers.append(seed / 2**31 - 0.5)
    return torch.tensor(numbers).reshape(shape)


def around(rule, length, size, stride, dilation):
    """Cells before and after, as TensorFlow's documentation of tf.nn.convolution has it; for -3 as torch.nn.Conv2d has it."""
    reach = dilation * (size - 1) + 1
    both = reach - 1 if rule == -3 else max(0, (-(-length // stride) - 1) * stride + reach - length)
    before = both - both // 2 if rule == -2 else both // 2
    return before, both - before


def case(layer):
    draw = random.randint
    n, channels, height, width = draw(1, 2), draw(1, 3), draw(1, 9), draw(1, 9)
    size = draw(1, 4), draw(1, 4)
    stride = draw(1, 3), draw(1, 3)
    dilation = (1, 1) if draw(0, 1) else (draw(1, 3), draw(1, 3))
    groups, filters, up, counted = 1, channels, 0, 0
    rule = random.choice([0, 0, -1, -2, -3])
    if rule:
        padding = [rule] * 4
        above, below = around(rule, height, size[0], stride[0], dilation[0])
        left, right = around(rule, width, size[1], stride[1], dilation[1])
    else:
        above, left, below, right = padding = [draw(0, 3) for _ in range(4)]
    if layer == "conv":
        groups = draw(1, 3)
        channels, filters = groups * draw(1, 2), groups * draw(1, 2)
    else:
        up = 0 if rule else draw(0, 1)
        counted = draw(0, 1) if layer == "average" else 0
    if up:  # what PyTorch pools itself
        dilation = dilation if layer == "max" else (1, 1)
        above = below = draw(0, size[0] // 2)
        left = right = draw(0, size[1] // 2)
        padding = [above, left, below, right]
    images = (4 * draws(1, n, channels, height, width)).requires_grad_()
    pads = (left, right, above, below)
    parameters = []
    try:
        if layer == "conv":
            weights = draws(2, filters, channels // groups, *size).requires_grad_()
            biases = draws(3, filters).requires_grad_()
            parameters = [weights, biases]
            output = F.conv2d(F.pad(images, pads), weights, biases, stride, 0, dilation, groups)
        elif up and layer == "max":
            output = F.max_pool2d(images, size, stride, (above, left), dilation, ceil_mode=True)
        elif up:
            output = F.avg_pool2d(images, size, stride, (above, left), True, bool(counted))
        elif layer == "max":
            output = F.max_pool2d(F.pad(images, pads, value=-float("inf")), size, stride, 0, dilation)
        else:
            within = F.pad(torch.ones_like(images), pads, value=float(counted))
            sums, counts = (F.unfold(x, size, dilation, 0, stride).reshape(n, channels, size[0] * size[1], -1).sum(2)
                            for x in (F.pad(images, pads), within))
            rows = (height + above + below - dilation[0] * (size[0] - 1) - 1) // stride[0] + 1
            output = (sums / counts).reshape(n, channels, rows, -1)
            if not F.unfold(F.pad(torch.ones_like(images), pads), size, dilation, 0, stride).reshape(
                    n, channels, size[0] * size[1], -1).sum(2).all():
                return False  # a window beside the image
    except RuntimeError:  # the window does not fit
        return False
    if not torch.isfinite(output).all():  # a window beside the image
        return False
    loss = (output * draws(4, *output.shape)).sum()
    loss.backward()
    results = [loss] + [(x.grad * draws(5, *x.shape)).sum() for x in [images] + parameters]
    numbers = [n, channels, height, width, filters, groups, *size, *stride, *dilation, *padding, up, counted, *output.shape[2:]]
    print(layer, *numbers, *(repr(result.item()) for result in results))
    return True


print("# Made by windows-pytorch.py with PyTorch", torch.__version__, "in float64.")
random.seed(1)
for layer in "conv", "max", "average":
    count = 0
    while count < 150:
        count += case(layer)
