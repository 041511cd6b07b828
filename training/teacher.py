"""The teachers: a pretrained encoder fine-tuned under the student's heads. They label text for the student and are never shipped."""
import math

import torch
from torch import nn
from torch.nn import functional as F

import model as student

HEADS = 12  # of MiniLM and of MPNet


class Layer(nn.Module):
    def __init__(self, width, eps, dropout):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=eps)
        self.grow = nn.Linear(width, 4 * width)
        self.shrink = nn.Linear(4 * width, width)
        self.norm2 = nn.LayerNorm(width, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        n, length, width = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype)).transpose(1, 2).reshape(n, length, width)
        x = self.norm1(x + self.dropout(self.merge(seen)))
        return self.norm2(x + self.dropout(self.shrink(F.gelu(self.grow(x)))))


class Pretrained(nn.Module):
    """MiniLM or MPNet, from the arrays of `minilm.tensors` or `minilm.mpnet`."""

    def __init__(self, arrays, dropout=0.1):
        super().__init__()
        words = arrays["embeddings.word_embeddings.weight"]
        places = arrays["embeddings.position_embeddings.weight"]
        self.near = "encoder.relative_attention_bias.weight" in arrays  # MPNet's: biases by distance, places from 2 on
        width = words.shape[1]
        self.width = width
        eps = 1e-5 if self.near else 1e-12
        places = places[2:] if self.near else places + arrays["embeddings.token_type_embeddings.weight"][0]
        self.words = nn.Embedding.from_pretrained(words, freeze=True)
        self.places = nn.Embedding.from_pretrained(places, freeze=True)
        if self.near:
            self.bias = nn.Parameter(arrays["encoder.relative_attention_bias.weight"].clone())
        self.norm = nn.LayerNorm(width, eps=eps)
        count = 1 + max(int(name.split(".")[2]) for name in arrays if name.startswith("encoder.layer."))
        self.layers = nn.ModuleList(Layer(width, eps, dropout) for _ in range(count))
        self.dropout = nn.Dropout(dropout)
        put = lambda module, name: (module.weight.data.copy_(arrays[name + ".weight"]), module.bias.data.copy_(arrays[name + ".bias"]))
        put(self.norm, "embeddings.LayerNorm")
        names = (("attn.q", "attn.k", "attn.v"), "attn.o", "LayerNorm") if self.near else (
            ("self.query", "self.key", "self.value"), "output.dense", "output.LayerNorm")
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                getattr(layer.qkv, part).data.copy_(torch.cat([arrays[f"{at}attention.{k}.{part}"] for k in names[0]]))
            put(layer.merge, f"{at}attention.{names[1]}")
            put(layer.norm1, f"{at}attention.{names[2]}")
            put(layer.grow, at + "intermediate.dense")
            put(layer.shrink, at + "output.dense")
            put(layer.norm2, at + "output.LayerNorm")

    def forward(self, pieces, pad):
        length = pieces.shape[1]
        x = self.dropout(self.norm(self.words(pieces) + self.places(torch.arange(length, device=pieces.device))))
        mask = torch.zeros(pad.shape, device=x.device).masked_fill(pad, -1e4)[:, None, None]
        if self.near:
            mask = mask + self.bias[buckets(length, x.device)].permute(2, 0, 1)
        for layer in self.layers:
            x = layer(x, mask)
        return x


def buckets(length, device):
    """The bucket of each distance, as T5 and MPNet count them: 32, each way eight near ones and eight ever wider."""
    at = torch.arange(length, device=device)
    far = at[:, None] - at[None]  # positive: behind
    side = torch.where(far < 0, 16, 0)
    far = far.abs()
    wide = 8 + (torch.log(far.clamp(min=1).float() / 8) / math.log(128 / 8) * 8).long()
    return side + torch.where(far < 8, far, wide.clamp(max=15))


class Teacher(nn.Module):
    def __init__(self, arrays, piece_table, labels):
        super().__init__()
        self.bert = Pretrained(arrays)
        width = self.bert.width
        self.form = student.FormEncoder(piece_table, dropout=0.3)
        self.join = nn.Linear(student.WIDTH, width)
        self.block = student.Block(width, 0.3)
        self.heads = student.Heads(width, labels, dropout=0.33, arc=256, rel=256)

    def forward(self, store, batch):
        x = self.bert(batch["pieces"], batch["piece_pad"]).float()
        x = torch.gather(x, 1, batch["first"][..., None].expand(-1, -1, x.shape[-1]))
        x = x + self.join(student.formed(self.form, store, batch))
        x = self.block(x.transpose(0, 1), batch["pad"].T[..., None]).transpose(0, 1)
        return self.heads(x, batch["pad"], batch.get("pairs"))

    def groups(self):
        bert = [p for p in self.bert.parameters() if p.requires_grad]
        own = {id(p) for p in bert}
        return [{"params": bert, "weight_decay": 0.01, "scale": 0.05},
                {"params": [p for p in self.parameters() if p.requires_grad and id(p) not in own], "weight_decay": 0.01}]
