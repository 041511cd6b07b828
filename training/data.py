"""Treebanks and plain text into sentences of numbers."""
import gzip
from collections import Counter, namedtuple

ENTITIES = ["PERSON", "ORG", "PLACE", "NORP", "DATE", "QUANTITY", "MONEY", "WEAPON", "MISC"]
ENTITY_TAGS = ["O"] + [p + k for k in ENTITIES for p in ("B-", "I-")]
IGNORE = -100

# heads are 0 for the root, else 1-based; ents are BIO strings or None where nobody looked; soft is None, or the teacher's
# doubt: for each word its likely heads and its likely relations, as rows of (which, how likely)
Sentence = namedtuple("Sentence", "forms upos xpos lemmas heads rels ents weight soft", defaults=(None,))


def read_conllu(path):
    rows, out = [], []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line:
                cells = line.split("\t")
                if cells[0].isdigit():
                    rows.append(cells)
            elif rows:
                out.append(Sentence([r[1] for r in rows], [r[3] for r in rows], [r[4] for r in rows], [r[2] for r in rows],
                                    [int(r[6]) for r in rows], [r[7] for r in rows], None, 1.0))
                rows = []
    return out


def common(a, b):
    n = 0
    while n < min(len(a), len(b)) and a[n] == b[n]:
        n += 1
    return n


def lemma_script(form, lemma):
    """How to make the lemma: lower the form or keep it, take `cut` characters off its end, put `add` there.
    None where the stem changes: those go to the table of exceptions."""
    for case, text in (("k", form), ("l", form.lower())):
        n = common(text, lemma)
        if n >= max(1, len(text) - 4) and len(lemma) - n <= 4 or n == len(text) == len(lemma):
            return f"{case}{len(text) - n}{lemma[n:]}"
    return None


def apply_script(form, script):
    text = form.lower() if script[0] == "l" else form
    cut = int(script[1])
    if cut > len(text) or cut == len(text) and not script[2:]:
        return text
    return text[:len(text) - cut] + script[2:]


class Labels:
    """The inventories, in a fixed order."""

    def __init__(self, upos, xpos, rels, scripts, exceptions):
        self.upos, self.xpos, self.rels, self.scripts, self.exceptions = upos, xpos, rels, scripts, exceptions
        self.ents = ENTITY_TAGS
        self.index = {name: {v: i for i, v in enumerate(getattr(self, name))}
                      for name in ("upos", "xpos", "rels", "scripts", "ents")}

    @classmethod
    def of(cls, sentences, irregular):
        count = lambda xs: [k for k, _ in sorted(Counter(xs).items(), key=lambda kv: (-kv[1], kv[0]))]
        rels = Counter(r for s in sentences for r in s.rels)
        scripts = Counter()
        seen = Counter()
        for s in sentences:
            for f, x, l in zip(s.forms, s.xpos, s.lemmas):
                scripts[lemma_script(f, l)] += 1
                seen[(f.lower(), x, l)] += 1
        kept = [k for k, n in sorted(scripts.items(), key=lambda kv: (-kv[1], str(kv[0]))) if k and n >= 5]
        exceptions = {}
        for (f, x, l), n in sorted(seen.items(), key=lambda kv: (kv[1], kv[0])):
            if l != "_" and "\t" not in f and (n > 1 or not x.startswith("NNP")):
                exceptions[(f, x)] = l
        exceptions.update(irregular)
        return cls(count(u for s in sentences for u in s.upos), count(x for s in sentences for x in s.xpos),
                   [r for r, n in sorted(rels.items(), key=lambda kv: (-kv[1], kv[0])) if n >= 5], kept, exceptions)

    def rel(self, rel):
        index = self.index["rels"]
        return index.get(rel, index.get(rel.split(":")[0], IGNORE))

    def lemma(self, form, xpos, script):
        found = self.exceptions.get((form.lower(), xpos))
        return found if found else apply_script(form, script)


def irregular(path):
    """`form, tags, lemma` rows, tags separated by `|`."""
    out = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                form, tags, lemma = line.rstrip("\n").split("\t")
                for tag in tags.split("|"):
                    out[(form, tag)] = lemma
    return out


