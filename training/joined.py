"""Trains the model of what is joined (models/joined.bin): whether a sentence tells that one side acts on another.

    python training/joined.py            # measures on a half held back, then trains on everything and writes the weights
    python training/joined.py --cv-only

Needs ../shared/data/plv and ../shared/data/cameo, with our own sentences (examples/), a built example (`cargo build --release -p dyad-reader --example
pair_candidates`) and PyTorch with NumPy. It looks at what the pair model looks at (coding/event/pair.rs). A pair of the
reader's own mentions is joined where they touch the two sides that the set marks, and is not otherwise. Of acts that both
sides do, the pair the other way round is left out. Make it again whenever the parser or the features change.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch

from pair import DECAY, HERE, SIZE, matrix, own_pairs, pairs, part, write

MUTUAL = ("AGREE", "CONSULT", "COOPERATE")
NOTHING = HERE / "training/examples/nothing.txt"
UNMARKED = 0.3  # the weight of a pair that our own sentences leave unmarked


def marked(rows, own=False):
    """A text with all the links between sides that its rows mark."""
    texts = {}
    for row in rows:
        links = texts.setdefault(row["text"], [])
        links.append((row["source"], row["target"], row["type"] in MUTUAL))
    for text, links in texts.items():
        yield {"text": text, "own": own, "links": links}


def cameo(path):
    """The sentences with their marked phrases as byte ranges; those without a mark join nothing."""
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        found, at, before = {"S": [], "T": []}, 0, "O"
        for token, tag in zip(row["tokens"], row["tags"]):
            end = at + len(token.encode())
            if tag[2:] in found:
                if tag[0] == "B" or before[2:] != tag[2:]:
                    found[tag[2:]].append([at, end])
                found[tag[2:]][-1][1] = end
            at, before = end + 1, tag
        links = [(s, t, False) for s in found["S"] for t in found["T"]]
        yield {"text": " ".join(row["tokens"]), "own": False, "links": links}


def nothing(path=NOTHING):
    """Sentences of our own in which nobody acts on anybody."""
    for line in open(path, encoding="utf-8"):
        if not line.startswith("#"):
            yield {"text": line.strip(), "own": False, "links": []}


def candidates(rows):
    """The pairs of the reader's mentions in each row: start and end of either side in bytes, places of the features."""
    command = [HERE / "target/release/examples/pair_candidates"]
    lines = "".join(json.dumps({"text": row["text"]}) + "\n" for row in rows)
    out = subprocess.run(command, input=lines, check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["pairs"] for line in out.splitlines()]


def look(rows):
    """The places of the features of every pair, whether it is joined, how much it counts, and its row."""
    features, joined, share, of = [], [], [], []
    for i, (row, found) in enumerate(zip(rows, candidates(rows))):
        for *ends, places in found:
            source, target = ends[:2], ends[2:]
            told = is_joined(source, target, row["links"])
            if told is None:
                continue
            features.append(np.array(places))
            joined.append(told)
            share.append(UNMARKED if row["own"] and not joined[-1] else 1.0)
            of.append(i)
    return features, np.array(joined), np.array(share), np.array(of)


def meet(a, b):
    return a[0] < b[1] and b[0] < a[1]


def is_joined(source, target, links):
    """None for the other way round of an act that both sides do."""
    if any(meet(source, s) and meet(target, t) for s, t, _ in links):
        return True
    if any(mutual and meet(source, t) and meet(target, s) for s, t, mutual in links):
        return None
    return False


def fit(features, joined, share):
    x, y = matrix(features), torch.tensor(joined, dtype=torch.float32)
    share = torch.tensor(share / share.sum(), dtype=torch.float32)
    w, b = torch.zeros(SIZE, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([w, b], max_iter=40, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        logits = (torch.sparse.mm(x, w) + b)[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, y, share, reduction="sum")
        loss = loss + DECAY * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w.detach(), b.detach()


def measure(features, joined, share, half, own):
    """Precision and recall, by thresholds, on the half that was held back of the field's sets."""
    w, b = fit([features[i] for i in np.flatnonzero(half == 0)], joined[half == 0], share[half == 0])
    held = np.flatnonzero((half == 1) & ~own)
    logits = (torch.sparse.mm(matrix([features[i] for i in held]), w) + b)[:, 0].numpy()
    sure, truth = 1 / (1 + np.exp(-logits)), joined[held]
    for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        told = sure >= least
        right = (told & truth).sum()
        print(f"at {least}: precision {right / max(1, told.sum()):.3f} recall {right / truth.sum():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--out", default=HERE / "models/joined.bin", type=Path)
    parser.add_argument("--cv-only", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows = [
        *marked(pairs(arguments.data / "plv/train.jsonl")),
        *cameo(arguments.data / "cameo/spans.train.jsonl"),
        *marked(own_pairs(), own=True),
        *nothing(),
    ]
    features, joined, share, of = look(rows)
    half = np.array([part(rows[i]["text"], 2) for i in of])
    measure(features, joined, share, half, np.array([rows[i]["own"] for i in of]))
    if not arguments.cv_only:
        write(arguments.out, *fit(features, joined, share))


if __name__ == "__main__":
    main()
