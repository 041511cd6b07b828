"""Makes the table of the detector of mangled sentences (models/damage.bin): how common words, pairs of words and runs of
letters are. `sound.py` makes the rest of it on top.

    python training/damage.py ../shared/data BIGRAMS DICTIONARY

BIGRAMS is `frequency_bigramdictionary_en_243_342.txt` of PyPI's `symspellpy`: common pairs of words with their counts in
Google's books. DICTIONARY is the folder of npm's `dictionary-en`, Hunspell's American words and endings. Of
the documents of news, two in ten by a hash of their words go into the table; what learns from the table learns from others.
"""

import difflib
import gzip
import importlib.util
import json
import math
import re
import struct
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import torch
from damaged_news import LEAST, damaged, documents, is_clean, part, sentences, tokens

ROOT = Path(__file__).resolve().parent.parent
BITS = 21
MAGIC = b"DYADDMG2"


def word(token):
    """What a token counts as: its small letters, any number as one."""
    token = token.lower().replace("’", "'")
    return "0" if token[0].isdigit() and not any(c.isalpha() for c in token) else token


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


class Table:
    """How often words, pairs of words and runs of letters stand in news: open addressing, a byte of the key's
    hash and a byte of the count's logarithm (eighths of a power of two)."""

    def __init__(self):
        self.marks = np.zeros(1 << BITS, dtype=np.uint8)
        self.counts = np.zeros(1 << BITS, dtype=np.uint8)
        self.held = 0

    def slot(self, key):
        value = fnv(key)
        at = value >> (64 - BITS)
        mark = value & 0xFF or 1
        for _ in range(64):
            if self.counts[at] == 0 or self.marks[at] == mark:
                return at, mark
            at = (at + 1) & ((1 << BITS) - 1)
        return None, mark

    def put(self, key, count):
        at, mark = self.slot(key)
        if at is None:
            return
        self.held += self.counts[at] == 0
        self.marks[at] = mark
        self.counts[at] = max(self.counts[at], min(255, 1 + int(8 * math.log2(max(1, count)))))

    def get(self, key):
        at, _ = self.slot(key)
        return 0 if at is None else int(self.counts[at])


class Cached:
    """The table as read from its two arrays, with what was asked kept."""

    def __init__(self, table):
        self.table, self.kept = table, {}

    def get(self, key):
        if key not in self.kept:
            self.kept[key] = self.table.get(key)
        return self.kept[key]


BUCKETS = 1 << 17


def lexicon(kind):
    """The words of a kind in the reader's own table."""
    rows = (line.rstrip("\n").split("\t") for line in open(ROOT / "lexicons/mangled.tsv") if not line.startswith("#"))
    return [row[0] for row in rows if row[1] == kind]


ENDINGS, SMALL = lexicon("ending"), set(lexicon("small"))


def shape(token, w):
    """The class of a word among small words, which stand for themselves."""
    if w in SMALL:
        return w
    if not token[0].isalnum():
        return token
    if w == "0" or token[0].isdigit():
        return "0"
    if token[0].isupper():
        return "A" if len(token) > 1 and token.isupper() else "X"
    return next(("-" + e for e in ENDINGS if len(w) > len(e) + 2 and w.endswith(e)), "x")


def positions(toks, words, one, table):
    """For each token the buckets of what stands at it and around it."""
    n = len(toks)
    shapes = ["<", "<"] + [shape(t, w) for t, w in zip(toks, words)] + [">", ">"]
    padded = ["<"] + words + [">"]
    rows = []
    for i in range(n):
        a, b, c, d, e = shapes[i : i + 5]
        before, own, after = padded[i : i + 3]
        left = table.get(f"2{before} {own}") // 16 if i else 31
        right = table.get(f"2{own} {after}") // 16 if i + 1 < n else 31
        mine = one[i] // 12
        first = one[i - 1] // 24 if i else 31
        last = one[i + 1] // 24 if i + 1 < n else 31
        skip = min(1, table.get(f"3{before} {after}")) if 0 < i < n - 1 else 2
        keys = (
            f"a{own}", f"b{before} {own}", f"c{own} {after}", f"d{b} {c} {d}", f"e{a} {b} {c}", f"f{c} {d} {e}",
            f"g{a} {b} {c} {d}", f"h{b} {c} {d} {e}", f"i{a} {b} {c} {d} {e}", f"j{before} {c}", f"k{c} {after}",
            f"l{own} {b} {d}", f"m{mine} {c}", f"n{left} {mine} {first}", f"o{right} {mine} {last}",
            f"p{left} {right} {mine}", f"q{skip} {left} {right}", f"r{b} {c} {left}", f"s{c} {d} {right}",
            f"t{before} {after}", f"u{own[-3:]} {b} {d}", f"v{own[:4]} {mine}",
        )
        rows.append([fnv(k) >> 47 for k in keys])
    return rows


def grams(w):
    w = f"^{w}$"
    return [w[i : i + 4] for i in range(len(w) - 3)]


