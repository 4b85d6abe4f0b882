"""Exports torchvision's networks with random weights, for the program Networks: python3 networks.py FOLDER [NAME ...]

Each NAME.onnx (float32) comes with NAME.images and NAME.expected: images and their probabilities, little-endian float64, computed
by PyTorch in float64 with the weights that the file has. Tried with torch 1.13 and torchvision 0.14. Fine-tuning writes
resnet18-head.values and resnet18-last.values: see tune().
"""
import sys
import numpy as np, onnx, torch, torchvision
from onnx import numpy_helper
from torch import nn

FOLDER = sys.argv[1]
NETWORKS = {  # name: image size, other arguments
    "resnet18": (64, {}), "squeezenet1_1": (97, {}), "mobilenet_v2": (96, {}), "mobilenet_v3_small": (80, {}),
    "densenet121": (64, {}), "googlenet": (112, dict(aux_logits=False, init_weights=True)), "vgg11": (224, {}),
    "alexnet": (224, {})}


def random_network(name, size, arguments):
    """With batch norms of random values and the statistics of random images, and logits that differ by about 2."""
    net = torchvision.models.get_model(name, **arguments)
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.2)
        norm.momentum = None  # the mean of all batches
    with torch.no_grad():
        if norms:
            for _ in range(2):
                net(torch.randn(8, 3, size, size))
        for norm in norms:
            norm.momentum = 0.1
        net.eval()
        last = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))][-1]
        last.weight *= 2 / net(torch.randn(4, 3, size, size)).std()
    return net


def with_weights_of(file, net, images):
    """The network in float64 with the numbers of a file, where most batch norms are part of the convolutions before them."""
    graph = onnx.load(file).graph
    numbers = {t.name: torch.tensor(numpy_helper.to_array(t).astype(np.float64)) for t in graph.initializer
               if t.data_type == onnx.TensorProto.FLOAT}
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in numbers:  # equal weights are stored once
            numbers[node.output[0]] = numbers[node.input[0]]
    nodes = iter([n for n in graph.node if n.op_type in ("Conv", "Gemm", "BatchNormalization")])
    folded = not any(n.op_type == "BatchNormalization" for n in graph.node) or "folded" in file
    modules, convolved = [], []

    def seen(module, inputs, output):
        follows = isinstance(module, nn.BatchNorm2d) and any(inputs[0] is c for c in convolved)
        modules.append((module, folded and follows))
        if isinstance(module, nn.Conv2d):
            convolved.append(output)

    hooks = [m.register_forward_hook(seen) for m in net.modules()
             if isinstance(m, (nn.Conv2d, nn.Linear, nn.BatchNorm2d))]
    net(images.float())
    for hook in hooks:
        hook.remove()
    net.double()
    for module, fused in modules:
        if fused:  # nothing is left for it to do
            module.forward = lambda x: x
            continue
        values = [numbers[name] for name in next(nodes).input[1:]]
        module.weight.data = values[0]
        assert len(values) == (4 if isinstance(module, nn.BatchNorm2d) else 2 if len(values) > 1 else 1)
        if len(values) > 1:
            module.bias = nn.Parameter(values[1])
    assert next(nodes, None) is None
    return net


def write(name, values):
    np.concatenate([np.asarray(v.detach(), dtype="<f8").ravel() for v in values]).tofile(f"{FOLDER}/{name}")


def export(name, net, size, **how):
    """Checks the network of the file against the one it was made of, and writes what Networks expects."""
    file = f"{FOLDER}/{name}.onnx"
    images = torch.randn(2, 3, size, size)
    free = {2: "height", 3: "width"} if name == "resnet18-folded" else {}
    torch.onnx.export(net, images, file, input_names=["images"], output_names=["logits"],
                      dynamic_axes={"images": {0: "n", **free}, "logits": {0: "n"}}, **how)
    with torch.no_grad():
        before = net(images)
        logits = with_weights_of(file, net, images)(images.double())
        difference = ((logits - before).abs().max() / before.abs().max()).item()
        write(name + ".images", [images])
        write(name + ".expected", [torch.softmax(logits, 1)])
    operators = sorted({n.op_type for n in onnx.load(file).graph.node})
    print(f"{name}: float64 differs from float32 by {difference:.1e}; {', '.join(operators)}", flush=True)
    assert difference < 1e-4


def tune(name, file, trained):
    """Ten steps of SGD with momentum on a resnet18 with another head, most of it frozen: head, images, labels, losses, and
    the probabilities of the first batch afterwards."""
    torch.manual_seed(7)
    net = random_network("resnet18", 64, {})
    net.load_state_dict(torch.load(f"{FOLDER}/resnet18.pt"))
    net.double().fc = nn.Linear(512, 5).double()
    head = [net.fc.weight.detach().clone(), net.fc.bias.detach().clone()]
    images, labels = torch.randn(10, 16, 3, 64, 64).float().double(), torch.randint(0, 5, (10, 16))
    net.eval()
    parameters = []
    for module in trained(net):
        module.train()
        parameters += module.parameters()
    optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.9)
    losses = []
    for x, y in zip(images, labels):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    net.eval()
    with torch.no_grad():
        write(name, head + [images, labels, torch.stack(losses), torch.softmax(net(images[0]), 1)])
    print(name, [round(loss.item(), 4) for loss in losses])


PRESERVE = dict(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False, opset_version=17)
for network in sys.argv[2:] or NETWORKS:
    size, arguments = NETWORKS[network]
    torch.manual_seed(3)
    net = random_network(network, size, arguments)
    torch.save(net.state_dict(), f"{FOLDER}/{network}.pt")
    if any(isinstance(m, nn.BatchNorm2d) for m in net.modules()):
        export(network, net, size, **PRESERVE)
        net = random_network(network, size, arguments)
        net.load_state_dict(torch.load(f"{FOLDER}/{network}.pt"))
        export(network + "-folded", net, size)
    else:
        export(network, net, size)
    if network == "resnet18":
        tune("resnet18-head.values", "resnet18", lambda net: [net.fc])
        tune("resnet18-last.values", "resnet18", lambda net: [net.layer4, net.fc])
