"""Writes what PyTorch reads in `fixture.txt`, for the Rust test of parity."""
import os

import numpy as np
import torch

import prepare
import tree
from store import Store

HERE = os.path.dirname(os.path.abspath(__file__))


def viterbi(logits, labels):
    """The best row of entity tags in which no kind goes on that was not begun."""
    tags = labels.ents
    before, back = None, []
    for row in logits.tolist():
        now, came = [], []
        for t, tag in enumerate(tags):
            if tag[0] == "I":
                pairs = [(before[p], p) for p in (tags.index("B" + tag[1:]), t)] if before else [(float("-inf"), 0)]
                score, p = max(pairs, key=lambda sp: sp[0])
            else:
                score, p = max(((s, p) for p, s in enumerate(before)), key=lambda sp: sp[0]) if before else (0.0, 0)
            now.append(score + row[t])
            came.append(p)
        back.append(came)
        before = now
    at = max(range(len(tags)), key=lambda t: before[t])
    out = []
    for came in reversed(back):
        out.append(tags[at])
        at = came[at]
    return out[::-1]


def write(net, labels, words, out=os.path.join(HERE, "../crates/dyad-reader/tests/data/parity.tsv")):
    with open(os.path.join(HERE, "fixture.txt"), encoding="utf-8") as lines:
        sentences = [line.split() for line in lines if line.strip()]
    store = Store([prepare.Made(prepare.TEXT, forms) for forms in sentences], labels, words, torch.device("cpu"))
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as file:
        file.write("# written by training/fixture.py: form, lemma, upos, xpos, head, relation, entity\n")
        for k, forms in enumerate(sentences):
            batch = store.batch(np.array([3 * k]))
            with torch.no_grad():
                got = net(store, batch)
                heads = tree.decode(torch.log_softmax(got["arcs"][0], -1).numpy())
                rels = net.heads.relations(got, torch.tensor([heads])).argmax(-1)[0]
            best = {name: got[name][0].argmax(-1).tolist() for name in ("upos", "xpos", "scripts")}
            ents = viterbi(got["ents"][0], labels)
            for i, form in enumerate(forms):
                xpos = labels.xpos[best["xpos"][i]]
                lemma = labels.lemma(form, xpos, labels.scripts[best["scripts"][i]])
                rel = labels.rels[rels[i]] if heads[i] else "root"
                file.write("\t".join([form, lemma, labels.upos[best["upos"][i]], xpos, str(heads[i]),
                                      "parataxis" if heads[i] and rel == "root" else rel, ents[i]]) + "\n")
            file.write("\n")
