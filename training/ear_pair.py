"""The ear's head of pairs (models/ear_pair.bin): what the rows of the ear's words say of two sides.

    python training/ear_pair.py student_final.pt   # writes the head that was trained with the ear's rows (train.py, again.py)
    python training/ear_pair.py --held             # the shipped models on sentences that nothing learned from

The head belongs to one ear, which its file names. `--held` reads examples/held_back_pairs.tsv through the built examples
(`cargo build --release -p dyad-reader --examples`).
"""

import argparse
import json
import math
import os
import re
import struct
import subprocess
from pathlib import Path

import numpy as np
import torch

import again
import export
import joined as joins
import minilm
import pair
import prepare
import train
from pair import FIXTURE, HERE, PENTA, ROOTS, f1, matrix, unmarked
from store import Store

# How much the linear models and this one count: for the roots, then for what is joined and what is added there. From here
# whole.py goes on, after which both count whole.
BLEND = (0.6, 0.3, 0.4, 0.6, -0.5)


def write(path, head):
    """As `dyad-neural` reads it: 8-bit rows with a scale each."""
    ear = int.from_bytes((HERE / "models/ear.bin").read_bytes()[8:16], "little")
    out = [
        export.names("roots", ROOTS),
        export.names("ear", [f"{ear:016x}"]),
        export.section("blend", export.FLOATS, [len(BLEND)], np.array(BLEND, "<f4").tobytes()),
    ]
    for name, tensor in head.items():
        if tensor.dim() == 2:
            bytes_, scales = export.rows(tensor)
            body = scales.numpy().tobytes() + bytes_.numpy().tobytes()
            out.append(export.section("pair." + name, export.ROWS, list(tensor.shape), body))
        else:
            out.append(export.section("pair." + name, export.FLOATS, list(tensor.shape), tensor.numpy().tobytes()))
    size, digest = export.save(path, b"".join(out))
    print(f"{path}: {size} bytes, pair-{digest:016x}")


def fixture(net, labels, words, path=HERE / "crates/dyad-reader/tests/data/ear_pair.tsv"):
    """The head's scores of some sentences, for crates/dyad-reader/tests/parity.rs."""
    rows, made = [unmarked(marked) for marked in FIXTURE], []
    for row in rows:
        found = list(re.finditer(r"\w+|[^\w\s]", row["text"]))
        ends = [[len(row["text"][:at].encode()) for at in (form.start(), form.end())] for form in found]
        sides = [prepare.inside(ends, row[side]) for side in ("source", "target")]
        made.append(prepare.Made(prepare.OWN, [form.group() for form in found], pairs=[(*sides, 0, 1, 1.0)]))
    store = Store(made, labels, words, torch.device("cpu"))
    with open(path, "w", encoding="utf-8") as out:
        for i, marked in enumerate(FIXTURE):
            with torch.no_grad():
                scores = net(store, store.batch(np.array([3 * i]), math.inf))["pairs"][0]
            out.write("\t".join([marked, *(f"{score:.3f}" for score in scores)]) + "\n")


def put(net, labels, path):
    """Writes the head of a network, and its fixture as it is when it has been rounded."""
    export.rounded(net)
    head = net.heads.pair
    with torch.no_grad():
        for tensor in head.state_dict().values():
            if tensor.dim() == 2:
                bytes_, scales = export.rows(tensor)
                tensor.copy_(bytes_.float() * scales[:, None])
    write(path, head.state_dict())
    fixture(net, labels, minilm.vocabulary())


def linear(path):
    """The weights of a linear model that `pair.write` made."""
    with open(path, "rb") as file:
        _, _, size, classes = struct.unpack("<8sIII", file.read(20))
        scale, bias = (np.frombuffer(file.read(4 * classes), "<f4") for _ in range(2))
        weights = np.frombuffer(file.read(), np.int8).reshape(size, classes)
    return torch.tensor(weights * scale), torch.tensor(bias)


def heard(rows):
    """The head's scores of pairs of byte ranges, as the built reader gives them."""
    lines = "".join(json.dumps({"text": row["text"], "pairs": row["pairs"]}) + "\n" for row in rows)
    command = [HERE / "target/release/examples/ear_pairs"]
    out = subprocess.run(command, input=lines, check=True, capture_output=True, text=True).stdout
    return np.array([scores for line in out.splitlines() for scores in json.loads(line)["scores"]], np.float32)


def held():
    blend = again.sections(HERE / "models/ear_pair.bin")["blend"].tolist()
    rows = list(pair.own_pairs(pair.HELD))
    labels, features = pair.look(rows)
    w, b = linear(HERE / "models/pair.bin")
    before = (torch.sparse.mm(matrix(features), w) + b).numpy()
    own = heard([{"text": row["text"], "pairs": [[*row["source"], *row["target"]]]} for row in rows])[:, :-1]
    both = blend[0] * before + blend[1] * own
    for name, scores in (("linear", before), ("ear", own), ("together", both)):
        said = scores.argmax(1)
        penta = [np.array(PENTA)[them] for them in (labels, said)]
        classes = f1(*penta)[:4]
        print(f"root, {name}: macro F1 {np.mean(f1(labels, said)):.3f} accuracy {(said == labels).mean():.3f} of the four classes {np.mean(classes):.3f}")
    marked = list(joins.marked(rows, True))
    features, truth, _, _ = joins.look(marked)
    w, b = linear(HERE / "models/joined.bin")
    before = (torch.sparse.mm(matrix(features), w) + b)[:, 0].numpy()
    asked = []
    for row, found in zip(marked, joins.candidates(marked)):
        kept = [ends for *ends, _ in found if joins.is_joined(ends[:2], ends[2:], row["links"]) is not None]
        asked.append({"text": row["text"], "pairs": kept})
    own = heard(asked)[:, -1]
    both = blend[2] * before + blend[3] * own + blend[4]
    for name, scores in (("linear", before), ("ear", own), ("together", both)):
        order = np.argsort(-scores)
        recall = np.cumsum(truth[order]) / truth.sum()
        precision = np.cumsum(truth[order]) / np.arange(1, len(truth) + 1)
        at = ", ".join(f"{precision[np.searchsorted(recall, r)]:.3f} at recall {r}" for r in (0.5, 0.7, 0.9))
        told = 1 / (1 + np.exp(-scores)) >= 0.4
        print(f"joined, {name}: precision {at}; at .4: {truth[told].mean():.3f} of {told.sum()}, recall {truth[told].sum() / truth.sum():.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("student", nargs="?", help="the file in --work")
    parser.add_argument("--work", default="/tmp/dyad-ear", type=Path)
    parser.add_argument("--out", default=HERE / "models/ear_pair.bin", type=Path)
    parser.add_argument("--held", action="store_true")
    arguments = parser.parse_args()
    if arguments.held:
        held()
        return
    labels, _ = train.stage(os.path.join(arguments.work, "prepared.pkl"), lambda: exit("run train.py --prepare first"))
    put(train.trained(arguments.work / arguments.student, minilm.unpacked(arguments.work / "table.npz")["table"], labels), labels, arguments.out)


if __name__ == "__main__":
    main()
