"""How common words are in news, for telling which reports tell one story: writes lexicons/word-shares.tsv.

    python3 training/word_shares.py ../shared/data

Counts, for each beginning of a word, the reports that have it. Sets on which joining is scored are left out."""
import gzip
import json
import os
import re
import sys
from collections import Counter

LENGTH = 6  # letters of a beginning, as in crates/dyad-archive/src/story.rs
SHORT = 3  # shorter words are left out
LEAST = 12  # reports: a rarer word says no more than an unknown one
REPORT = 600  # characters: shorter texts are sentences
HELD_OUT = ("ecbplus",)
HERE = os.path.dirname(os.path.abspath(__file__))


def beginnings(text):
    return {w[:LENGTH] for w in re.findall(r"[^\W_]+", text.lower()) if len(w) >= SHORT}


def reports(folder):
    for root, _, files in sorted(os.walk(folder)):
        if os.path.basename(root) in HELD_OUT:
            continue
        for name in sorted(files):
            if not name.endswith((".jsonl", ".jsonl.gz")):
                continue
            open_ = gzip.open if name.endswith(".gz") else open
            with open_(os.path.join(root, name), "rt", encoding="utf-8", errors="replace") as file:
                for line in file:
                    text = json.loads(line).get("text")
                    if isinstance(text, str) and len(text) >= REPORT:
                        yield text


def main():
    count, having = 0, Counter()
    for text in reports(sys.argv[1]):
        count += 1
        having.update(beginnings(text))
    rows = sorted((w for w in having if having[w] >= LEAST), key=lambda w: (-having[w], w))
    with open(os.path.join(HERE, "../lexicons/word-shares.tsv"), "w", encoding="utf-8") as file:
        file.write(f"# How many of 10,000 news reports have a word that begins so (its first {LENGTH} letters, lower case).\n")
        file.write("# Rarer beginnings are left out. Made by training/word_shares.py; a row may be corrected by hand.\n")
        file.write("beginning\treports\n")
        for w in rows:
            file.write(f"{w}\t{max(1, round(10000 * having[w] / count))}\n")
    print(count, "reports", len(rows), "rows", file=sys.stderr)


if __name__ == "__main__":
    main()
