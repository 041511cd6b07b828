"""Trains the detector of mangled sentences (models/damage.bin) and writes the set that it is scored on.

    python training/damage.py ../shared/data [OUT] [--trees]

Clean news is damaged in the ways that scrapers, scanners, translation engines and word-spinners do it; each
sentence of a quarter of the sentences of a document takes one kind. Documents are divided by a hash of their
words: from four in ten the table of word pairs is made, on three the weights of places are fitted and on one the trees, one sets the threshold (one
clean sentence in 200), and what is left is written to OUT for `dyad eval damage` and is only measured.
With --trees the table and the weights of places are taken from the file as it is and the trees alone fitted.
"""

import difflib
import gzip
import importlib.util
import json
import math
import re
import struct
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from damaging import KINDS
from damaged_news import LEAST, damaged, documents, is_clean, part, sentences, tokens, write

ROOT = Path(__file__).resolve().parent.parent
BITS = 19
MAGIC = b"DYADDMG1"
TREES = 150
LEAVES = 12
FALSE_ALARMS = 1 / 230



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
ENDINGS = "ing ed ly tion ment ness ity ous ive al ic er est ers es s".split()


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


FIRST = {"i", "we", "my", "our", "me", "us", "i'm", "we're", "i've", "we've"}
SAID = {"said", "says", "added", "told", "wrote", "asked", "explained", "noted", "stated", "announced"}
QUOTES = set("\"“”‘’«»'`")
SMALL = set(
    "the a an of in on at to for from by with as and or but that which who is was are were be been has have had it he "
    "she they his her its their this not will would can could may said".split()
)


