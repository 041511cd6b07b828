"""Every sentence that the networks are trained on, cut into tokens and marked as far as it is marked: made once on the
CPU, so that what needs an accelerator is one short run. `train.py` calls it."""
import gzip
import json
import os
import random
import re
import zlib
from collections import namedtuple

import numpy as np

import data
import joined as joins
import silver
from pair import MORE, ROOTS, own_pairs, pairs, part

GOLD, TEXT, OWN, FIELD, MENTIONS, DEV_EWT, DEV_GUM, DEV_SPEECH = range(8)
ATTR = ["cue.O", "cue.B", "cue.I", "source.O", "source.B", "source.I", "content.O", "content.I"]
KINDS = {"Person": "PERSON", "Organisation": "ORG", "Location": "PLACE", "Nationality": "NORP", "Temporal": "DATE", "Quantity": "QUANTITY",
         "Money": "MONEY", "Weapon": "WEAPON", "MilitaryPlatform": "WEAPON"}

# `ents`, `attr` (a triple of rows) and `ments` are None where nobody looked; `pairs` are (source, target, root or -1,
# joined: -1 unknown, 0, 1, weight), each side a first and a last+1 token; `part` tells halves and folds apart
Made = namedtuple("Made", "kind forms gold ents attr ments pairs part", defaults=(None,) * 6)


def tokens(nlp, text):
    """Forms, and the bytes of each."""
    forms, spans = [], []
    for t in nlp.make_doc(text[:4000]):
        if not t.is_space:
            start = len(text[:t.idx].encode())
            forms.append(t.text)
            spans.append((start, start + len(t.text.encode())))
    return forms, spans


def inside(spans, side):
    """The tokens that a stretch touches, as first and last+1."""
    at = [i for i, s in enumerate(spans) if s[0] < side[1] and side[0] < s[1]]
    return (at[0], at[-1] + 1) if at else None


def candidates(rows, size=4000):
    """Of each row the pairs of the reader's mentions, as `joined.candidates` without the features."""
    rows = list(rows)
    for i in range(0, len(rows), size):
        for found in joins.candidates(rows[i:i + size]):
            yield [tuple(ends) for *ends, _ in found]


def told(nlp, rows, typed, kind, share, own=False):
    """Sentences with marked pairs, which have a root, and all pairs of the reader's mentions."""
    rows = list(rows)
    roots = {}
    for row in typed:
        roots.setdefault(row["text"], []).append((row["source"], row["target"], ROOTS.index(row["type"]), 1, share))
    for row, found in zip(rows, candidates(rows)):
        forms, spans = tokens(nlp, row["text"])
        every = list(roots.get(row["text"], ()))
        for a, b, c, d in found:
            is_joined = joins.is_joined((a, b), (c, d), row["links"])
            if is_joined is not None:
                every.append(((a, b), (c, d), -1, int(is_joined), joins.UNMARKED if own and not is_joined else 1.0))
        sides = [(inside(spans, s), inside(spans, t), *rest) for s, t, *rest in every]
        yield Made(kind, forms, pairs=[s for s in sides if s[0] and s[1]], part=part(row["text"], 10))


def covers(article):
    """The characters of cue, source and content of an article, and where each stretch begins."""
    rows = []
    for kind in ("Cue", "Source", "Content"):
        of = np.zeros(len(article["text"]) + 1, np.int8)
        for mark in article["spans"].values():
            if mark["type"] == kind:
                for n, (start, end) in enumerate(sorted(mark["spans"])):
                    of[start:end] = 2
                    of[start] = 1 if n == 0 else 2
        rows.append(of)
    return rows


def tagged(cover, start, end):
    return 1 if 1 in cover[start:end] else 2 if cover[start:end].any() else 0


