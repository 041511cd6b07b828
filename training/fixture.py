"""Writes what PyTorch reads in `fixture.txt`, for the Rust test of parity."""
import os

import batches
import data

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


def write(net, encode, out=os.path.join(HERE, "../crates/dyad-reader/tests/data/parity.tsv")):
    labels = encode.labels
    with open(os.path.join(HERE, "fixture.txt"), encoding="utf-8") as lines:
        sentences = [line.split() for line in lines if line.strip()]
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as file:
        file.write("# written by training/fixture.py: form, lemma, upos, xpos, head, relation, entity\n")
        for forms in sentences:
            n = len(forms)
            s = data.Sentence(forms, ["X"] * n, ["NN"] * n, forms, [0] * n, ["root"] * n, None, 1.0)
            got = batches.predict(net, encode, [s], raw=True)[0]
            ents = viterbi(got["ent_scores"], labels)
            for i, form in enumerate(forms):
                xpos = labels.xpos[got["xpos"][i]]
                lemma = labels.lemma(form, xpos, labels.scripts[got["scripts"][i]])
                head = got["heads"][i]
                rel = labels.rels[got["rels"][i]] if head else "root"
                file.write("\t".join([form, lemma, labels.upos[got["upos"][i]], xpos, str(head),
                                      "parataxis" if head and rel == "root" else rel, ents[i]]) + "\n")
            file.write("\n")
