"""Times ResNet-18 with random weights in PyTorch, float32, on two threads: medians of nine predictions, after three.

python3 speed.py, with torch and torchvision; PyTorch's column of ResNet-18 in the README is from 1.13 of Debian.
"""

import time

import torch
import torchvision

torch.set_num_threads(2)
model = torchvision.models.resnet18().eval()
with torch.no_grad():
    for side in (64, 224):
        for images in (1, 32):
            batch = torch.rand(images, 3, side, side)
            for _ in range(3):
                model(batch)
            times = []
            for _ in range(9):
                start = time.perf_counter()
                model(batch)
                times.append((time.perf_counter() - start) * 1e3)
            times.sort()
            print(f"{side} x {side}, {images} images: {times[4]:.1f} ms ({times[0]:.1f} to {times[-1]:.1f})", flush=True)
