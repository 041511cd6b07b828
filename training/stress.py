"""Scores the trained student on dev text as it is and as it comes: capitals, no capitals, lost quotation marks and full stops."""
import os
import sys

import torch

import batches
import data
import features
import minilm
import model as student
import train

HERE = os.path.dirname(os.path.abspath(__file__))


def lost_marks(s):
    return data.without(s, [i for i, f in enumerate(s.forms) if f in data.QUOTES | {"."} and s.upos[i] == "PUNCT"])


DAMAGE = {"as it is": lambda s: s, "capitals": lambda s: s._replace(forms=[f.upper() for f in s.forms]),
          "lower case": lambda s: s._replace(forms=[f.lower() for f in s.forms]), "no quotation marks, no full stops": lost_marks}


def main(root, work):
    torch.set_num_threads(1)
    gold = train.stage(os.path.join(work, "gold.pkl"), lambda: sys.exit("run train.py first"))
    labels = data.Labels.of(gold, data.irregular(os.path.join(HERE, "irregular.tsv")))
    net = student.Student(minilm.piece_table(student.PIECE), labels)
    net.load_state_dict(torch.load(os.path.join(work, "student.pt")))
    encode = batches.Encoder(labels, batches.Forms(features.Pieces(minilm.vocabulary())))
    for name in ("ewt", "gum"):
        dev = data.read_conllu(os.path.join(root, "ud", f"en_{name}-dev.conllu.gz"))
        for what, damage in DAMAGE.items():
            print(name, what, batches.score(net, encode, [damage(s) for s in dev]), flush=True)


if __name__ == "__main__":
    main(*(sys.argv[1:] + [os.path.join(HERE, "../../shared/data"), "/tmp/dyad-ear"][len(sys.argv) - 1:]))
