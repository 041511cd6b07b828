"""The student network: form encoder, gated recurrences in both directions, heads. `crates/dyad-neural` runs the same."""
import torch
from torch import nn
from torch.nn import functional as F

import features
import store
from pair import ROOTS

PIECE, NORM, AFFIX = 128, 96, 64
WIDTH, LAYERS, ARC, REL = 256, 4, 128, 128
REACH = 32  # distances beyond this share one bias


def folded(f, x):
    """h[t] = f[t] h[t-1] + x[t] along the first axis: one by one on a processor, by doubling where many work at once."""
    if x.is_cuda:
        step = 1
        while step < len(x):
            x = torch.cat([x[:step], torch.addcmul(x[step:], f[step:], x[:-step])])
            f = torch.cat([f[:step], f[step:] * f[:-step]])
            step *= 2
        return x
    held, h = torch.empty_like(x), torch.zeros_like(x[0])
    for t in range(len(x)):
        h = torch.addcmul(x[t], f[t], h, out=held[t])
    return held


class Scan(torch.autograd.Function):
    """h[t] = f[t] h[t-1] + (1 - f[t]) z[t] along the first axis."""

    @staticmethod
    def forward(ctx, f, z):
        held = folded(f, torch.addcmul(z, f, z, value=-1))
        ctx.save_for_backward(f, z, held)
        return held

    @staticmethod
    def backward(ctx, grad):
        f, z, held = ctx.saved_tensors
        after = torch.cat([f[1:], torch.zeros_like(f[:1])])
        total = folded(after.flip(0), grad.flip(0)).flip(0)
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
        return x * (torch.rand(size, device=x.device) > self.share).to(x.dtype).div_(1 - self.share)


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
        seen = torch.arange(piece_ids.shape[1], device=piece.device) < piece_counts[:, None]
        piece = (piece * seen[..., None]).sum(1) / piece_counts[:, None]
        norm = F.embedding_bag(norm_ids, self.norms, mode="sum")
        if self.training:
            norm = norm * (torch.rand(len(norm), 1, device=norm.device) > 0.2)
        x = torch.cat([piece, norm, F.embedding_bag(suffix_ids, self.suffixes, mode="sum"),
                       F.embedding_bag(prefix_ids, self.prefixes, mode="sum")], -1)
        return self.out(F.relu(self.hidden(self.dropout(x))))


class PairHead(nn.Module):
    """What two sides of a sentence have to do with each other: their rows, meaned, and what the two gather from all rows."""

    def __init__(self, width, classes, dropout=0.2):
        super().__init__()
        self.ask = nn.Linear(2 * width, width)
        self.hidden = nn.Linear(3 * width, width)
        self.out = nn.Linear(width, classes)
        self.dropout = nn.Dropout(dropout)

    def forward(self, rows, pad, sides):  # one a pair: rows pairs × length × width
        means = [(rows * side[..., None]).sum(1) / side.sum(1, keepdim=True).clamp(min=1) for side in sides]
        scores = (rows @ self.ask(torch.cat(means, -1))[..., None])[..., 0] / rows.shape[-1]**0.5
        shares = scores.float().masked_fill(pad, -1e9).softmax(-1).to(rows.dtype)
        gathered = (shares[..., None] * rows).sum(1)
        return self.out(self.dropout(F.gelu(self.hidden(self.dropout(torch.cat([*means, gathered], -1))))))


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
        self.sizes = store.sizes(labels)
        self.tags = nn.Linear(width, sum(self.sizes.values()))
        self.pair = PairHead(width, len(ROOTS) + 1)
        self.arc, self.rel = arc, rel
        self.dropout = Dropout(dropout, 1)

    def forward(self, x, pad, pairs=None):  # x: batch × length × width; pad: batch × length
        x = self.dropout(self.norm(x))
        out = dict(zip(self.sizes, self.tags(x).split(list(self.sizes.values()), -1)))
        a, b, c, d = self.ends(x).split([self.arc, self.arc, self.rel, self.rel], -1)
        a, b = self.dropout(F.relu(a)), self.dropout(F.relu(b))
        n = x.shape[1]
        b = torch.cat([self.root_arc.to(b.dtype).expand(len(b), 1, -1), b], 1)
        d = torch.cat([self.root_rel.to(d.dtype).expand(len(d), 1, -1), d], 1)
        arcs = (a @ self.bilinear) @ b.transpose(1, 2) + (b @ self.lean)[:, None]
        at = torch.arange(n, device=x.device)
        near = self.distance[(at[None] - at[:, None]).clamp(-REACH, REACH) + REACH]
        arcs = arcs.float() + F.pad(near, (1, 0))
        arcs = arcs.masked_fill(F.pad(pad, (1, 0), value=False)[:, None], -1e9)
        if pairs and len(pairs["of"]):
            out["pairs"] = self.pair(x[pairs["of"]], pad[pairs["of"]], pairs["sides"])
        return out | {"arcs": arcs, "dep": c, "head": d}

    def relations(self, out, heads):
        head = torch.gather(out["head"], 1, heads[..., None].expand(-1, -1, self.rel))
        return self.rels(self.dropout(F.relu(out["dep"] + head)))


