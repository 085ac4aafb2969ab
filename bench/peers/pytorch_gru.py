"""The post's network and training step in PyTorch: pytorch_gru.py DATA_FOLDER PIXELS

PIXELS are read at each time step: 28 is a row.
"""

import sys

import torch
from torch import nn
from worker import Mnist, serve


class Network(nn.Module):
    def __init__(self, pixels, num_layers, num_hidden):
        super().__init__()
        self.pixels = pixels
        between = 0.5 if num_layers > 1 else 0  # PyTorch's is between the layers only
        self.gru = nn.GRU(pixels, num_hidden, num_layers, batch_first=True, dropout=between)
        self.dropout = nn.Dropout(0.5)
        self.linear = nn.Linear(num_hidden, 10)

    def forward(self, images):
        outputs, _ = self.gru(images.reshape(len(images), -1, self.pixels))
        return self.linear(self.dropout(outputs[:, -1]))


class PyTorch:
    def __init__(self, data, pixels):
        self.data = data
        self.pixels = pixels

    def build(self, num_layers, num_hidden, batch_size):
        self.batch_size = batch_size
        self.network = Network(self.pixels, num_layers, num_hidden)
        self.optimizer = torch.optim.RMSprop(self.network.parameters(), lr=0.001, alpha=0.9)

    def step(self):
        images, labels = (torch.from_numpy(array) for array in self.data.next_batch(self.batch_size))
        self.network.train()
        self.optimizer.zero_grad()
        logits = self.network(images)
        loss = nn.functional.cross_entropy(logits, labels)
        loss.backward()
        self.optimizer.step()
        (logits.argmax(1) != labels).float().mean().item()  # the error rate, which Scanline computes as well
        return loss.item()

    def classify(self):
        self.network.eval()
        with torch.inference_mode():
            batches = torch.from_numpy(self.data.test_images).split(1000)
            return torch.cat([self.network(images).argmax(1) for images in batches]).numpy()


serve(PyTorch(Mnist(sys.argv[1]), int(sys.argv[2])))
