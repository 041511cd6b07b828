"""Trains the model of the place of an act and writes models/act_place.bin.

  cargo build --release -p dyad-reader --example act_places
  python training/act_place.py ../shared/data/event-location/train.jsonl.gz

Every name of a sentence stands against every other and against "no place is told": a linear model
over hashed features under one softmax, stored as one signed byte a bucket. Sentences are halved by
a hash of their words; each half is scored by a model trained on the other, and the numbers printed
are over both. The weights written are trained on all of it.

Some gold positions of the set are numbers of tokens instead of characters; they are mended here by
the reader's own tokens, with the blanks that count as tokens there. `f1 as given` leaves them as they are and counts them as missed.
"""

import gzip
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "target/release/examples/act_places"
BUCKETS = 1 << 16
EPOCHS = 4
RATE = 0.05
DECAY = 1e-2
# The mean of so many models, which differ in the order of what they learn from, errs less than one.
MODELS = 8
# How much surer "no place" must be, how far a coordinated place may fall behind the best one, and
# how far below what a single one needs.
NONE, BEHIND, BELOW = -0.9, 5.0, 2.0


def is_number_of_tokens(start, end, words):
    return end - start < 3 and not (len(words) > 1 and words[0].isupper())


def with_blanks(text, tokens):
    """The tokens as spaCy counts them: what blanks there are beyond one between two are one more."""
    found, at = [], 0
    for start, end in tokens:
        blanks = text[at:start]
        rest = blanks[1:] if at and blanks.startswith(" ") else blanks
        if rest and rest.isspace():
            found.append([at, start])
        found.append([start, end])
        at = end
    return found


def examples(file):
    with gzip.open(file, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    asked = (
        {"id": i, "text": r["text"], "verb": r["gold"]["verb"][0][:2]} for i, r in enumerate(rows)
    )
    text = "\n".join(map(json.dumps, asked))
    out = subprocess.run([TOOL], input=text.encode(), capture_output=True, check=True).stdout
    found = []
    for line in out.decode().splitlines():
        seen = json.loads(line)
        row = rows[seen["id"]]
        tokens = with_blanks(row["text"], seen["tokens"])
        given = [tuple(g[:2]) for g in row["gold"]["locations"]]
        mended = []
        for start, end, words in row["gold"]["locations"]:
            if is_number_of_tokens(start, end, words):
                if end < len(tokens):
                    mended.append((tokens[start][0], tokens[end][1]))
            else:
                mended.append((start, end))
        names = [
            (tuple(c["span"]), np.array(c["features"]), c["row"], c["head"])
            for c in seen["candidates"]
        ]
        half = zlib.crc32(row["text"].strip().encode()) % 2
        found.append({"names": names, "given": set(given), "gold": set(mended), "half": half})
    return found


def train(rows):
    models = [train_one(rows, seed) for seed in range(1, MODELS + 1)]
    weights = sum(w for w, _ in models) / MODELS
    return whole_numbers(weights, sum(n for _, n in models) / MODELS)


def train_one(rows, seed):
    weights, squares = np.zeros(BUCKETS), np.full(BUCKETS, 1e-6)
    none, none_squares = 0.0, 1e-6
    total, total_none, kept = np.zeros(BUCKETS), 0.0, 0
    rng = np.random.default_rng(seed)
    order = np.arange(len(rows))
    ready = [prepared(row) for row in rows]
    for epoch in range(EPOCHS):
        rng.shuffle(order)
        for k in order:
            if ready[k] is None:
                continue
            features, lengths, starts, right = ready[k]
            scores = np.append(np.add.reduceat(weights[features], starts), none)
            share = np.exp(scores - scores.max())
            share /= share.sum()
            wanted = share * right
            steps = share - wanted / wanted.sum()
            each = np.repeat(steps[:-1], lengths)
            moved = np.abs(each) >= 1e-4
            if moved.any():
                places, of = np.unique(features[moved], return_inverse=True)
                slope = np.bincount(of, weights=each[moved]) + DECAY * weights[places]
                squares[places] += slope * slope
                weights[places] -= RATE * slope / np.sqrt(squares[places])
            none_squares += steps[-1] ** 2
            none -= RATE * steps[-1] / np.sqrt(none_squares)
        if epoch > 1:
            total += weights
            total_none += none
            kept += 1
    return total / kept, total_none / kept


def prepared(row):
    """The features of all names in one row of numbers, and which answers are right."""
    if not row["names"]:
        return None
    features = [f for _, f, _, _ in row["names"]]
    lengths = np.array([len(f) for f in features])
    right = np.array([span in row["gold"] for span, _, _, _ in row["names"]] + [False])
    right[-1] = not right.any()
    return np.concatenate(features), lengths, np.cumsum(lengths) - lengths, right


def whole_numbers(weights, none):
    """As the reader has them: a signed byte a bucket; none, behind and below on the same scale."""
    scale = 127 / np.quantile(np.abs(weights[weights != 0]), 0.9995)
    as_bytes = np.clip(np.round(weights * scale), -127, 127).astype(np.int8)
    bounds = [round(float(scale) * x) for x in (none + NONE, BEHIND, BELOW)]
    return as_bytes, bounds


def places(row, model):
    """The same choice as in crates/dyad-reader/src/coding/event/place/mod.rs."""
    weights, (none, behind, below) = model
    scored = [(int(weights[f].astype(int).sum()), n) for n in row["names"] for f in [n[1]]]
    scored.sort(key=lambda s: (-s[0], s[1][0][0]))
    if not scored or scored[0][0] <= none:
        return set()
    best, first = scored[0]
    chosen = [first]
    for score, name in scored[1:]:
        close = score > best - behind and score > none - below
        beside = name[2] == first[2] and name[3] != first[3]
        apart = all(name[0][1] <= c[0][0] or c[0][1] <= name[0][0] for c in chosen)
        if close and beside and apart:
            chosen.append(name)
    return {name[0] for name in chosen}


def f1(rows, models, gold):
    right = told = true = 0
    for row in rows:
        found = places(row, models[row["half"]])
        right += len(found & row[gold])
        told += len(found)
        true += len(row[gold])
    return 2 * right / (told + true)


def main():
    rows = examples(sys.argv[1])
    halves = [[r for r in rows if r["half"] == half] for half in (0, 1)]
    other = [train(halves[1]), train(halves[0])]
    print(f"{len(rows)} sentences; each half by a model trained on the other:")
    print(f"f1 as given {f1(rows, other, 'given'):.3f}, mended {f1(rows, other, 'gold'):.3f}")
    weights, bounds = train(rows)
    both = [(weights, bounds)] * 2
    print("the weights written, on what they were trained on:")
    print(f"f1 as given {f1(rows, both, 'given'):.3f}, mended {f1(rows, both, 'gold'):.3f}")
    with open(ROOT / "models/act_place.bin", "wb") as out:
        out.write(b"dyadact1" + struct.pack("<iii", *bounds) + weights.tobytes())


main()
