"""Writes the set that `dyad eval damage` scores: clean news in which a quarter of the sentences is damaged as
tools do it (damaging.py), each in one way.

    python training/damaged_news.py ../shared/data OUT.jsonl.gz [--other]

With --other the synonyms and the letters mistaken are other ones than those that anything learns from.

Documents are divided by a hash of their words; those of part 9 of ten are written, the others may be learned from.
"""

import gzip
import hashlib
import json
import random
import re
import sys
from pathlib import Path

import damaging
from damaging import KINDS, damage

LEAST = 6  # tokens of a sentence that is looked at

TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\S")
END = re.compile(r"[.!?]['\"”’)]*\s+(?=['\"“‘(]?[A-Z0-9])")
ABBREVIATIONS = set(
    "mr mrs ms dr prof gen lt col sgt capt sen rep gov st jr sr inc co corp ltd no vs jan feb mar apr aug sept oct "
    "nov dec us u.s u.n u.k d.c a.m p.m i.e e.g etc mt ft adm maj cmdr pres hon rev".split()
)


def sentences(block):
    """The stretches of a block that end like sentences, as (start, end)."""
    start = 0
    for found in END.finditer(block):
        before = block[start : found.start()].split()
        last = before[-1].lstrip("'\"“‘(").lower() if before else ""
        if last in ABBREVIATIONS or len(last) == 1:
            continue
        end = found.start() + len(found.group().rstrip())
        yield start, end
        start = found.end()
    if start < len(block.rstrip()):
        yield start, len(block.rstrip())


def tokens(sentence):
    return TOKEN.findall(sentence)


def documents(data):
    """Clean news in its own capitals, as lists of paragraphs, with the set they are of."""
    sets = ["polnear/train.jsonl.gz", "polnear/dev.jsonl.gz", "places/lgl.jsonl.gz", "timeml/timebank.jsonl.gz",
            "ngec/synthetic_stories.jsonl.gz", "wikiwars/train.jsonl.gz"]
    for name in sets:
        with gzip.open(data / name, "rt", errors="replace") as lines:
            for line in lines:
                text = json.loads(line).get("text") or ""
                blocks = [" ".join(b.split()) for b in re.split(r"\n\s*\n|\n", text)]
                blocks = [b for b in blocks if len(b) > 60 and b[-1] in ".!?\"”’"]
                if blocks:
                    yield name.split("/")[0], blocks


def is_clean(blocks):
    """No text whose characters were lost before it came here."""
    return not any(s in block for block in blocks for s in ("\u00e2 ", "\u00e2\u20ac", "\ufffd", "\u00c3"))


def part(blocks):
    return int(hashlib.blake2b(" ".join(blocks).encode(), digest_size=4).hexdigest(), 16) % 10


def damaged(docs, seed, share=0.25, kinds=KINDS):
    """Each document with some of its sentences damaged: (set, blocks of (text, kind or None, as it was))."""
    rng = random.Random(seed)
    for name, blocks in docs:
        whole = " ".join(blocks)
        made = []
        for block in blocks:
            row = []
            for start, end in sentences(block):
                text, kind = block[start:end], None
                if len(tokens(text)) >= LEAST and rng.random() < share:
                    kind = rng.choice(kinds)
                    mangled = damage(text, kind, rng, whole)
                    text, kind = (mangled, kind) if mangled and mangled != text else (text, None)
                row.append((text, kind, block[start:end]))
            made.append(row)
        yield name, made


def write(path, docs, seed):
    with gzip.open(path, "wt") as out:
        for name, blocks in damaged(docs, seed):
            text, rows = "", []
            for block in blocks:
                text += "\n\n" if text else ""
                for i, (sentence, kind, _) in enumerate(block):
                    text += " " if i else ""
                    rows.append({"start": len(text), "end": len(text) + len(sentence), "kind": kind or "clean"})
                    text += sentence
            out.write(json.dumps({"set": name, "text": text, "sentences": rows}) + "\n")


def main():
    if "--other" in sys.argv:
        damaging.others()
    held = [d for d in documents(Path(sys.argv[1])) if part(d[1]) == 9 and is_clean(d[1])]
    write(Path(sys.argv[2]), held, 3)


if __name__ == "__main__":
    main()