class Student(nn.Module):
    def __init__(self, piece_table, labels, dropout=0.2):
        super().__init__()
        self.form = FormEncoder(piece_table, dropout=dropout)
        self.blocks = nn.ModuleList(Block(WIDTH, dropout) for _ in range(LAYERS))
        self.heads = Heads(WIDTH, labels)

    def forward(self, store, batch):
        x = formed(self.form, store, batch).transpose(0, 1)
        pad = batch["pad"].T[..., None]
        for block in self.blocks:
            x = block(x, pad)
        return self.heads(x.transpose(0, 1), batch["pad"], batch.get("pairs"))


def formed(encoder, store, batch):
    """The vector of each word, each form of the batch made once."""
    forms, back = torch.unique(batch["form"], return_inverse=True)
    return F.embedding(back, encoder(store.piece_ids[forms], store.piece_counts[forms].float(), *(h[forms] for h in store.hashes)))


SHARES = {"upos": 0.5, "xpos": 0.5, "scripts": 0.3, "ents": 0.5, "cue": 0.3, "source": 0.3, "content": 0.2, "ments": 0.2}
PAIRS = 0.3


def loss(model, store, batch):
    """Cross entropies with what is held likely, each over the words that anybody looked at."""
    out = model(store, batch)
    weight = batch["weight"]

    def against(logits, shares, weight):
        shares = shares.float()
        known = shares.sum(-1) * weight
        return -((torch.log_softmax(logits.float(), -1) * shares).sum(-1) * weight).sum() / known.sum().clamp(min=1)

    likely = torch.log_softmax(out["arcs"], -1).gather(-1, batch["arcs"])
    known = (batch["arc_shares"].sum(-1) * weight).sum().clamp(min=1)
    total = -2 * ((likely * batch["arc_shares"]).sum(-1) * weight).sum() / known
    at = batch["heads"]
    total = total + against(model.heads.relations(out, at.clamp(min=0)), batch["rels"], weight * (at >= 0))
    for name, share in SHARES.items():
        total = total + share * against(out[name], batch["tags"][name], torch.ones_like(weight))
    if "pairs" in out:
        total = total + PAIRS * pair_loss(out["pairs"], store, batch["pairs"])
    return total


def pair_loss(logits, store, pairs):
    """Of the root, over the pairs that have one, and of whether they are joined, over those of which that is known."""
    which, logits = pairs["which"], logits.float()
    weight = store.p_weight[which] * pairs["whole"]
    roots, joined = store.p_roots[which], store.p_joined[which]
    told, known = roots.sum(-1) * weight, weight * (joined >= 0)
    kinds = -(torch.log_softmax(logits[:, :-1], -1) * roots).sum(-1)
    both = F.binary_cross_entropy_with_logits(logits[:, -1], joined.clamp(min=0), reduction="none")
    return (kinds * weight).sum() / told.sum().clamp(min=1) + (both * known).sum() / known.sum().clamp(min=1)
