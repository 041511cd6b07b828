"""Trains the head that tells by the ear's row of a single word which acts it tells (models/trigger.bin).

    python training/trigger.py            # some 10 minutes of a core
    python training/trigger.py --measure  # trains without every seventh report, measures on those, and writes nothing

Needs a built example (`cargo build --release -p dyad-reader --example pair_rows`), PyTorch and NumPy. It learns from those of
examples/reports.txt whose lines say in a fifth field by which words an act is told; a word that no line names tells none.
"""

import argparse
import re

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import export
import whole
from pair import HERE, ROOTS

OUT = HERE / "models/trigger.bin"
N, WIDTH, HIDDEN = len(ROOTS), 256, 256
# Words of a fifth field that tell nothing by themselves.
SMALL = set(
    "the a an was were had been to for of by on with its his her their has have is are be at in as that up out off over not it they he she will would said".split()
)


class Words:
    """The rows of every word of the reports, the roots that each tells, and what is left open."""

    def __init__(self, path):
        reports = [r for r in whole.reports(path) if any(act["words"] for act in r["acts"])]
        pairs = whole.Pairs(reports)
        self.rows, count = pairs.rows, len(pairs.rows)
        self.roots, self.weight = np.zeros((count, N), np.float32), np.ones((count, N), np.float32)
        self.report = np.zeros(count, int)
        for n, (report, told) in enumerate(zip(reports, pairs.told)):
            first, words = told["row"], told["words"]
            self.report[first : first + len(words)] = n
            raw = report["text"].encode()
            for act in report["acts"]:
                for word in place(raw, told, act):
                    form = raw[slice(*words[word])].decode().lower()
                    at = first + word, act["kind"]
                    if form in SMALL:
                        continue
                    if act["wanted"]:
                        self.roots[at] = self.weight[at] = 1
                    elif not self.roots[at]:
                        self.weight[at] = 0


def place(raw, told, act):
    """The words of the report that an act's line names: the first such, in a sentence with most of its sides."""
    phrase = act["words"][0].encode()
    starts = [m.start() for m in re.finditer(re.escape(phrase), raw) if not raw[max(0, m.start() - 1) : m.start()].isalpha()]

    def sides(at):
        inside = [s for s in told["sentences"] if s[2] <= at < s[3]]
        return sum(s[2] <= name[0] < s[3] for s in inside for role in act["sides"] for side in role for name in side)

    if not starts:
        return []
    at = max(starts, key=lambda start: (sides(start), -start))
    return [i for i, (start, end) in enumerate(told["words"]) if start < at + len(phrase) and at < end]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Linear(WIDTH, HIDDEN), nn.Linear(HIDDEN, N)

    def forward(self, rows):
        if self.training:
            rows = F.dropout(rows, 0.1)
        return self.out(F.dropout(F.gelu(self.hidden(rows)), 0.4, self.training))


def fit(words, which, epochs=20, rate=2e-3, size=1024):
    torch.manual_seed(0)
    rng, net = np.random.default_rng(0), Net()
    adam = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    roots, weight = torch.from_numpy(words.roots), torch.from_numpy(words.weight)
    steps = epochs * -(-len(which) // size)
    slope = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: max(0.02, 1 - step / steps))
    net.train()
    for epoch in range(epochs):
        order, total = rng.permutation(which), 0
        for i in range(0, len(order), size):
            some = order[i : i + size]
            loss = F.binary_cross_entropy_with_logits(net(words.rows[some]), roots[some], reduction="none")
            loss = (loss * weight[some]).sum() / len(some)
            adam.zero_grad()
            loss.backward()
            adam.step()
            slope.step()
            total += loss.item() * len(some)
        print(f"epoch {epoch} loss {total / len(order):.4f}", flush=True)
    return net.eval()


@torch.no_grad()
def measure(net, words, which):
    likely, told, known = torch.sigmoid(net(words.rows[which])).numpy(), words.roots[which] == 1, words.weight[which] == 1
    for least in (0.1, 0.15, 0.2, 0.3, 0.4, 0.5):
        found = likely >= least
        p, r = (found & told).sum() / max(1, (found & known).sum()), (found & told).sum() / told.sum()
        print(f"from {least}: precision {p:.3f} recall {r:.3f} F1 {2 * p * r / (p + r):.3f}")


def write(path, net):
    """As `dyad-neural` reads it: 8-bit rows with a scale each."""
    ear = int.from_bytes((HERE / "models/ear.bin").read_bytes()[8:16], "little")
    out = [export.names("roots", ROOTS), export.names("ear", [f"{ear:016x}"])]
    for name, tensor in net.state_dict().items():
        if tensor.dim() == 2:
            bytes_, scales = export.rows(tensor)
            out.append(export.section("word." + name, export.ROWS, list(tensor.shape), scales.numpy().tobytes() + bytes_.numpy().tobytes()))
        else:
            out.append(export.section("word." + name, export.FLOATS, list(tensor.shape), tensor.numpy().tobytes()))
    size, digest = export.save(path, b"".join(out))
    print(f"{path}: {size} bytes, trigger-{digest:016x}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    words = Words(whole.REPORTS)
    every = np.arange(len(words.rows))
    if arguments.measure:
        held = words.report % 7 == 0
        measure(fit(words, every[~held]), words, every[held])
    else:
        write(OUT, fit(words, every))


if __name__ == "__main__":
    main()
