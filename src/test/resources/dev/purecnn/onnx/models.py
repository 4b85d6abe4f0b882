"""Made the *.onnx files here with torch 1.13.0a0 and onnx 1.12.0 (Python 3.11), and printed what OnnxImportTest expects: each
model's outputs in float64, with the weights that the file has."""
import sys, numpy as np, onnx, torch
from onnx import helper, numpy_helper, TensorProto
from torch import nn
import torch.nn.functional as F
out = sys.argv[1]

class LeNet(nn.Module):
    """As in PyTorch's examples: functional pools, view, log_softmax."""
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 5), nn.Conv2d(3, 4, 3, padding=1)
        self.drop, self.fc1, self.fc2 = nn.Dropout2d(0.25), nn.Linear(4 * 2 * 3, 6), nn.Linear(6, 3)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.leaky_relu(self.drop(self.conv2(x)), 0.01)
        x = x.view(x.size(0), -1) if self.training or True else x
        return F.log_softmax(self.fc2(torch.tanh(self.fc1(x))), dim=1)

class Residual(nn.Module):
    """Separate batch norms, identity shortcuts, a mean over planes, one-sided padding that an odd size leaves unread."""
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(4)
        self.a1, self.n1, self.a2, self.n2 = (nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4, momentum=0.2),
                                              nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.BatchNorm2d(4, eps=1e-3))
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        x = F.relu(self.n2(self.a2(F.relu(self.n1(self.a1(x))))) + x)
        x = x + torch.sigmoid(x)
        return torch.softmax(self.fc(x.mean((2, 3))), 1)

class Flat(nn.Module):
    """Half floats, GELU, adaptive pooling, no biases, two fused batch norms."""
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(3, 4, (3, 1), dilation=2), nn.BatchNorm2d(4)
        self.fc1, self.fc2 = nn.Linear(4, 5, bias=False), nn.Linear(5, 2)

    def forward(self, x):
        x = F.gelu(self.norm(self.conv(x)), approximate="tanh")
        x = F.avg_pool2d(x, 3, stride=1)
        return self.fc2(self.fc1(F.adaptive_avg_pool2d(x, 1).flatten(1)))

def statistics(net, shape):
    net.train()
    for _ in range(3):
        net(torch.randn(8, *shape) * 2 + 0.5)
    net.eval()

def images(shape):
    n = int(np.prod(shape))
    return ((torch.arange(n, dtype=torch.float64) * 37 % 101) / 100 - 0.3).reshape(1, *shape)

def show(name, net, shape):
    with torch.no_grad():
        x = net.double()(images(shape))
        x = torch.softmax(x, 1) if name in ("lenet", "flat", "free") else x
        print(name, ", ".join(repr(v) for v in x[0].tolist()))

torch.manual_seed(11)
net, shape = LeNet(), (1, 8, 10)
statistics(net, shape)
torch.onnx.export(net, torch.zeros(1, *shape), out + "/lenet.onnx", opset_version=9, input_names=["x"], output_names=["y"],
                  dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, do_constant_folding=False)
show("lenet", net, shape)
net, shape = Residual(), (2, 9, 7)
statistics(net, shape)
torch.onnx.export(net, torch.zeros(2, *shape), out + "/residual.onnx", opset_version=13, input_names=["x"],
                  dynamic_axes={"x": {0: "n"}}, training=torch.onnx.TrainingMode.PRESERVE, keep_initializers_as_inputs=True)
show("residual", net, shape)
net, shape = Flat(), (3, 9, 6)
statistics(net, shape)
net.half().float()
for p in list(net.parameters()) + [b for b in net.buffers() if b.dtype == torch.float32]:
    p.data = p.data.half().float()
torch.onnx.export(net, torch.zeros(1, *shape), out + "/flat.onnx", opset_version=15, do_constant_folding=False,
                  training=torch.onnx.TrainingMode.PRESERVE)
model = onnx.load(out + "/flat.onnx")
for tensor in model.graph.initializer:       # half floats, raw and one by one
    if tensor.data_type == TensorProto.FLOAT:
        value = numpy_helper.to_array(tensor).astype(np.float16)
        half = (numpy_helper.from_array(value, tensor.name) if len(value.shape) > 1 else
                helper.make_tensor(tensor.name, TensorProto.FLOAT16, value.shape, value.flatten()))
        tensor.CopyFrom(half)
