"""Whose names are righter: ours or those of spaCy's small English pipeline.

On Wikigold (given tokens; PER, ORG, LOC, MISC) and on every second document of re3d (text; the types that both have).
`dyad eval` counts ours and this file spaCy's by the same rule: exact extent and type, F1 over the whole file. Gold of both
sets is what it is: re3d's was made by machine and by crowd, and holds descriptions ("the town") beside names.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

from spacy.tokens import Doc

import news
from spacy_small import load

HERE = os.path.dirname(os.path.abspath(__file__))
WIKIGOLD = {"PERSON": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "NORP": "MISC", "EVENT": "MISC",
            "WORK_OF_ART": "MISC", "PRODUCT": "MISC", "LAW": "MISC", "LANGUAGE": "MISC"}
RE3D = {"PERSON": "Person", "ORG": "Organisation", "GPE": "Location", "LOC": "Location", "FAC": "Location",
        "NORP": "Nationality", "DATE": "Temporal", "TIME": "Temporal", "MONEY": "Money", "CARDINAL": "Quantity",
        "PERCENT": "Quantity", "QUANTITY": "Quantity"}


def ours(which, rows, dyad, score):
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "rows.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
        told = subprocess.run([dyad, "eval", which, path, "--json"], stdout=subprocess.PIPE, check=True).stdout
    return json.loads(told)["scores"][score]


def f1(pairs):
    """`pairs` of what is right and what is said, a set each, one pair a row."""
    right = sum(len(gold & said) for gold, said in pairs)
    return 2 * right / sum(len(gold) + len(said) for gold, said in pairs)


def runs(tags):
    found, start = set(), 0
    for at in range(1, len(tags) + 1):
        if at == len(tags) or tags[at] != tags[start]:
            if tags[start] != "O":
                found.add((start, at, tags[start].split("-")[1]))
            start = at
    return found


def bare(ent):
    """The name without its article and its possessive, as our parser gives names."""
    start, end = ent.start, ent.end
    if end - start > 1 and ent.doc[start].lower_ in ("the", "a", "an"):
        start += 1
    if end - start > 1 and ent.doc[end - 1].text in ("'s", "’s", "'"):
        end -= 1
    return start, end


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", nargs="?", default=os.path.join(HERE, "../../shared/data"))
    arguments.add_argument("--dyad", default=os.path.join(HERE, "../target/release/dyad"))
    given = arguments.parse_args()
    nlp = load()

    rows = news.rows(f"{given.data}/ner/wikigold.dev.jsonl.gz")
    docs = list(nlp.pipe(Doc(nlp.vocab, words=row["tokens"]) for row in rows))
    gold = [runs(row["gold"]) for row in rows]
    said = lambda extent: [{(*extent(e), WIKIGOLD[e.label_]) for e in doc.ents if e.label_ in WIKIGOLD} for doc in docs]
    print(f"Wikigold dev, {len(rows)} sentences, {sum(map(len, gold))} names")
    print(f"  spaCy {f1(list(zip(gold, said(lambda e: (e.start, e.end))))):.3f}")
    print(f"  spaCy, names without article and possessive {f1(list(zip(gold, said(bare)))):.3f}")
    print(f"  dyad  {ours('ner', rows, given.dyad, 'f1'):.3f}")

    rows = news.rows(f"{given.data}/re3d/documents.jsonl.gz")[1::2]
    kinds = set(RE3D.values())
    for row in rows:
        row["entities"] = [e for e in row["entities"] if e["type"] in kinds]
    docs = nlp.pipe(row["text"] for row in rows)
    pairs = [({(e["start"], e["end"], e["type"]) for e in row["entities"]},
              {(e.start_char, e.end_char, RE3D[e.label_]) for e in doc.ents if e.label_ in RE3D})
             for row, doc in zip(rows, docs)]
    print(f"re3d, every second document, {len(rows)} of them, {sum(len(gold) for gold, _ in pairs)} entities")
    print(f"  spaCy {f1(pairs):.3f}")
    print(f"  dyad  {ours('re3d', rows, given.dyad, 'entities_f1'):.3f}")


if __name__ == "__main__":
    sys.exit(main())
