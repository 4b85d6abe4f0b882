"""Makes batch-norm-pytorch.txt: what BatchNormReferenceTest compares with. Run it with: python3 batch-norm-pytorch.py > batch-norm-pytorch.txt"""
import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
STEPS = 50
CLASSES = 5


class Draws:
    """The numbers of a linear congruential generator, divided by a power of two: from -0.5 up to 0.5."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (1103515245 * self.state + 12345) % 2**31
        return self.state / 2**31 - 0.5

    def tensor(self, *shape):
        count = torch.Size(shape).numel()
        return torch.tensor([self.next() for _ in range(count)]).reshape(shape)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.norm1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.norm2 = nn.BatchNorm2d(4, eps=1e-3, momentum=0.25)
        self.conv3 = nn.Conv2d(4, 4, 3, padding=1)
        self.dense = nn.Linear(48, 10)
        self.norm3 = nn.BatchNorm1d(10)
        self.last = nn.Linear(10, CLASSES)
        draws = Draws(1)
        with torch.no_grad():
            for module in self.children():
                if isinstance(module, (nn.Conv2d, nn.Linear)):
                    module.weight.copy_(draws.tensor(*module.weight.shape))
                    module.bias.copy_(draws.tensor(*module.bias.shape) / 4)
                else:
                    module.weight.copy_(1 + draws.tensor(*module.weight.shape) / 2)
                    module.bias.copy_(draws.tensor(*module.bias.shape) / 4)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.norm1(self.conv1(x))), 2)
        x = x + self.conv3(F.relu(self.norm2(self.conv2(x))))
        return self.last(torch.tanh(self.norm3(self.dense(x.flatten(1)))))

    def values(self):
        """Every array in the order of the layers, as purecnn has them."""
        for name, module in self.named_children():
            yield name + ".weights", module.weight
            yield name + ".biases", module.bias
            if hasattr(module, "running_mean"):
                yield name + ".mean", module.running_mean
                yield name + ".variance", module.running_var


def optimizer(kind, network):
    if kind == "sgd":
        return torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
    decayed = [p for p in network.parameters() if p.dim() > 1]
    spared = [p for p in network.parameters() if p.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": spared, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.01, eps=1e-6)


def run(kind, batch_size):
    print("case", kind, batch_size)
    network = Network()
    rule = optimizer(kind, network)
    draws = Draws(2)
    for _ in range(STEPS):
        images, labels = [], []
        for _ in range(batch_size):
            images.append(4 * draws.tensor(1, 8, 6))
            labels.append(int((draws.next() + 0.5) * CLASSES))
        loss = F.cross_entropy(network(torch.stack(images)), torch.tensor(labels))
        rule.zero_grad()
        loss.backward()
        rule.step()
        print("loss", repr(loss.item()))
    for name, value in network.values():
        flat = value.detach().flatten()
        one = torch.dot(flat, Draws(3).tensor(len(flat))).item()
        two = torch.dot(flat, Draws(4).tensor(len(flat))).item()
        print(name, repr(flat[0].item()), repr(one), repr(two))


print("# Made by batch-norm-pytorch.py with PyTorch", torch.__version__, "in float64.")
for kind in "sgd", "adamw":
    for batch_size in 8, 17, 32, 50:
        run(kind, batch_size)
