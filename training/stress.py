"""Scores the trained student on dev text as it is and as it comes: capitals, no capitals, lost quotation marks and full stops."""
import os
import sys

import numpy as np
import torch

import data
import minilm
import prepare
import score
import train
from store import Store


def capitals(forms, _):
    return [f.upper() for f in forms], range(len(forms))


def lower_case(forms, _):
    return [f.lower() for f in forms], range(len(forms))


def lost_marks(forms, _):
    kept = [i for i, f in enumerate(forms) if f not in data.QUOTES | {"."}] or [0]
    return [forms[i] for i in kept], kept


def main(work):
    labels, made = train.stage(os.path.join(work, "prepared.pkl"), lambda: sys.exit("run train.py first"))
    made = [m for m in made if m.kind in (prepare.DEV_EWT, prepare.DEV_GUM)]
    net = train.trained(os.path.join(work, "student.pt"), minilm.unpacked(os.path.join(work, "table.npz"))["table"], labels)
    for damage, variant in ((capitals, 0), (capitals, 1), (lower_case, 1), (lost_marks, 1)):
        store = Store(made, labels, minilm.vocabulary(), torch.device("cpu"), damage=damage)
        for name, kind in (("ewt", prepare.DEV_EWT), ("gum", prepare.DEV_GUM)):
            print(name, damage.__name__ if variant else "as it is",
                  score.attachment(net, store, np.flatnonzero(store.kind == kind), variant=variant), flush=True)


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["/tmp/dyad-ear"]))