onnx.save(model, out + "/flat.onnx")
show("flat", net, shape)

class Fire(nn.Module):
    """As in SqueezeNet: a pool that is rounded up, two branches, no dense layer at the end."""
    def __init__(self):
        super().__init__()
        self.squeeze, self.one, self.three = nn.Conv2d(3, 2, 1), nn.Conv2d(2, 3, 1), nn.Conv2d(2, 4, 3, padding=1)
        self.classify = nn.Conv2d(7, 3, 1)

    def forward(self, x):
        x = F.relu(self.squeeze(F.max_pool2d(x, 3, 2, ceil_mode=True)))
        x = torch.cat([F.relu(self.one(x)), F.relu(self.three(x))], 1)
        return torch.softmax(F.adaptive_avg_pool2d(F.relu(self.classify(x)), 1).flatten(1), 1)

class Inception(nn.Module):
    """As in GoogLeNet: four branches, one of them a padded pool that is rounded up."""
    def __init__(self):
        super().__init__()
        norm = lambda i, o, k, p=0: nn.Sequential(nn.Conv2d(i, o, k, padding=p, bias=False), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU())
        self.a, self.b = norm(3, 2, 1), nn.Sequential(norm(3, 2, 1), norm(2, 3, 3, 1))
        self.c = nn.Sequential(norm(3, 1, 1), norm(1, 2, 5, 2))
        self.d = nn.Sequential(nn.MaxPool2d(3, 1, 1, ceil_mode=True), norm(3, 2, 1))
        self.fc = nn.Linear(9, 3)

    def forward(self, x):
        x = torch.cat([self.a(x), self.b(x), self.c(x), self.d(x)], 1)
        return torch.softmax(self.fc(F.dropout(x.mean((2, 3)), 0.2, self.training)), 1)

class Dense(nn.Module):
    """As in DenseNet: each layer of a block sees what all before it gave; then a transition."""
    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([nn.BatchNorm2d(i) for i in (3, 5, 7, 9)])
        self.convs = nn.ModuleList([nn.Conv2d(i, 2, 3, padding=1, bias=False) for i in (3, 5, 7)] + [nn.Conv2d(9, 4, 1)])
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        all = [x]
        for norm, conv in zip(self.norms[:3], self.convs[:3]):
            all.append(conv(F.relu(norm(torch.cat(all, 1)))))
        x = F.avg_pool2d(self.convs[3](F.relu(self.norms[3](torch.cat(all, 1)))), 2, 2)
        return torch.softmax(self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1)), 1)

class Mobile(nn.Module):
    """As in MobileNetV2 and V3: inverted residuals, one with ReLU6, one with squeeze-and-excite; hard swish and hard sigmoid."""
    def __init__(self):
        super().__init__()
        conv = lambda i, o, k, f, **a: nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2, bias=False, **a), nn.BatchNorm2d(o), f)
        self.first = nn.Sequential(conv(3, 6, 1, nn.ReLU6()), conv(6, 6, 3, nn.ReLU6(), groups=6), conv(6, 3, 1, nn.Identity()))
        self.widen = nn.Sequential(conv(3, 6, 1, nn.Hardswish()), conv(6, 6, 5, nn.Hardswish(), groups=6, stride=2))
        self.fc1, self.fc2, self.narrow = nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1), conv(6, 4, 1, nn.Identity())
        self.hidden, self.fc = nn.Linear(4, 5), nn.Linear(5, 3)

    def forward(self, x):
        x = self.widen(x + self.first(x))
        x = F.hardsigmoid(self.fc2(F.relu(self.fc1(F.adaptive_avg_pool2d(x, 1))))) * x
        return torch.softmax(self.fc(F.hardswish(self.hidden(self.narrow(x).mean((2, 3))))), 1)

for number, net in enumerate((Fire, Inception, Dense, Mobile)):
    torch.manual_seed(12 + number)
    name, net, shape = net.__name__.lower(), net(), (3, 10, 7)
    statistics(net, shape)
    torch.onnx.export(net, torch.zeros(1, *shape), out + f"/{name}.onnx", opset_version=13 if name == "mobile" else 17,
                      training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    show(name, net, shape)
for name in ("lenet", "residual", "flat", "fire", "inception", "dense", "mobile"):
    model = onnx.load(out + f"/{name}.onnx")
    print(name, model.opset_import[0].version, [n.op_type for n in model.graph.node], file=sys.stderr)
