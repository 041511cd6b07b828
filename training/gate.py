"""Trains the gate of statements on PolNeAR and writes models/gate.bin.

  cargo build --release -p dyad-reader --example cue_proposals
  python training/gate.py ../shared/data/polnear

Each proposal of the reader is an example; it is right where its cue and its content overlap those
of one attribution of the corpus, and half right where its cue alone does. The model is linear: over
hashed features, stored as one signed byte a bucket, and over the marks that the network's scores set
(`evidence.rs`), two bytes each. The network has learned its scores on these articles, so that it
knows them better than any other text: the gate sees each score with noise, anew in every epoch, and
now and then no score at all, which also teaches it to do without. Of the features it is shown some
only, others each time, since the corpus marks much the same words now and not then
(`training/twice.py`) and single words would be learned by heart. The mean of a few such models is
kept. A tenth of the training articles sets the threshold; dev is only measured.
"""

import gzip
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "target/release/examples/cue_proposals"
BUCKETS = 1 << 17
EPOCHS, MODELS = 8, 3
# As in evidence.rs.
LEVELS = np.array([0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99], dtype=np.float32)
NUMBERS, GROUPS, EACH = 8, 5, len(LEVELS) + 1
MARKS = GROUPS * NUMBERS * EACH + 1
# How much the network's scores are shaken, in log odds, and how often they are left out.
NOISE, LEFT_OUT = 0.3, 0.1
# How many of the features and marks are hidden in training, and how much large weights cost.
HIDDEN, DECAY = 0.4, 1e-4
# What a proposal counts for whose cue is right and whose content is not.
HALF = 0.5


def overlap(a, b):
    return any(x < v and u < y for x, y in a for u, v in b)


def gold(article):
    found = []
    for relation in article["relations"]:
        parts = {"Source": [], "Cue": [], "Content": []}
        for piece in relation.split()[1:]:
            role, mark = piece.split(":")
            role = role.rstrip("0123456789")
            if role in parts and mark in article["spans"]:
                parts[role] += article["spans"][mark]["spans"]
        found.append(parts)
    return found


def marks(numbers, group):
    """The marks that numbers set, as evidence.rs has them; a number that is missing is NaN."""
    if numbers is None:
        return np.array([MARKS - 1])
    first = np.arange(NUMBERS)[:, None] * EACH
    set_ = np.zeros((NUMBERS, EACH), dtype=bool)
    missing = np.isnan(numbers)
    set_[:, :-1] = numbers[:, None] >= LEVELS
    set_[missing, -1] = True
    own = (first + np.arange(EACH))[set_]
    return np.concatenate([own, own + group * NUMBERS * EACH])


def shaken(numbers, rng):
    if numbers is None or rng.random() < LEFT_OUT:
        return None
    inside = np.clip(numbers, 1e-4, 1 - 1e-4)
    odds = np.log(inside / (1 - inside)) + NOISE * rng.standard_normal(NUMBERS)
    return (1 / (1 + np.exp(-odds))).astype(np.float32)


class Examples:
    """Proposals of a split, with the number of the article that each stands in."""

    def __init__(self, folder, split):
        with gzip.open(folder / f"{split}.jsonl.gz", "rt") as lines:
            articles = [json.loads(line) for line in lines]
        text = "\n".join(json.dumps({"id": i, "text": a["text"]}) for i, a in enumerate(articles))
        tool = [TOOL, *([os.environ["EAR"]] if "EAR" in os.environ else [])]
        out = subprocess.run(tool, input=text.encode(), capture_output=True, check=True).stdout
        truth = [gold(a) for a in articles]
        self.total = sum(map(len, truth))
        self.features, self.numbers, self.groups, self.cues = [], [], [], []
        labels, cues, ids = [], [], []
        for line in out.decode().splitlines():
            p = json.loads(line)
            right = any(
                overlap([p["cue"]], g["Cue"]) and (not p["content"] or overlap(p["content"], g["Content"]))
                for g in truth[p["id"]]
            )
            numbers = p["numbers"] and np.array([np.nan if n is None else n for n in p["numbers"]], dtype=np.float32)
            if len(labels) % 1000 == 0:
                assert sorted(marks(numbers, p["group"])) == sorted(p["marks"]), "evidence.rs makes other marks"
            self.features.append(np.array(p["features"]))
            self.numbers.append(numbers)
            self.groups.append(p["group"])
            self.cues.append(p["cue"])
            labels.append(right)
            cues.append(any(overlap([p["cue"]], g["Cue"]) for g in truth[p["id"]]))
            ids.append(p["id"])
        self.labels, self.ids = np.array(labels, dtype=np.float32), np.array(ids)
        self.targets = HALF * self.labels + (1 - HALF) * np.array(cues, dtype=np.float32)

    def inputs(self, i, rng=None):
        numbers = shaken(self.numbers[i], rng) if rng else self.numbers[i]
        return np.concatenate([self.features[i], BUCKETS + marks(numbers, self.groups[i])])


    def best(self, some, sums):
        """Which of some proposals no other outdoes that shares words with its cue."""
        at = {i: s for i, s in zip(some.tolist(), sums.tolist())}
        near = lambda i: [j for j in range(i - 8, i + 9) if j != i and j in at and self.ids[j] == self.ids[i]]
        outdone = lambda i: any(overlap([self.cues[i]], [self.cues[j]]) and (at[j], -j) > (at[i], -i) for j in near(i))
        return np.array([not outdone(i) for i in some.tolist()])


