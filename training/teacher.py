"""The teacher: MiniLM fine-tuned on the treebanks under the student's heads. It labels text for the student and is never shipped."""
import torch
from torch import nn
from torch.nn import functional as F

import batches
import minilm
import model as student

WIDTH, HEADS_PER_LAYER, LAYERS, LONGEST = 384, 12, 6, 512


class Layer(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.merge = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.grow = nn.Linear(WIDTH, 4 * WIDTH)
        self.shrink = nn.Linear(4 * WIDTH, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        n, length, _ = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, HEADS_PER_LAYER, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(n, length, WIDTH)
        x = self.norm1(x + self.dropout(self.merge(seen)))
        return self.norm2(x + self.dropout(self.shrink(F.gelu(self.grow(x)))))


class MiniLm(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        t = minilm.tensors()
        self.words = nn.Embedding.from_pretrained(t["embeddings.word_embeddings.weight"], freeze=True)
        self.places = nn.Embedding.from_pretrained(t["embeddings.position_embeddings.weight"] + t["embeddings.token_type_embeddings.weight"][0], freeze=True)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        put = lambda module, name: (module.weight.data.copy_(t[name + ".weight"]), module.bias.data.copy_(t[name + ".bias"]))
        put(self.norm, "embeddings.LayerNorm")
        for i, layer in enumerate(self.layers):
            at = f"encoder.layer.{i}."
            for part in ("weight", "bias"):
                getattr(layer.qkv, part).data.copy_(torch.cat([t[f"{at}attention.self.{k}.{part}"] for k in ("query", "key", "value")]))
            put(layer.merge, at + "attention.output.dense")
            put(layer.norm1, at + "attention.output.LayerNorm")
            put(layer.grow, at + "intermediate.dense")
            put(layer.shrink, at + "output.dense")
            put(layer.norm2, at + "output.LayerNorm")

    def forward(self, pieces, pad):
        x = self.words(pieces) + self.places(torch.arange(pieces.shape[1]).clamp(max=LONGEST - 1))
        x = self.dropout(self.norm(x))
        mask = torch.zeros(pad.shape).masked_fill(pad, float("-inf"))[:, None, None].to(x.dtype)
        for layer in self.layers:
            x = layer(x, mask)
        return x


class Teacher(nn.Module):
    def __init__(self, piece_table, labels):
        super().__init__()
        self.bert = MiniLm()
        self.form = student.FormEncoder(piece_table, dropout=0.3)
        self.join = nn.Linear(student.WIDTH, WIDTH)
        self.block = student.Block(WIDTH, 0.3)
        self.heads = student.Heads(WIDTH, labels, dropout=0.33, arc=256, rel=256)

    def forward(self, batch):
        pieces, pad, first = batch["pieces"]
        x = self.bert(pieces, pad).float()
        x = torch.gather(x, 1, first[..., None].expand(-1, -1, WIDTH))
        x = x + F.embedding(batch["ids"], self.join(self.form(*batch["form"])))
        x = self.block(x.transpose(0, 1), batch["pad"].T[..., None]).transpose(0, 1)
        return self.heads(x, batch["pad"])

    def groups(self):
        bert = [p for p in self.bert.parameters() if p.requires_grad]
        own = {id(p) for p in bert}
        return [{"params": bert, "weight_decay": 0.01, "scale": 0.1},
                {"params": [p for p in self.parameters() if p.requires_grad and id(p) not in own], "weight_decay": 0.01}]


class Encoder(batches.Encoder):
    """Adds the sentence as word pieces between [CLS] and [SEP]."""

    def __call__(self, sentences):
        batch = super().__call__(sentences)
        cls, sep = self.forms.pieces.ids["[CLS]"], self.forms.pieces.ids["[SEP]"]
        rows, firsts = [], []
        for s in sentences:
            row, first = [cls], []
            of = [self.forms.of(f)[0] for f in s.forms]
            if sum(map(len, of)) > LONGEST - 2:
                of = [p[:1] for p in of]
            for p in of:
                first.append(len(row))
                row.extend(p)
            rows.append(row + [sep])
            firsts.append(first)
        pieces = batches.padded(rows, 0)
        lengths = torch.tensor([len(r) for r in rows])
        batch["pieces"] = (pieces, torch.arange(pieces.shape[1])[None] >= lengths[:, None], batches.padded(firsts, 0))
        return batch
