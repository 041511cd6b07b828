"""The student network: form encoder, gated recurrences in both directions, heads. `crates/dyad-neural` runs the same."""
import torch
from torch import nn
from torch.nn import functional as F

import features

PIECE, NORM, AFFIX = 128, 96, 64
WIDTH, LAYERS, ARC, REL = 256, 4, 128, 128
REACH = 32  # distances beyond this share one bias


class Scan(torch.autograd.Function):
    """h[t] = f[t] h[t-1] + (1 - f[t]) z[t] along the first axis."""

    @staticmethod
    def forward(ctx, f, z):
        held = torch.empty_like(z)
        fresh = torch.addcmul(z, f, z, value=-1)
        h = torch.zeros_like(z[0])
        for t in range(z.shape[0]):
            h = torch.addcmul(fresh[t], f[t], h, out=held[t])
        ctx.save_for_backward(f, z, held)
        return held

    @staticmethod
    def backward(ctx, grad):
        f, z, held = ctx.saved_tensors
        total = torch.empty_like(grad)
        total[-1] = grad[-1]
        for t in range(len(grad) - 2, -1, -1):
            torch.addcmul(grad[t], f[t + 1], total[t + 1], out=total[t])
        before = torch.cat([torch.zeros_like(held[:1]), held[:-1]])
        return total * (before - z), total * (1 - f)


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.gain


class Dropout(nn.Module):
    """Drops channels for a whole sentence: one mask over the axis of time."""

    def __init__(self, share, axis):
        super().__init__()
        self.share, self.axis = share, axis

    def forward(self, x):
        if not self.training:
            return x
        size = list(x.shape)
        size[self.axis] = 1
        return x * (torch.rand(size) > self.share).to(x.dtype).div_(1 - self.share)


class Block(nn.Module):
    """Three taps a channel, then forget gate, candidate and output gate, a scan each way, and the way back."""

    def __init__(self, width, dropout):
        super().__init__()
        self.norm = RmsNorm(width)
        self.taps = nn.Parameter(torch.tensor([0.2, 1.0, 0.2])[:, None].repeat(1, width))
        self.into = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        with torch.no_grad():
            self.into.bias[:width].uniform_(-1, 2)
        self.dropout = Dropout(dropout, 0)
        self.half = width // 2

    def forward(self, x, pad):  # x: length × batch × width; pad: length × batch × 1
        u = self.norm(x).masked_fill(pad, 0)
        v = u * self.taps[1]
        v[1:] += u[:-1] * self.taps[0]
        v[:-1] += u[1:] * self.taps[2]
        f, z, g = self.into(v).float().chunk(3, -1)  # the recurrence needs more digits than bf16 has
        f = torch.sigmoid(f).masked_fill(pad, 1)
        turn = lambda y: torch.cat([y[..., :self.half], y[..., self.half:].flip(0)], -1)
        h = turn(Scan.apply(turn(f), turn(z)))
        return x + self.out(self.dropout(h * F.silu(g)))


class FormEncoder(nn.Module):
    def __init__(self, piece_table, width=WIDTH, dropout=0.2):
        super().__init__()
        self.register_buffer("pieces", piece_table)
        self.norms = nn.Parameter(torch.zeros(features.NORM_ROWS, NORM))
        self.suffixes = nn.Parameter(torch.randn(features.SUFFIX_ROWS, AFFIX) * 0.05)
        self.prefixes = nn.Parameter(torch.randn(features.PREFIX_ROWS, AFFIX) * 0.05)
        self.hidden = nn.Linear(PIECE + NORM + 2 * AFFIX, width)
        self.out = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, piece_ids, piece_counts, norm_ids, suffix_ids, prefix_ids):
        piece = F.embedding(piece_ids, self.pieces)
        seen = torch.arange(piece_ids.shape[1]) < piece_counts[:, None]
        piece = (piece * seen[..., None]).sum(1) / piece_counts[:, None]
        norm = F.embedding_bag(norm_ids, self.norms, mode="sum")
        if self.training:
            norm = norm * (torch.rand(len(norm), 1) > 0.2)
        x = torch.cat([piece, norm, F.embedding_bag(suffix_ids, self.suffixes, mode="sum"),
                       F.embedding_bag(prefix_ids, self.prefixes, mode="sum")], -1)
        return self.out(F.relu(self.hidden(self.dropout(x))))