def speech(nlp, path, kind):
    """PolNeAR's sentences with cue, source and content as 0, 1 (begins) and 2 (goes on)."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    texts = ((m.group(), (a["text"], covers(a), m.start())) for a in articles for m in re.finditer(r"[^\n]+", a["text"]))
    for doc, (_, cover, base) in nlp.pipe(texts, as_tuples=True, batch_size=128):
        ents = silver.bio(doc)
        for sentence in doc.sents:
            at = [t for t in sentence if not t.is_space]
            if not 2 <= len(at) <= 80:
                continue
            kept = silver.begun([ents[t.i] for t in at])
            rows = [[tagged(c, base + t.idx, base + t.idx + len(t.text)) for t in at] for c in cover]
            yield Made(kind, [t.text for t in at], ents=kept, attr=rows)


def mentions(nlp, path):
    """re3d's sentences with its entities, the longest where they nest."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            doc = nlp(row["text"])
            tags = ["O"] * len(doc)
            found = [e for e in row["entities"] if e["confidence"] >= 0.5 and e["type"] in KINDS]
            for e in sorted(found, key=lambda e: e["start"] - e["end"]):
                at = [t.i for t in doc if t.idx < e["end"] and e["start"] < t.idx + len(t.text) and not t.is_space]
                if at and all(tags[i] == "O" for i in at):
                    for i in at:
                        tags[i] = ("B-" if i == at[0] else "I-") + KINDS[e["type"]]
            for sentence in doc.sents:
                at = [t.i for t in sentence if not t.is_space]
                if at:
                    yield Made(MENTIONS, [doc[i].text for i in at], ments=silver.begun([tags[i] for i in at]), part=zlib.crc32(row["id"].encode()) % 10)


def weighty(ents):
    return sum(e[0] == "B" and e[2:] in ("PERSON", "ORG", "PLACE", "NORP") for e in ents or ())


def text(nlp, root, asked=40000):
    """Unlabelled news; of those sentences that name two, `asked` get the pairs of the reader's mentions."""
    out = [Made(TEXT, forms, ents=ents) for forms, ents in silver.read(root, nlp)]
    some = [i for i, m in enumerate(out) if weighty(m.ents) >= 2 and len(m.forms) <= 60]
    some = random.Random(5).sample(some, min(asked, len(some)))
    texts = [" ".join(out[i].forms) for i in some]
    for i, line, found in zip(some, texts, candidates([{"text": t} for t in texts])):
        spans, at = [], 0
        for form in out[i].forms:
            spans.append((at, at + len(form.encode())))
            at += len(form.encode()) + 1
        sides = [(inside(spans, (a, b)), inside(spans, (c, d))) for a, b, c, d in found]
        random.Random(i).shuffle(sides)
        out[i] = out[i]._replace(pairs=[(s, t, -1, -1, 1.0) for s, t in sides[:4] if s and t])
    return out


def everything(root, here):
    """All of it, in a fixed order."""
    at = lambda *name: os.path.join(root, *name)
    treebank = lambda name: data.read_conllu(at("ud", f"en_{name}.conllu.gz"))
    nlp = silver.spacy_model()
    weapons = data.word_list(os.path.join(here, "weapons.txt"))
    gold = silver.marked(treebank("ewt-train") + treebank("gum-train"), nlp)
    labels = data.Labels.of(gold, data.irregular(os.path.join(here, "irregular.tsv")))
    out = [Made(GOLD, s.forms, s, s.ents) for s in (data.with_weapons(s, weapons) for s in gold) if len(s.forms) <= 100]
    for kind, name in ((DEV_EWT, "ewt-dev"), (DEV_GUM, "gum-dev")):
        out += [Made(kind, s.forms, s) for s in treebank(name)]
    nlp.enable_pipe("senter")
    out += mentions(nlp, at("re3d", "documents.jsonl.gz"))
    out += speech(nlp, at("polnear", "train.jsonl.gz"), TEXT)
    out += speech(nlp, at("polnear", "dev.jsonl.gz"), DEV_SPEECH)
    own = [*own_pairs(), *own_pairs(MORE)]
    out += told(nlp, joins.marked(own, True), own, OWN, 1.0, own=True)
    out += told(nlp, joins.nothing(), (), OWN, 1.0)
    plv = list(pairs(at("plv", "train.jsonl")))
    out += told(nlp, joins.marked(plv), plv, FIELD, 1.5)
    out += told(nlp, joins.cameo(at("cameo", "spans.train.jsonl")), (), FIELD, 1.0)
    out += text(nlp, root)
    return labels, [m for m in out if m.forms]
