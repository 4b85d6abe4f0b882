"""Made pytorch.safetensors here with torch 1.13.0a0 and numpy 1.24.2, and printed what PyTorchWeights expects (float64)."""
import json, struct, sys, numpy as np, torch
from torch import nn
out = sys.argv[1]
torch.manual_seed(7)

def save(path, tensors, types):
    """As the safetensors package does: by type, then by name; metadata first."""
    entries = sorted(tensors.items(), key=lambda e: (-np.dtype(types[e[0]][1]).itemsize, e[0]))
    header, block = {"__metadata__": {"format": "pt"}}, b""
    for name, value in entries:
        raw = value.numpy().astype(types[name][1])
        data = raw.tobytes()
        header[name] = {"dtype": types[name][0], "shape": list(value.shape), "data_offsets": [len(block), len(block) + len(data)]}
        block += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + block)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 6, (3, 5), padding=(1, 2), groups=2)
        self.hidden = nn.Linear(6 * 4 * 3, 7)
        self.fc = nn.Linear(7, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.norm(self.conv1(x))), 2)
        x = torch.sigmoid(self.conv2(x)).flatten(1)
        return torch.softmax(self.fc(torch.tanh(self.hidden(x))), 1)

net = Net()
net.train()
for _ in range(3):
    net(torch.randn(8, 2, 8, 6) * 2 + 0.5)   # running statistics
net.eval()
state = net.state_dict()
types = {k: ("F32", "<f4") for k in state}
types["norm.num_batches_tracked"] = ("I64", "<i8")
types["hidden.weight"] = ("F16", "<f2")
types["fc.weight"] = ("F64", "<f8")
state["hidden.weight"] = state["hidden.weight"].half().float()
save(out + "/pytorch.safetensors", state, types)
net.load_state_dict(state)
net = net.double()
images = (torch.arange(3 * 2 * 8 * 6, dtype=torch.float64) * 37 % 101 / 100 - 0.3).reshape(3, 2, 8, 6)
with torch.no_grad():
    for row in net(images).tolist():
        print(", ".join(repr(v) for v in row))
