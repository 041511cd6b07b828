"""News text for the benches, read from ../shared/data where it lies. Nothing of it is kept here."""
import gzip
import json


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def articles(data):
    """Political news as it was printed: the development articles of PolNeAR."""
    return [row["text"] for row in rows(f"{data}/polnear/dev.jsonl.gz")]