def common_words():
    """English words with how often each would stand in four million (wordfreq's large list)."""
    import msgpack

    path = Path(importlib.util.find_spec("wordfreq").origin).parent / "data/large_en.msgpack.gz"
    with gzip.open(path) as file:
        groups = msgpack.load(file)[1:]
    words = {}
    for hundredths, group in enumerate(groups):
        for w in group:
            if w.replace("'", "").isalpha():
                words[w] = 4_000_000 * 10 ** (-hundredths / 100)
    return words


def rows_of(path):
    with gzip.open(path, "rt", errors="replace") if path.suffix == ".gz" else open(path) as lines:
        for line in lines:
            yield json.loads(line)


def other_texts(data):
    """English that is no part of what is measured on: stretches of it."""
    for name in ("en_ewt-train", "en_gum-train"):
        with gzip.open(data / f"ud/{name}.conllu.gz", "rt") as lines:
            yield from (line[9:].strip() for line in lines if line.startswith("# text = "))
    # Lower case and without its signs, so that it tells of words and pairs alone.
    for row in rows_of(data / "bbc-news/text.jsonl.gz"):
        yield from row["text"].split("  ")
    for name in ("muc4/train.jsonl.gz", "re3d/documents.jsonl.gz", "plv/train.jsonl", "cameo/spans.train.jsonl"):
        for row in rows_of(data / name):
            yield " ".join((row.get("text") or "").split())
    for text in sorted({row["text"] for row in rows_of(data / "event-location/train.jsonl.gz")}):
        yield text
    # Tokens stand apart there.
    for row in rows_of(data / "ecbplus/train.jsonl.gz"):
        for line in row["text"].replace("``", '"').replace("''", '"').split("\n"):
            yield re.sub(r" n't", "n't", re.sub(r" ('[a-z]+)", r"\1", line))


def spelled(dictionary):
    """All words that Hunspell's dictionary makes with its prefixes and suffixes."""
    rules, words = defaultdict(list), set()
    for line in open(dictionary / "index.aff"):
        cells = line.split()
        if len(cells) == 5 and cells[0] in ("PFX", "SFX"):
            cut, put = ("" if c == "0" else c for c in cells[2:4])
            rules[cells[0], cells[1]].append((cut, put, re.compile(f"(?:{cells[4]})$")))
    for line in open(dictionary / "index.dic").readlines()[1:]:
        word, _, flags = line.split()[0].partition("/")
        forms = [word] + [
            word[: len(word) - len(cut)] + put
            for flag in flags
            for cut, put, fits in rules["SFX", flag]
            if fits.search(word)
        ]
        forms += [put + form for flag in flags for _, put, _ in rules["PFX", flag] for form in forms]
        words.update(form.lower() for form in forms if form.isalpha() and not form.isupper())
    return words


def names():
    """Words of the names that our lexicons know."""
    found = set()
    for name in ("gazetteer", "officeholders", "groups", "organisations", "countries", "admin1"):
        for line in open(ROOT / f"lexicons/{name}.tsv"):
            if not line.startswith("#"):
                found.update(w.lower() for w in re.findall(r"[^\W\d_]{3,}", line) if w[0].isupper())
    return found


def counted(data, docs, bigrams, dictionary):
    one, two, three, runs, heads, tails = (Counter() for _ in range(6))

    def add(text):
        words = [word(t) for t in tokens(text)]
        one.update(words)
        two.update(zip(words, words[1:]))
        three.update((a, b) for a, b in zip(words, words[2:]))

    for _, blocks in docs:
        for block in blocks:
            for start, end in sentences(block):
                add(block[start:end])
    for text in other_texts(data):
        add(text)
    for w, n in one.items():
        if w.isalpha() and n >= 3:
            runs.update(grams(w))
            for k in range(2, len(w) - 1):
                heads[w[:k]] += 1
                tails[w[k:]] += 1
    # The books' counts are brought down to what the commonest pairs have here.
    read = {}
    for line in open(bigrams, encoding="utf-8-sig"):
        a, b, n = line.split()
        read[a, b] = int(n)
    both = sorted((p for p in two if p in read), key=lambda p: (-two[p], p))[:200]
    scale = sum(two[p] for p in both) / sum(read[p] for p in both)
    print("pairs", len(two), "of books", len(read), "both", sum(p in two for p in read), flush=True)
    for pair, n in read.items():
        two[pair] = max(two[pair], n * scale, 1)
    table = Table()
    known = common_words()
    for w, n in one.items():
        known[w] = max(known.get(w, 0), n) if n >= 2 else known.get(w, 0)
    for w, n in sorted(known.items(), key=lambda item: (-item[1], item[0]))[:130_000]:
        if n >= 1:
            table.put("1" + w, n)
    rare = lambda w: known.get(w, 0) < 4
    listed = spelled(dictionary)
    for w in sorted(filter(rare, listed)):
        table.put("8" + w, 1)
    # What other languages' and the web's texts write now and then may be a name.
    for w in sorted(filter(rare, names() | known.keys() - listed)):
        table.put("6" + w, 1)
    for kind, parts in (("5", heads), ("7", tails)):
        for w, n in sorted(parts.items()):
            if n >= 2 and known.get(w, 0) < 128:
                table.put(kind + w, n)
    for r, n in runs.most_common(25_000):
        table.put("4" + r, n)
    order = lambda counter: sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    for (a, b), n in order(two)[:700_000]:
        if n >= 2 or min(one[a], one[b]) >= 2:
            table.put(f"2{a} {b}", n)
    for (a, b), n in order(three)[:250_000]:
        if n >= 2:
            table.put(f"3{a} {b}", n)
    return table


