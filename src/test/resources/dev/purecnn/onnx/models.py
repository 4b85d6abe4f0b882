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
for name in ("lenet", "residual", "flat"):
    model = onnx.load(out + f"/{name}.onnx")
    print(name, model.opset_import[0].version, [n.op_type for n in model.graph.node], file=sys.stderr)