class Heads(nn.Module):
    """Tags are linear; arcs biaffine with a bias for the distance; relations a small network over both ends."""

    def __init__(self, width, labels, dropout=0.25, arc=ARC, rel=REL):
        super().__init__()
        self.norm = RmsNorm(width)
        self.ends = nn.Linear(width, 2 * arc + 2 * rel)
        self.root_arc = nn.Parameter(torch.randn(arc) * 0.1)
        self.root_rel = nn.Parameter(torch.randn(rel) * 0.1)
        self.bilinear = nn.Parameter(torch.eye(arc) / arc ** 0.5)
        self.lean = nn.Parameter(torch.zeros(arc))
        self.distance = nn.Parameter(torch.zeros(2 * REACH + 1))
        self.rels = nn.Linear(rel, len(labels.rels))
        self.tags = nn.Linear(width, len(labels.upos) + len(labels.xpos) + len(labels.scripts) + len(labels.ents))
        self.sizes = [len(labels.upos), len(labels.xpos), len(labels.scripts), len(labels.ents)]
        self.arc, self.rel = arc, rel
        self.dropout = Dropout(dropout, 1)

    def forward(self, x, pad):  # x: batch × length × width; pad: batch × length
        x = self.dropout(self.norm(x))
        upos, xpos, scripts, ents = self.tags(x).split(self.sizes, -1)
        a, b, c, d = self.ends(x).split([self.arc, self.arc, self.rel, self.rel], -1)
        a, b = self.dropout(F.relu(a)), self.dropout(F.relu(b))
        n = x.shape[1]
        b = torch.cat([self.root_arc.expand(len(b), 1, -1), b], 1)
        d = torch.cat([self.root_rel.expand(len(d), 1, -1), d], 1)
        arcs = (a @ self.bilinear) @ b.transpose(1, 2) + (b @ self.lean)[:, None]
        at = torch.arange(n)
        near = self.distance[(at[None] - at[:, None]).clamp(-REACH, REACH) + REACH]
        arcs = arcs + F.pad(near, (1, 0))
        arcs = arcs.masked_fill(F.pad(pad, (1, 0), value=False)[:, None], -1e9)
        return {"upos": upos, "xpos": xpos, "scripts": scripts, "ents": ents, "arcs": arcs, "dep": c, "head": d}

    def relations(self, out, heads):
        head = torch.gather(out["head"], 1, heads[..., None].expand(-1, -1, self.rel))
        return self.rels(self.dropout(F.relu(out["dep"] + head)))


class Student(nn.Module):
    def __init__(self, piece_table, labels, dropout=0.2):
        super().__init__()
        self.form = FormEncoder(piece_table, dropout=dropout)
        self.blocks = nn.ModuleList(Block(WIDTH, dropout) for _ in range(LAYERS))
        self.heads = Heads(WIDTH, labels)

    def forward(self, batch):
        forms = self.form(*batch["form"])
        x = F.embedding(batch["ids"], forms).transpose(0, 1)
        pad = batch["pad"].T[..., None]
        for block in self.blocks:
            x = block(x, pad)
        return self.heads(x.transpose(0, 1), batch["pad"])


def doubtful(logits, which, share):
    """Cross entropy with what is likely: `share` of `which`."""
    return -(torch.log_softmax(logits.float(), -1).gather(-1, which) * share).sum(-1).flatten()


def loss(model, batch):
    out = model(batch)
    ce = lambda logits, gold: F.cross_entropy(logits.float().flatten(0, 1), gold.flatten(), reduction="none", ignore_index=-100)
    weight = batch["weight"].flatten()
    arcs = doubtful(out["arcs"], *batch["arcs"])
    rels = doubtful(model.heads.relations(out, batch["heads"].clamp(min=0)), *batch["rels"])
    total = 2 * arcs + rels + 0.5 * (ce(out["upos"], batch["upos"]) + ce(out["xpos"], batch["xpos"])
                                     + ce(out["ents"], batch["ents"])) + 0.3 * ce(out["scripts"], batch["scripts"])
    return (total * weight).sum() / weight.sum()