def features(sentence, table, weights):
    """Whole numbers about a sentence; crates/dyad-reader/src/report/strange.rs makes the same."""
    toks = tokens(sentence)
    words = [word(t) for t in toks]
    n = len(words)
    one = [table.get("1" + w) for w in words]
    unseen = [0] * 4
    small_pairs = small_unseen = 0
    lows = []
    for i in range(1, n):
        a, b = words[i - 1], words[i]
        pair = table.get(f"2{a} {b}")
        # How much rarer the pair is than its words by themselves make it, in eighths of a power of two.
        expected = one[i - 1] + one[i] - 160
        if pair == 0:
            level = min(one[i - 1], one[i])
            for j, least in enumerate((40, 64, 88, 104)):
                unseen[j] += level >= least
            lows.append(-max(0, min(200, expected)))
        else:
            lows.append(max(-200, min(120, pair - expected)))
        if a in SMALL and b in SMALL:
            small_pairs += 1
            small_unseen += pair < 30
    skips = sum(
        1
        for i in range(2, n)
        if min(one[i - 2], one[i]) >= 88 and table.get(f"3{words[i - 2]} {words[i]}") == 0
    )
    order = sorted(lows) + [120] * 4
    odd_words = splits = undone = rejoined = inner = digits = rare = cut = 0
    worst = 255
    for i, (token, w) in enumerate(zip(toks, words)):
        if not token[0].isalpha() or len(w) > 40:
            continue
        low = token[0].islower()
        if any(a.islower() and b.isupper() for a, b in zip(token, token[1:])):
            inner += 1
        if any(c.isdigit() for c in token):
            digits += 1
        if "'" in w:
            continue
        # Two words without their blank: their pair is commoner than the whole.
        if one[i] < 56 and len(w) >= 4:
            splits = max(splits, split(w, one[i], low, table))
        # A word fallen in two.
        if i + 1 < n and toks[i + 1][0].islower() and min(one[i], one[i + 1]) < 72 and "'" not in words[i + 1]:
            if len(w) > 1 and len(words[i + 1]) > 1 and table.get(f"2{w} {words[i + 1]}") == 0:
                rejoined = max(rejoined, table.get("1" + w + words[i + 1]))
        if low and one[i] < 16:
            odd_words += one[i] == 0
            rare += 1
            undone = max(undone, undo(w, table))
            runs = [table.get("4" + r) for r in grams(w)]
            if runs and one[i] == 0:
                worst = min(worst, sum(runs) // len(runs))
            if table.get("5" + w) > 0:
                cut += 1
    sums = sorted(int(weights[row].sum()) for row in positions(toks, words, one, table))[::-1]
    tops = [max(-30000, min(30000, v)) for v in (sums + [-30000] * 4)[:4]]
    bad = sum(sentence.count(s) for s in ("Ã", "â€", "Â", "\ufffd", "Ð"))
    stuck = 0
    for piece in sentence.split():
        if not any(c in piece for c in "/@#<") and "www." not in piece:
            stuck += len(re.findall(r"[a-z]{2}[,;!?][A-Za-z]{2}|[a-z]{2}\.[A-Z][a-z]", piece))
    apart = len(re.findall(r"[A-Za-z] [.,;](?: |$)", sentence)) + len(re.findall(r"[.!?] [-‘’'.]", sentence))
    small_start = len(re.findall(r"[a-z]{2}\. [a-z]", sentence))
    quotes = sum(c in "\"“”" for c in sentence)
    any_quote = any(c in "\"“”‘«»" for c in sentence)
    first = sum(w in FIRST for w in words)
    said = any(w in SAID for w in words)
    doubled = sum(words[i] == words[i - 1] and words[i][0].isalpha() for i in range(1, n))
    begins = int(toks[0][0].islower())
    ends = int(sentence[-1] not in ".!?\"”’)'…:")
    lone = sum(1 for t in toks if len(t) == 1 and t.isalpha() and t not in "aAI")
    per = lambda x: min(1000, 1000 * x // n)
    return [
        min(n, 60), per(unseen[0]), per(unseen[1]), per(unseen[2]), per(unseen[3]), unseen[1], unseen[2], unseen[3],
        order[0], order[1], order[2], order[3], sum(lows) // max(1, len(lows)), small_unseen, per(small_unseen),
        skips, per(skips), odd_words, undone, splits, rejoined, worst, inner, digits, rare, per(rare), bad, stuck, apart + small_start,
        quotes % 2, int(first > 0 and not any_quote) + int(first > 0 and not any_quote and said), doubled, begins + 2 * ends,
        lone, cut, *tops, sum(v > 0 for v in sums), sum(v > -200 for v in sums),
        sum(max(v, -400) for v in sums) // n,
    ]


def split(w, whole, low, table):
    """How much likelier it is that the word is two, in eighths of a power of two."""
    best = 0
    for k in range(1 if w[0] in "ai" else 2, len(w) - 1):
        a, b = table.get("1" + w[:k]), table.get("1" + w[k:])
        pair = table.get(f"2{w[:k]} {w[k:]}")
        if pair and min(a, b) >= 64:
            best = max(best, pair + 100 - whole)
        elif not low and whole == 0 and w[k:] in SMALL and len(w) - k > 1 and k > 3 and a >= 40:
            best = max(best, 60)
        elif whole == 0 and min(a, b) >= 88 and min(k, len(w) - k) > 2:
            best = max(best, min(a, b) - 40)
    return best


# What scanners read, and what stood there.
CONFUSED = [("m", "rn"), ("rn", "m"), ("b", "h"), ("c", "e"), ("1", "l"), ("0", "o"), ("l", "i"), ("d", "cl"), ("cl", "d"),
            ("h", "li"), ("n", "ri"), ("ii", "u"), ("w", "vv"), ("vv", "w"), ("f", "t"), ("5", "s"), ("q", "g"), ("ri", "n"),
            ("lt", "tt"), ("h", "fi"), ("o", "a"), ("e", "c"), ("h", "b"), ("i", "l"), ("t", "f"), ("l", "t"), ("u", "n"),
            ("n", "u"), ("tb", "th"), ("a", "o")]


def undo(w, table):
    """How common the word is that a scanner would have made this of."""
    best = 0
    for read, stood in CONFUSED:
        at = w.find(read)
        while at >= 0:
            if len(w) > 3:
                best = max(best, table.get("1" + w[:at] + stood + w[at + len(read) :]))
            at = w.find(read, at + 1)
    return best


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


def counted(data, docs):
    one, two, three, runs, heads = Counter(), Counter(), Counter(), Counter(), Counter()

    def add(text):
        words = [word(t) for t in tokens(text)]
        one.update(words)
        two.update(zip(words, words[1:]))
        three.update((a, b) for a, b in zip(words, words[2:]))

    for _, blocks in docs:
        for block in blocks:
            for start, end in sentences(block):
                add(block[start:end])
    for name in ("en_ewt-train", "en_gum-train"):
        path = data / f"ud/{name}.conllu.gz"
        if path.exists():
            with gzip.open(path, "rt") as lines:
                for line in lines:
                    if line.startswith("# text = "):
                        add(line[9:].strip())
    # Lower case and without its signs, so that it tells of words and pairs alone.
    with gzip.open(data / "bbc-news/text.jsonl.gz", "rt") as lines:
        for line in lines:
            for stretch in json.loads(line)["text"].split("  "):
                add(stretch)
    for w, n in one.items():
        if w.isalpha() and n >= 3:
            runs.update(grams(w))
            for k in range(4, len(w) - 1):
                heads[w[:k]] += 1
    table = Table()
    known = common_words()
    for w, n in one.items():
        known[w] = max(known.get(w, 0), n) if n >= 2 else known.get(w, 0)
    for w, n in sorted(known.items(), key=lambda item: (-item[1], item[0]))[:130_000]:
        if n >= 1:
            table.put("1" + w, n)
    for w, n in heads.items():
        if n >= 2 and w not in known:
            table.put("5" + w, n)
    for r, n in runs.most_common(25_000):
        table.put("4" + r, n)
    for (a, b), n in two.most_common(230_000):
        if n >= 2:
            table.put(f"2{a} {b}", n)
    for (a, b), n in three.most_common(400_000):
        if n >= 2 and min(one[a], one[b]) >= 2000 and table.held < 430_000:
            table.put(f"3{a} {b}", n)
    return table


def examples(docs, table, weights, seed, copies=1):
    x, y, kinds = [], [], []
    for copy in range(copies):
        for _, blocks in damaged(docs, seed + copy, 0.4):
            for text, kind, _ in (s for block in blocks for s in block):
                if len(tokens(text)) >= LEAST:
                    x.append(features(text, table, weights))
                    y.append(kind is not None)
                    kinds.append(kind)
    return np.array(x, dtype=np.int32), np.array(y), kinds


def fit_positions(docs, table, seed, copies, epochs):
    """Weights of the buckets, from tokens that damage has changed or put side by side."""
    rows, labels = [], []
    for copy in range(copies):
        for _, blocks in damaged(docs, seed + copy, 0.6):
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
    from sklearn.ensemble import HistGradientBoostingClassifier

    data = Path(sys.argv[1])
    docs = list(documents(data))
    parts = [part(blocks) for _, blocks in docs]
    of = lambda *n: [d for d, p in zip(docs, parts) if p in n and (p < 7 or is_clean(d[1]))]
    if "--trees" in sys.argv:
        raw, weights = kept()
    else:
        raw = counted(data, of(0, 1, 2, 3))
        print("documents", len(docs), "entries", raw.held, flush=True)
        weights = fit_positions(of(4, 5, 6), Cached(raw), 10, 2, 4)
    table = Cached(raw)
    wide = weights.astype(np.int32)
    x, y, _ = examples(of(7), table, wide, 1, 2)
    print("fitted on", len(y), "sentences,", int(y.sum()), "damaged", flush=True)
    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=0.06, min_samples_leaf=20, random_state=1, max_bins=64
    )
    model.fit(x, y)
    tx, ty, _ = examples(of(8), table, wide, 2)
    scores = model.decision_function(tx)
    threshold = np.quantile(scores[~ty], 1 - FALSE_ALARMS)
    hx, hy, kinds = examples(of(9), table, wide, 3)
    scores = model.decision_function(hx)
    print("held back: false alarms", round(float((scores[~hy] > threshold).mean()), 4), "of", int((~hy).sum()))
    print("found", round(float((scores[hy] > threshold).mean()), 4), "of", int(hy.sum()))
    for kind in KINDS:
        at = np.array([k == kind for k in kinds])
        print(f"  {kind:12} {float((scores[at] > threshold).mean()):.3f} of {int(at.sum())}")
    save(raw, weights, model, threshold)
    if len(sys.argv) > 2 and not sys.argv[2].startswith("--"):
        write(Path(sys.argv[2]), of(9), 3)


def kept():
    """The table and the weights of places of the file as it is."""
    file = (ROOT / "models/damage.bin").read_bytes()
    _, bits, trees, nodes = struct.unpack("<iIII", file[8:24])
    at = 24 + 4 * trees + 12 * nodes
    arrays = np.frombuffer(file[at:], dtype=np.uint8)
    table = Table()
    table.marks = arrays[BUCKETS : BUCKETS + (1 << bits)].copy()
    table.counts = arrays[BUCKETS + (1 << bits) :].copy()
    return table, arrays[:BUCKETS].view(np.int8).copy()


def save(table, weights, model, threshold):
    """Trees as rows of (feature, bound, left, right); a leaf has feature 255 and its value in 1/4096."""
    nodes, roots = [], []
    for (tree,) in model._predictors:
        base = len(nodes)
        roots.append(base)
        for node in tree.nodes:
            if node["is_leaf"]:
                nodes.append((255, 0, int(round(float(node["value"]) * 4096)), 0))
            else:
                bound = math.floor(float(node["num_threshold"]))
                nodes.append((int(node["feature_idx"]), bound, base + int(node["left"]), base + int(node["right"])))
    bias = int(round((float(np.ravel(model._baseline_prediction)[0]) - threshold) * 4096))
    with open(ROOT / "models/damage.bin", "wb") as out:
        out.write(MAGIC + struct.pack("<iIII", bias, BITS, len(roots), len(nodes)))
        out.write(struct.pack(f"<{len(roots)}I", *roots))
        for feature, bound, left, right in nodes:
            out.write(struct.pack("<Bxhii", feature, max(-32768, min(32767, bound)), left, right))
        out.write(weights.tobytes())
        out.write(table.marks.tobytes())
        out.write(table.counts.tobytes())


if __name__ == "__main__":
    main()
