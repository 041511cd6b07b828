"""How far PolNeAR agrees with itself: sentences that stand in two of its articles were annotated twice.

  python training/twice.py ../shared/data/polnear

Their cues are counted as `dyad eval polnear` counts them: one annotation's against the other's, by
overlap, each paired once. No reader can be expected to agree with the set much better than that.
"""

import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

SENTENCE = re.compile(r"[^\n]+?(?:[.!?][”\"'’]*(?=\s+[A-Z“\"'‘])|(?=\n)|$)")
WORD = re.compile(r"\w+")
# Shorter sentences are headings and formulas.
LEAST = 8


def cues(article):
    """The stretches of each attribution's cue."""
    for relation in article["relations"]:
        of = [part.split(":")[1] for part in relation.split()[1:] if part.startswith("Cue")]
        spans = [tuple(s) for mark in of for s in article["spans"].get(mark, {"spans": []})["spans"]]
        if spans:
            yield spans


def annotated(article):
    """Each sentence as its words, with the places of the words of each cue in it."""
    text, all_cues = article["text"], list(cues(article))
    for match in SENTENCE.finditer(text):
        start, end = match.span()
        places = [(start + m.start(), start + m.end()) for m in WORD.finditer(match.group())]
        inside = [[s for s in spans if start <= s[0] and s[1] <= end] for spans in all_cues]
        marked = [{i for i, (a, b) in enumerate(places) if any(a < v and u < b for u, v in spans)} for spans in inside]
        yield tuple(text[a:b].lower() for a, b in places), [m for m in marked if m]


def paired(one, other):
    free, found = list(other), 0
    for cue in one:
        partner = next((c for c in free if c & cue), None)
        if partner is not None:
            free.remove(partner)
            found += 1
    return found


def main():
    seen = defaultdict(dict)
    for split in ("train", "dev"):
        with gzip.open(Path(sys.argv[1]) / f"{split}.jsonl.gz", "rt") as lines:
            for line in lines:
                article = json.loads(line)
                for words, marked in annotated(article):
                    if len(words) >= LEAST:
                        seen[words].setdefault(article["id"], marked)
    twice = [list(by.values())[:2] for by in seen.values() if len(by) > 1]
    same = sum(paired(a, b) for a, b in twice)
    first, second = sum(len(a) for a, _ in twice), sum(len(b) for _, b in twice)
    print(f"{len(twice)} sentences stand in two articles, with {first} and {second} cues: F1 {2 * same / (first + second):.3f}")


main()