def without(sentence, drop):
    """The sentence without some leaves."""
    heads = set(sentence.heads)
    drop = {i for i in drop if i + 1 not in heads and sentence.heads[i] != 0}
    if not drop or len(drop) == len(sentence.forms):
        return sentence
    new, at = {0: 0}, 0
    for i in range(len(sentence.forms)):
        if i not in drop:
            at += 1
            new[i + 1] = at
    keep = [i for i in range(len(sentence.forms)) if i not in drop]
    pick = lambda xs: None if xs is None else [xs[i] for i in keep]
    ents = pick(sentence.ents)
    if ents:
        ents = ["B" + t[1:] if t[0] == "I" and (k == 0 or ents[k - 1][1:] != t[1:]) else t for k, t in enumerate(ents)]
    soft = sentence.soft and ([[(new[h], p) for h, p in row if h in new] for row in pick(sentence.soft[0])], pick(sentence.soft[1]))
    return Sentence(pick(sentence.forms), pick(sentence.upos), pick(sentence.xpos), pick(sentence.lemmas),
                    [new[sentence.heads[i]] for i in keep], pick(sentence.rels), ents, sentence.weight, soft)


QUOTES = {'"', "''", "``", "'", "`", "\u2018", "\u2019", "\u201c", "\u201d"}


def damaged(sentence, rng):
    """Text as it comes: capitals, no capitals, lost quotation marks, lost full stops, lost commas, typographic marks."""
    roll = rng.random()
    forms = sentence.forms
    if roll < 0.07:
        forms = [f.upper() for f in forms]
    elif roll < 0.10:
        forms = [f.lower() for f in forms]
    elif roll < 0.12:
        forms = [f[:1].upper() + f[1:] if len(f) > 3 else f for f in forms]
    elif roll < 0.20:
        forms = [{"'s": "\u2019s", "n't": "n\u2019t", "``": "\u201c", "''": "\u201d", '"': "\u201c" if i % 2 else "\u201d", "-": "\u2013",
                  "'": "\u2019", "'re": "\u2019re", "'ve": "\u2019ve", "'ll": "\u2019ll", "'m": "\u2019m"}.get(f, f) for i, f in enumerate(forms)]
    sentence = sentence._replace(forms=forms)
    roll = rng.random()
    if roll < 0.05:
        sentence = without(sentence, [i for i, f in enumerate(forms) if f in QUOTES and sentence.upos[i] == "PUNCT"])
    elif roll < 0.11 and sentence.upos[-1] == "PUNCT":
        sentence = without(sentence, [len(forms) - 1])
    elif roll < 0.13:
        sentence = without(sentence, [i for i, f in enumerate(forms) if f == "," and rng.random() < 0.5])
    return sentence


def word_list(path):
    with open(path, encoding="utf-8") as lines:
        return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def with_weapons(sentence, weapons):
    """Marks weapons and platforms: a noun of the list with the compounds and adjectives that stand right before it."""
    if sentence.ents is None:
        return sentence
    ents = list(sentence.ents)
    for i, (lemma, tag) in enumerate(zip(sentence.lemmas, sentence.upos)):
        if lemma.lower() not in weapons or tag not in ("NOUN", "PROPN") or sentence.rels[i] == "compound":
            continue
        start = i
        while start and sentence.heads[start - 1] == i + 1 and (sentence.rels[start - 1] == "compound" or sentence.upos[start - 1] == "PUNCT"
                                                              or sentence.lemmas[start - 1] in KINDS_OF_WEAPON):
            start -= 1
        if all(t == "O" or t.endswith("MISC") for t in ents[start:i + 1]) and (i + 1 == len(ents) or ents[i + 1][0] != "I"):
            for j in range(start, i + 1):
                ents[j] = ("B-" if j == start else "I-") + "WEAPON"
    return sentence._replace(ents=ents)


KINDS_OF_WEAPON = {"ballistic", "nuclear", "chemical", "biological", "heavy", "light", "small", "automatic", "guided", "unmanned", "armoured",
                   "armored", "hypersonic", "explosive", "improvised", "roadside", "long-range", "short-range", "self-propelled",
                   "anti-tank", "anti-aircraft", "naval", "homemade", "conventional", "strategic", "tactical"}
