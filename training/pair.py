"""Trains the pair model (models/pair.bin): the PLOVER root of the relation between two given sides.

    python training/pair.py            # cross-validates, then trains on everything and writes the weights
    python training/pair.py --cv-only

Needs ../shared/data/plv, a built example (`cargo build --release -p dyad-reader --example pair_features`)
and PyTorch with NumPy. What the model looks at is decided in Rust (coding/event/pair.rs); this script only
learns how much each place counts. The same data and versions give the same file.
"""

import argparse
import json
import re
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent.parent
ROOTS = (
    "AGREE CONSULT SUPPORT COOPERATE AID YIELD REQUEST ACCUSE REJECT THREATEN "
    "PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()
SIZE = 1 << 15
DECAY = 1e-5


def pairs(path):
    """The rows whose two sides are both marked, with the sides as byte ranges."""
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        text, starts, spans = "", {}, {}
        for piece in re.split(r"(</?[st]>)", row["marked"]):
            if piece in ("<s>", "<t>"):
                starts[piece[1]] = len(text.encode())
            elif piece in ("</s>", "</t>"):
                spans.setdefault(piece[2], (starts[piece[2]], len(text.encode())))
            else:
                text += piece
        if len(spans) == 2:
            sides = {side: trim(text, spans[key]) for key, side in (("s", "source"), ("t", "target"))}
            yield {"text": text, "type": row["type"], **sides}


def trim(text, span):
    words = text.encode()[span[0] : span[1]]
    return [span[1] - len(words.lstrip()), span[0] + len(words.rstrip())]


def look(rows):
    """What the reader sees of each row: the places of its features."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
        file.flush()
        command = [HERE / "target/release/examples/pair_features", file.name]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line.split("\t") for line in out.splitlines()]
    labels = np.array([ROOTS.index(cells[0]) for cells in lines])
    return labels, [np.array([int(place) for place in cells[2].split()]) for cells in lines]


def matrix(rows, size=SIZE):
    at = np.concatenate([np.full(len(row), i) for i, row in enumerate(rows)])
    values = np.concatenate([np.full(len(row), len(row) ** -0.5) for row in rows])
    values = torch.tensor(values, dtype=torch.float32)
    return torch.sparse_coo_tensor(
        np.stack([at, np.concatenate(rows)]), values, (len(rows), size), check_invariants=True
    ).coalesce()


def fit(labels, rows):
    x, y = matrix(rows), torch.tensor(labels)
    counts = np.maximum(np.bincount(labels, minlength=len(ROOTS)), 1)
    weight = torch.tensor(counts**-0.5, dtype=torch.float32)
    weight = weight / weight[y].mean()
    w = torch.zeros(SIZE, len(ROOTS), requires_grad=True)
    b = torch.zeros(len(ROOTS), requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=60, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = torch.sparse.mm(x, w) + b
        loss = torch.nn.functional.cross_entropy(logits, y, weight=weight) + DECAY * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w.detach(), b.detach()


def f1(labels, said):
    scores = []
    for root in range(len(ROOTS)):
        right = ((labels == root) & (said == root)).sum()
        scores.append(2 * right / max(1, (labels == root).sum() + (said == root).sum()))
    return scores


def cross_validate(labels, rows, texts, folds=5):
    """The pairs of one text stay in one fold."""
    names = sorted(set(texts))
    fold_of = dict(zip(names, np.random.RandomState(0).permutation(len(names)) % folds))
    at = np.array([fold_of[text] for text in texts])
    said = np.zeros(len(labels), int)
    for fold in range(folds):
        test, train = np.flatnonzero(at == fold), np.flatnonzero(at != fold)
        w, b = fit(labels[train], [rows[i] for i in train])
        said[test] = (torch.sparse.mm(matrix([rows[i] for i in test]), w) + b).argmax(1).numpy()
    scores = f1(labels, said)
    for root, score in zip(ROOTS, scores):
        print(f"{root:10} {score:.3f}")
    print(f"macro F1 {np.mean(scores):.3f}  accuracy {(labels == said).mean():.3f}  {folds} folds")


def write(path, w, b):
    """Magic, version, size, classes; a scale and a bias a class; then one byte a weight, by place."""
    scale = w.abs().amax(0).clamp(min=1e-6) / 127
    quantised = torch.round(w / scale).clamp(-127, 127).to(torch.int8).numpy()
    with open(path, "wb") as file:
        file.write(struct.pack("<8sIII", b"dyadpair", 1, *w.shape))
        file.write(scale.numpy().astype("<f4").tobytes())
        file.write(b.numpy().astype("<f4").tobytes())
        file.write(quantised.tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data/plv/train.jsonl", type=Path)
    parser.add_argument("--out", default=HERE / "models/pair.bin", type=Path)
    parser.add_argument("--cv-only", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    data = list(pairs(arguments.data))
    labels, rows = look(data)
    cross_validate(labels, rows, [row["text"] for row in data])
    if not arguments.cv_only:
        write(arguments.out, *fit(labels, rows))


if __name__ == "__main__":
    main()