def fit_positions(docs, table, seed, copies, epochs, kinds):
    """Weights of the buckets, from tokens that damage has changed or put side by side."""
    rows, labels = [], []
    for copy in range(copies):
        for _, blocks in damaged(docs, seed + copy, 0.6, kinds):
            for text, kind, clean in (s for block in blocks for s in block):
                toks = tokens(text)
                if len(toks) < LEAST:
                    continue
                words = [word(t) for t in toks]
                changed = [0] * len(toks)
                if kind:
                    match = difflib.SequenceMatcher(None, tokens(clean), toks, autojunk=False)
                    for tag, _, _, j, k in match.get_opcodes():
                        if tag != "equal":
                            for at in range(j, max(k, j + 1)):
                                changed[min(at, len(toks) - 1)] = 1
                rows += positions(toks, words, [table.get("1" + w) for w in words], table)
                labels += changed
    rows, labels = torch.tensor(rows, dtype=torch.int32), torch.tensor(labels, dtype=torch.float32)
    print("positions", len(labels), "changed", int(labels.sum()), flush=True)
    torch.manual_seed(1)
    torch.set_num_threads(1)
    bag = torch.nn.EmbeddingBag(BUCKETS, 1, mode="sum")
    torch.nn.init.zeros_(bag.weight)
    bias = torch.nn.Parameter(torch.zeros(1))
    best = torch.optim.Adam([*bag.parameters(), bias], lr=0.01)
    for epoch in range(epochs):
        total = 0.0
        for at in torch.randperm(len(labels)).split(8192):
            # Weights that are often left out lean less on single words.
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                bag(rows[at].long()).squeeze(1) + bias, labels[at]
            ) + 2e-6 * bag.weight.square().sum()
            best.zero_grad()
            loss.backward()
            best.step()
            total += float(loss) * len(at)
        print("epoch", epoch, round(total / len(labels), 4), flush=True)
    return np.clip(np.rint(bag.weight.detach().numpy()[:, 0] * 32), -127, 127).astype(np.int8)


def main():
    data, bigrams, dictionary = map(Path, sys.argv[1:4])
    docs = [d for d in documents(data) if part(d[1]) in (0, 1)]
    table = counted(data, docs, bigrams, dictionary)
    print("documents", len(docs), "entries", table.held, flush=True)
    bias, roots, nodes, weights, _ = parts_of_file()
    save(table, weights, bias, roots, nodes)


def parts_of_file():
    """The trees of the file as it is (bias, roots, nodes), the weights of places and the table."""
    file = (ROOT / "models/damage.bin").read_bytes()
    bias, bits, trees, count = struct.unpack("<iIII", file[8:24])
    at = 24 + 4 * trees
    roots = struct.unpack(f"<{trees}I", file[24:at])
    nodes = list(struct.iter_unpack("<Bxhii", file[at : at + 12 * count]))
    arrays = np.frombuffer(file[at + 12 * count :], dtype=np.uint8)
    table = Table()
    slots = arrays[BUCKETS : BUCKETS + (2 << bits)].reshape(-1, 2)
    table.marks, table.counts = slots[:, 0].copy(), slots[:, 1].copy()
    return bias, roots, nodes, arrays[:BUCKETS].view(np.int8).copy(), table


def nodes_of(model, threshold):
    """Trees as rows of (feature, bound, left, right); a leaf has feature 255 and its value in 1/4096."""
    nodes, roots = [], []
    for (tree,) in model._predictors:
        base = len(nodes)
        roots.append(base)
        for node in tree.nodes:
            if node["is_leaf"]:
                nodes.append((255, 0, int(round(float(node["value"]) * 4096)), 0))
            else:
                bound = max(-32768, min(32767, math.floor(float(node["num_threshold"]))))
                nodes.append((int(node["feature_idx"]), bound, base + int(node["left"]), base + int(node["right"])))
    bias = int(round((float(np.ravel(model._baseline_prediction)[0]) - threshold) * 4096))
    return bias, roots, nodes


def save(table, weights, bias, roots, nodes):
    with open(ROOT / "models/damage.bin", "wb") as out:
        out.write(MAGIC + struct.pack("<iIII", bias, BITS, len(roots), len(nodes)))
        out.write(struct.pack(f"<{len(roots)}I", *roots))
        for node in nodes:
            out.write(struct.pack("<Bxhii", *node))
        out.write(weights.tobytes())
        out.write(np.stack([table.marks, table.counts], axis=1).tobytes())


if __name__ == "__main__":
    main()
