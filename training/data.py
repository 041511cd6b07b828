"""Treebanks and plain text into sentences of numbers."""
import gzip
from collections import Counter, namedtuple

ENTITIES = ["PERSON", "ORG", "PLACE", "NORP", "DATE", "QUANTITY", "MONEY", "WEAPON", "MISC"]
ENTITY_TAGS = ["O"] + [p + k for k in ENTITIES for p in ("B-", "I-")]
IGNORE = -100

# heads are 0 for the root, else 1-based; ents are BIO strings or None where nobody looked
Sentence = namedtuple("Sentence", "forms upos xpos lemmas heads rels ents", defaults=(None,))


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
                                    [int(r[6]) for r in rows], [r[7] for r in rows]))
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


QUOTES = {'"', "''", "``", "'", "`", "\u2018", "\u2019", "\u201c", "\u201d"}
STOPS = {".", "!", "?", "\u2026", "...", ";"}
SMART = {"'s": "\u2019s", "n't": "n\u2019t", "``": "\u201c", "''": "\u201d", "-": "\u2013", "'": "\u2019", "'re": "\u2019re",
         "'ve": "\u2019ve", "'ll": "\u2019ll", "'m": "\u2019m"}


def damaged(forms, rng):
    """Text as it comes: capitals, no capitals, typographic marks, lost quotation marks, lost full stops, lost commas. The
    forms with the place that each had before."""
    roll = rng.random()
    kept = list(range(len(forms)))
    if roll < 0.17:
        forms = [f.upper() for f in forms]
    elif roll < 0.26:
        forms = [f.lower() for f in forms]
    elif roll < 0.31:
        forms = [f[:1].upper() + f[1:] if len(f) > 3 else f for f in forms]
    elif roll < 0.52:
        forms = [SMART.get(f, f) if f != '"' else "\u201c" if i % 2 else "\u201d" for i, f in enumerate(forms)]
    roll = rng.random() if roll < 0.52 else 0.3 * rng.random()
    if roll < 0.12:
        kept = [i for i, f in enumerate(forms) if f not in QUOTES]
    elif roll < 0.25 and forms[-1] in STOPS:
        kept.pop()
    elif roll < 0.30:
        kept = [i for i, f in enumerate(forms) if f != "," or rng.random() < 0.5]
    kept = kept or list(range(len(forms)))
    return [forms[i] for i in kept], kept


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
