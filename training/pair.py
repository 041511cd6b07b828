"""Trains the pair model (models/pair.bin): the PLOVER root of the relation between two given sides.

    python training/pair.py            # cross-validates, then trains on everything and writes the weights
    python training/pair.py --cv-only

Needs ../shared/data/plv, a built example (`cargo build --release -p dyad-reader --example pair_features`)
and PyTorch with NumPy. What the model looks at is decided in Rust (coding/event/pair.rs); this script only
learns how much each place counts. The same data and versions give the same file.

It learns from PLV's pairs and from our own (examples/pairs.tsv). Each place has a weight for both and one
more for PLV's alone, which take up where its coders saw a matter otherwise (Daumé 2007, "Frustratingly Easy
Domain Adaptation"); the file holds their sum.
"""

import argparse
import json
import re
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent.parent
ROOTS = (
    "AGREE CONSULT SUPPORT COOPERATE AID YIELD REQUEST ACCUSE REJECT THREATEN "
    "PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()
PENTA = [0] * 3 + [1] * 3 + [2] * 4 + [3] * 5
SIZE = 1 << 15
DECAY = 1e-5
OWN = HERE / "training/examples/pairs.tsv"
HELD = HERE / "training/examples/held_back_pairs.tsv"  # nothing is trained on it
MORE = HERE / "training/examples/more_pairs.tsv"  # for networks alone: they bring the linear models nothing
OWN_WEIGHT = 0.6  # of one of our own beside one of PLV's

# What PyTorch says of these is held by crates/dyad-reader/tests/parity.rs.
FIXTURE = (
    "<s>Ghana</s> and <t>Togo</t> reopened their border.",
    "<s>The Peruvian foreign minister</s>, in Lima, told reporters that <t>Chile</t> had seized two trawlers.",
    "Striking dockers in Marseille jeered <t>the prime minister</t>, said <s>Le Monde</s>.",
)


def pairs(path):
    """PLV's rows whose two sides are both marked, with the sides as byte ranges."""
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        sides = unmarked(row["marked"])
        if len(sides) == 3:
            yield {**sides, "type": row["type"]}


def own_pairs(path=OWN):
    """Our own: a type and a marked sentence a line."""
    for line in open(path, encoding="utf-8"):
        if not line.startswith("#"):
            root, marked = line.rstrip("\n").split("\t")
            yield {**unmarked(marked), "type": root}


def part(text, parts):
    """Which of so many parts a text falls into, by its letters alone: the sets share sentences, each with other spaces."""
    return zlib.crc32("".join(filter(str.isalnum, text.lower())).encode()) % parts


def unmarked(marked):
    """The text without its marks, and the first source and target as byte ranges."""
    text, starts, spans = "", {}, {}
    for piece in re.split(r"(</?[st]>)", marked):
        if piece in ("<s>", "<t>"):
            starts[piece[1]] = len(text.encode())
        elif piece in ("</s>", "</t>"):
            spans.setdefault(piece[2], (starts[piece[2]], len(text.encode())))
        else:
            text += piece
    sides = {side: trim(text, spans[key]) for key, side in (("s", "source"), ("t", "target")) if key in spans}
    return {"text": text, **sides}


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


def fit(labels, rows, own):
    """Weights from PLV's pairs and our own, both as `look` gives them."""
    own_labels, own_rows = own
    every = np.concatenate([labels, own_labels])
    x, x_plv, y = matrix([*rows, *own_rows]), matrix(rows), torch.tensor(every)
    share = np.concatenate([np.ones(len(labels)), np.full(len(own_labels), OWN_WEIGHT)])
    counts = np.maximum(np.bincount(every, weights=share, minlength=len(ROOTS)), 1)
    weight = torch.tensor(share * counts[every] ** -0.5, dtype=torch.float32)
    weight = weight / weight.sum()
    both, plv = (torch.zeros(SIZE, len(ROOTS), requires_grad=True) for _ in range(2))
    bias = torch.zeros(len(ROOTS), requires_grad=True)
    optimizer = torch.optim.LBFGS([both, plv, bias], max_iter=60, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = torch.sparse.mm(x, both) + bias
        logits = torch.cat([logits[: len(labels)] + torch.sparse.mm(x_plv, plv), logits[len(labels) :]])
        loss = (torch.nn.functional.cross_entropy(logits, y, reduction="none") * weight).sum()
        loss = loss + DECAY * ((both**2).sum() + (plv**2).sum())
        loss.backward()
        return loss

    optimizer.step(closure)
    return (both + plv).detach(), bias.detach()


def f1(labels, said):
    scores = []
    for root in range(len(ROOTS)):
        right = ((labels == root) & (said == root)).sum()
        scores.append(2 * right / max(1, (labels == root).sum() + (said == root).sum()))
    return scores


def cross_validate(labels, rows, texts, own, folds=5):
    """Over PLV's rows; the pairs of one text stay in one fold, our own are always learned from."""
    names = sorted(set(texts))
    fold_of = dict(zip(names, np.random.RandomState(0).permutation(len(names)) % folds))
    at = np.array([fold_of[text] for text in texts])
    said = np.zeros(len(labels), int)
    for fold in range(folds):
        test, train = np.flatnonzero(at == fold), np.flatnonzero(at != fold)
        w, b = fit(labels[train], [rows[i] for i in train], own)
        said[test] = (torch.sparse.mm(matrix([rows[i] for i in test]), w) + b).argmax(1).numpy()
    scores = f1(labels, said)
    for root, score in zip(ROOTS, scores):
        print(f"{root:10} {score:.3f}")
    penta = [np.array(PENTA)[them] for them in (labels, said)]
    classes = [2 * ((penta[0] == k) & (penta[1] == k)).sum() / ((penta[0] == k).sum() + (penta[1] == k).sum()) for k in range(4)]
    print(
        f"macro F1 {np.mean(scores):.3f}  accuracy {(labels == said).mean():.3f}  "
        f"macro F1 of the four classes {np.mean(classes):.3f}  {folds} folds"
    )


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
    own = look(own_pairs())
    cross_validate(labels, rows, [row["text"] for row in data], own)
    if not arguments.cv_only:
        write(arguments.out, *fit(labels, rows, own))


if __name__ == "__main__":
    main()
