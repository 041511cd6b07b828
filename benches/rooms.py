"""What share of reading is spent on what: samples a run of dyad with perf and adds up the functions
of each room.

  python benches/rooms.py [DATA] [--dyad PROGRAM]

Looking up is everything in `mention` and in the lexicons, and every search among bytes, whoever asked
for it: more than looking up alone.
"""

import argparse
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

ROOMS = [
    ("the network", r"dyad_neural"),
    ("looking up", r"dyad_lexicon|dyad_reader\d+mention|memcmp|memr?chr|4core5slice|4core3str"),
    ("coding", r"dyad_reader\d+coding"),
    ("report, text, syntax", r"dyad_reader\d+(report|text|syntax)"),
]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("data", nargs="?", default="../shared/data")
    options.add_argument("--dyad", default="target/release/dyad")
    given = options.parse_args()
    articles = Path(given.data) / "polnear/dev.jsonl.gz"
    with tempfile.NamedTemporaryFile() as samples:
        record = ["perf", "record", "-q", "-F", "1999", "-o", samples.name, "--"]
        run = [given.dyad, "eval", "polnear", str(articles)]
        subprocess.run(record + run, check=True, stdout=subprocess.DEVNULL)
        report = ["perf", "report", "-i", samples.name, "--no-demangle", "--stdio", "-F", "overhead,sym"]
        lines = subprocess.run(report, check=True, capture_output=True, text=True).stdout
    shares = Counter()
    for share, name in re.findall(r"^\s*([\d.]+)%\s+\[.\]\s+(\S+)", lines, re.M):
        room = next((room for room, names in ROOMS if re.search(names, name)), "memory and the rest")
        shares[room] += float(share)
    for room, share in shares.most_common():
        print(f"{room:22} {share:5.1f} %")


main()
