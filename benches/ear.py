"""How fast our path from text to trees and names is, against spaCy's small English pipeline.

Both read the same news in turns on one core, in one process with one thread each. The time is what
the core spent on the process, so that a busy machine tells the same. See README.md.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[name] = "1"

import news
from spacy_small import load

HERE = os.path.dirname(os.path.abspath(__file__))


def ours(texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    program = os.path.join(HERE, "../target/release/examples/ear")
    return json.loads(subprocess.run([program], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout)


def theirs(nlp, texts):
    began = time.process_time()
    tokens = sum(len(doc) for doc in nlp.pipe(texts))
    return tokens, time.process_time() - began


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", nargs="?", default=os.path.join(HERE, "../../shared/data"))
    arguments.add_argument("--turns", type=int, default=5)
    given = arguments.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "dyad-reader", "--example", "ear"], cwd=HERE, check=True)
    texts = news.articles(given.data)
    nlp = load()
    theirs(nlp, texts[:5])
    rates = {"spacy": [], "dyad": []}
    for _ in range(given.turns):
        tokens, seconds = theirs(nlp, texts)
        rates["spacy"].append(tokens / seconds)
        told = ours(texts)
        # a token of the one is not quite a token of the other: both rates count spaCy's
        rates["dyad"].append(tokens / told["seconds"])
    median = {name: statistics.median(all_) for name, all_ in rates.items()}
    print(f"{len(texts)} articles, {tokens} tokens of spaCy's, {told['tokens']} of ours, {given.turns} turns, medians")
    print(f"spaCy {nlp.meta['name']} {nlp.meta['version']}: {median['spacy']:,.0f} tokens a second")
    print(f"dyad, text to trees:    {median['dyad']:,.0f} tokens a second, {median['dyad'] / median['spacy']:.1f} times as fast")
    print(f"load {told['load_ms']:.0f} ms, model {told['model_mb']:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