def bags(inputs):
    offsets = np.cumsum([0] + [len(i) for i in inputs[:-1]])
    return torch.from_numpy(np.concatenate(inputs).astype(np.int64)), torch.from_numpy(offsets.astype(np.int64))


def f1(kept, labels, total):
    return 2 * labels[kept].sum() / max(kept.sum() + total, 1)


def trained(train, rows, seed):
    """The weights of all buckets and marks; the bias is left to the threshold."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    rows = rows.copy()
    weights = torch.nn.EmbeddingBag(BUCKETS + MARKS, 1, mode="sum", sparse=False)
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.zeros(1))
    best = torch.optim.Adam([*weights.parameters(), bias], lr=0.01)
    for epoch in range(EPOCHS):
        for group in best.param_groups:
            group["lr"] = 0.01 * (1 - epoch / EPOCHS)
        rng.shuffle(rows)
        for start in range(0, len(rows), 512):
            batch = rows[start : start + 512]
            inputs, offsets = bags([train.inputs(i, rng) for i in batch])
            shown = (torch.rand(len(inputs)) > HIDDEN).float() / (1 - HIDDEN)
            score = weights(inputs, offsets, per_sample_weights=shown).squeeze(1) + bias
            loss = torch.nn.functional.binary_cross_entropy_with_logits(score, torch.from_numpy(train.targets[batch]))
            loss = loss + DECAY * weights.weight.square().sum()
            best.zero_grad()
            loss.backward()
            best.step()
    return weights.weight.detach().squeeze(1).numpy()


def main():
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    train = Examples(folder, "train")
    held = np.flatnonzero(train.ids % 10 == 0)
    rows = np.flatnonzero(train.ids % 10 != 0)
    rng = np.random.default_rng(1)
    raw = np.mean([trained(train, rows, seed) for seed in range(1, MODELS + 1)], axis=0)
    hashed = raw[:BUCKETS]
    # Few weights are large; they may saturate.
    scale = 127 / np.quantile(np.abs(hashed[hashed != 0]), 0.999)
    whole = np.round(raw * scale)
    whole[:BUCKETS] = np.clip(whole[:BUCKETS], -127, 127)
    whole = np.clip(whole, -32767, 32767).astype(int)

    def sums(inputs):
        return np.array([int(whole[i].sum()) for i in inputs])

    inside = [sums([train.inputs(i, rng) for i in held]) for _ in range(5)]
    inside = np.concatenate([np.where(train.best(held, s), s, -(1 << 30)) for s in inside])
    truth, total = np.tile(train.labels[held], 5), 5 * train.total // 10
    candidates = np.unique(np.quantile(-inside, np.linspace(0.02, 0.98, 97)).astype(int))
    threshold = int(max(candidates, key=lambda t: f1(inside > -t, truth, total)))
    dev = Examples(folder, "dev")
    print(f"threshold {threshold / scale:.2f}")
    print(f"dev: {len(dev.labels)} proposals, {int(dev.labels.sum())} right, {dev.total} in the corpus")
    for name, inputs in (
        ("with the network's scores", dev.inputs),
        ("without", lambda i: np.concatenate([dev.features[i], [BUCKETS + MARKS - 1]])),
    ):
        kept = sums([inputs(i) for i in range(len(dev.labels))]) > -threshold
        print(f"{name}: kept {kept.sum()}, F1 among proposals {f1(kept, dev.labels, dev.labels.sum()):.3f}")
    with open(ROOT / "models/gate.bin", "wb") as out:
        out.write(b"dyadgat2" + struct.pack("<ii", threshold, round(float(scale))))
        out.write(whole[:BUCKETS].astype(np.int8).tobytes() + whole[BUCKETS:].astype("<i2").tobytes())


main()
