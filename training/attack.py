"""Trains the model of who had which part in an attack (models/attack.bin).

    python training/attack.py            # measures on the dev reports, then trains on all and writes the weights
    python training/attack.py --cv-only

Needs ../shared/data/muc4, a built example (`cargo build --release -p dyad-reader --example attack_candidates`) and PyTorch
with NumPy. What is looked at is decided in Rust (coding/attack/candidate.rs). Something that a report names has a part
where one of its mentions is a name that the set gives for that part. Reports in which the reader finds no attack are left
out, as they are when it reads. Make it again whenever the parser or the features change.
"""

import argparse
import gzip
import json
import subprocess
from pathlib import Path

import numpy as np
import torch

from pair import HERE, matrix, write

# In the order of the classes in Rust; the first is none.
PARTS = ("perp_individual_id", "perp_organization_id", "phys_tgt_id", "hum_tgt_name", "incident_instrument_id")
SIZE = 1 << 17
DECAY = 2.5e-6


def plain(name):
    kept = "".join(c for c in name.lower() if c.isalnum() or c.isspace())
    return " ".join(word for word in kept.split() if word not in ("a", "an", "the"))


def look(path):
    """What the reader sees in each report: the features of what is named, and the part it had."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    asked = "".join(json.dumps({"text": row["text"]}) + "\n" for row in rows)
    command = [HERE / "target/release/examples/attack_candidates"]
    out = subprocess.run(command, input=asked, check=True, capture_output=True, text=True).stdout
    features, labels = [], []
    for row, line in zip(rows, out.splitlines()):
        gold = [{plain(name) for entity in row["roles"].get(part, ()) for name in entity} for part in PARTS]
        for candidate in json.loads(line)["candidates"]:
            names = {plain(name) for name in (candidate["name"], *candidate["names"])}
            parts = [i + 1 for i, wanted in enumerate(gold) if names & wanted]
            features.append(np.array(candidate["features"]))
            labels.append(parts[-1] if parts else 0)
    return features, np.array(labels)


def fit(features, labels):
    x, y = matrix(features, SIZE), torch.tensor(labels)
    w = torch.zeros(SIZE, len(PARTS) + 1, requires_grad=True)
    b = torch.zeros(len(PARTS) + 1, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=80, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(torch.sparse.mm(x, w) + b, y) + DECAY * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w.detach(), b.detach()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data/muc4", type=Path)
    parser.add_argument("--out", default=HERE / "models/attack.bin", type=Path)
    parser.add_argument("--cv-only", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    features, labels = look(arguments.data / "train.jsonl.gz")
    w, b = fit(features, labels)
    held, truth = look(arguments.data / "dev.jsonl.gz")
    shares = torch.softmax(torch.sparse.mm(matrix(held, SIZE), w) + b, 1).numpy()
    part, sure = shares[:, 1:].argmax(1) + 1, shares[:, 1:].max(1)
    for least in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        told = sure >= least
        right = (told & (part == truth)).sum()
        print(f"dev at {least}: precision {right / max(1, told.sum()):.3f} recall {right / (truth > 0).sum():.3f}")
    if not arguments.cv_only:
        write(arguments.out, *fit(features + held, np.concatenate([labels, truth])))


if __name__ == "__main__":
    main()
