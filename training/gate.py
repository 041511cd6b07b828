"""Trains the gate of statements on PolNeAR and writes models/gate.bin.

  cargo build --release -p dyad-reader --example cue_proposals
  python training/gate.py ../shared/data/polnear

Each proposal of the reader is an example; it is right where its cue and its content overlap those
of one attribution of the corpus. The model is linear over hashed features, stored as one signed
byte a bucket. A tenth of the training articles sets the threshold; dev is only measured.
"""

import gzip
import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "target/release/examples/cue_proposals"
BUCKETS = 1 << 15
EPOCHS = 6


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


def examples(folder, split):
    """Features, labels and article number of every proposal."""
    with gzip.open(folder / f"{split}.jsonl.gz", "rt") as lines:
        articles = [json.loads(line) for line in lines]
    text = "\n".join(json.dumps({"id": i, "text": a["text"]}) for i, a in enumerate(articles))
    out = subprocess.run([TOOL], input=text.encode(), capture_output=True, check=True).stdout
    truth = [gold(a) for a in articles]
    features, labels, ids = [], [], []
    for line in out.decode().splitlines():
        p = json.loads(line)
        right = any(
            overlap([p["cue"]], g["Cue"]) and (not p["content"] or overlap(p["content"], g["Content"]))
            for g in truth[p["id"]]
        )
        features.append(p["features"])
        labels.append(right)
        ids.append(p["id"])
    return features, np.array(labels, dtype=np.float32), np.array(ids), sum(map(len, truth))


def bags(features, rows):
    flat = np.concatenate([features[i] for i in rows])
    offsets = np.cumsum([0] + [len(features[i]) for i in rows[:-1]])
    return torch.from_numpy(flat.astype(np.int64)), torch.from_numpy(offsets.astype(np.int64))


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    folder = Path(sys.argv[1])
    features, labels, ids, _ = examples(folder, "train")
    held = ids % 10 == 0
    rows = np.flatnonzero(~held)
    weights = torch.nn.EmbeddingBag(BUCKETS, 1, mode="sum", sparse=False)
    torch.nn.init.zeros_(weights.weight)
    bias = torch.nn.Parameter(torch.zeros(1))
    best = torch.optim.Adam([*weights.parameters(), bias], lr=0.01)
    rng = np.random.default_rng(1)
    for _ in range(EPOCHS):
        rng.shuffle(rows)
        for start in range(0, len(rows), 512):
            batch = rows[start : start + 512]
            score = weights(*bags(features, batch)).squeeze(1) + bias
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                score, torch.from_numpy(labels[batch])
            )
            loss = loss + 2e-5 * weights.weight.square().sum()
            best.zero_grad()
            loss.backward()
            best.step()
    raw = weights.weight.detach().squeeze(1).numpy()
    # Few weights are large; they may saturate.
    scale = 127 / np.quantile(np.abs(raw[raw != 0]), 0.999)
    whole = np.clip(np.round(raw * scale), -127, 127).astype(np.int8)

    def sums(features):
        return np.array([int(whole[f].astype(int).sum()) for f in features])

    def f1(score, labels, threshold):
        kept = score > -threshold
        right = (kept & (labels > 0)).sum()
        return 2 * right / max(kept.sum() + (labels > 0).sum(), 1)

    inside = sums([features[i] for i in np.flatnonzero(held)])
    candidates = np.unique(np.quantile(-inside, np.linspace(0.02, 0.98, 97)).astype(int))
    threshold = max(candidates, key=lambda t: f1(inside, labels[held], t))
    # An attribution that is never proposed counts as well, so lean a little to the open side.
    threshold = int(threshold)
    dev, right, _, total = examples(folder, "dev")
    score = sums(dev)
    kept = score > -threshold
    print(f"dev: {len(right)} proposals, {int(right.sum())} right, {total} in the corpus")
    print(f"kept {kept.sum()}, F1 among proposals {f1(score, right, threshold):.3f}")
    with open(ROOT / "models/gate.bin", "wb") as out:
        out.write(b"dyadgat1" + struct.pack("<ii", threshold, round(float(scale))) + whole.tobytes())


main()
