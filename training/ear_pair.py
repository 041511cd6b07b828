"""Trains the ear's head of pairs (models/ear_pair.bin): what the rows of the ear's words say of two sides.

    python training/ear_pair.py --cv             # five folds over PLV and the CAMEO sentences, beside the linear models
    python training/ear_pair.py --cv --folds 2   # halves: BLEND is chosen by these
    python training/ear_pair.py                  # trains on everything and writes the weights (some minutes of a core)
    python training/ear_pair.py --halves A.bin B.bin   # writes also those that learned without a half of the field's sets, for confidence.py

Needs ../shared/data/plv and ../shared/data/cameo, our own sentences (examples/), built examples (`cargo build --release -p
dyad-reader --examples`) and PyTorch with NumPy. The rows are those of the shipped ear and stay as they are. A pair is its two
sides' rows, meaned over their words, and what the two together gather from the rows of their sentences; classes as in
deep.py. Make it again after a new ear.
"""

import argparse
import copy
import json
import subprocess
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import export
import joined as joins
import pair as linear
from pair import FIXTURE, HERE, PENTA, ROOTS, f1, own_pairs, pairs, part, unmarked

# How much the linear models and this one count: for the roots, then for what is joined and what is added there.
BLEND = (1.0, 0.0, 0.5, 0.5, -0.3)
MORE = HERE / "training/examples/more_pairs.tsv"
WIDTH, OUTPUT = 256, len(ROOTS) + 1


class Net(nn.Module):
    """The classifier of pairs."""

    def __init__(self):
        super().__init__()
        self.ask = nn.Linear(2 * WIDTH, WIDTH)
        self.hidden = nn.Linear(3 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, OUTPUT)
        self.plv = nn.Linear(WIDTH, len(ROOTS))  # what PLV's coders see otherwise than we do
        nn.init.zeros_(self.plv.weight)
        nn.init.zeros_(self.plv.bias)
        self.dropout = nn.Dropout(0.1)

    def forward(self, batch):
        rows, of, seen, sides, is_plv = batch
        rows = self.dropout(rows)[of]  # one a pair
        means = [(side[:, None] @ rows)[:, 0] / side.sum(1, keepdim=True) for side in sides]
        query = self.ask(torch.cat(means, -1))
        scores = (rows @ query[..., None])[..., 0] / WIDTH**0.5
        shares = scores.masked_fill(~seen, float("-inf")).softmax(-1)
        gathered = (shares[:, None] @ rows)[:, 0]
        hidden = self.dropout(F.gelu(self.hidden(torch.cat([*means, gathered], -1))))
        out = self.out(hidden)
        return torch.cat([out[:, : len(ROOTS)] + is_plv[:, None] * self.plv(hidden), out[:, len(ROOTS) :]], -1)


class Asked:
    """A pair of a sentence: the words of both sides, those that are seen, root or -1, joined or -1, weight, features."""

    def __init__(self, sentence, source, target, root, joined, weight, features=None):
        self.sides = [sentence.words(side) for side in (source, target)]
        self.root, self.joined, self.weight, self.features = root, joined, weight, features
        self.sound = all(a < b for a, b in self.sides)
        if self.sound:
            near = [sentence.of[i] for side in self.sides for i in (side[0], side[1] - 1)]
            self.seen = np.searchsorted(sentence.of, min(near)), np.searchsorted(sentence.of, max(near), "right")


class Sentence:
    """A text with the rows of its words and what is asked of it."""

    def __init__(self, text, is_plv, heard):
        self.text, self.is_plv = text, is_plv
        self.spans, self.of, self.rows = heard
        self.pairs = []

    def words(self, side):
        starts, ends = self.spans.T
        return np.searchsorted(ends, side[0], "right"), np.searchsorted(starts, side[1], "left")

    def ask(self, *what):
        asked = Asked(self, *what)
        if asked.sound:
            self.pairs.append(asked)


def hear(texts):
    """For each text the spans of its words, their sentences and their rows."""
    command = [HERE / "target/release/examples/ear_rows"]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    out, at, heard = subprocess.run(command, input=lines, check=True, capture_output=True).stdout, 0, []
    for _ in texts:
        count = int.from_bytes(out[at : at + 4], "little")
        places = np.frombuffer(out, "<u4", 3 * count, at + 4).reshape(count, 3).astype(np.int64)
        rows = np.frombuffer(out, "<f4", WIDTH * count, at + 4 + 12 * count).reshape(count, WIDTH)
        heard.append((places[:, :2], places[:, 2], torch.from_numpy(rows.astype(np.float16))))
        at += 4 + count * 4 * (3 + WIDTH)
    return heard


def sentences(rows, is_plv, share, own=False, typed=()):
    """Texts with their marked pairs, which have a root, and all pairs of the reader's mentions."""
    rows, typed = list(rows), list(typed)
    found = [Sentence(row["text"], is_plv, heard) for row, heard in zip(rows, hear([row["text"] for row in rows]))]
    of = {row["text"]: sentence for row, sentence in zip(rows, found)}
    for row, features in zip(typed, linear.look(typed)[1] if typed else ()):
        of[row["text"]].ask(row["source"], row["target"], ROOTS.index(row["type"]), 1, share, features)
    for row, sentence, every in zip(rows, found, joins.candidates(rows)):
        for *ends, features in every:
            told = joins.is_joined(ends[:2], ends[2:], row["links"])
            if told is not None:
                weight = joins.UNMARKED if own and not told else 1.0
                sentence.ask(ends[:2], ends[2:], -1, int(told), weight, np.array(features))
    return [sentence for sentence in found if sentence.pairs]


def of_pairs(typed, is_plv, share, own=False):
    typed = list(typed)
    return sentences(joins.marked(typed, own), is_plv, share, own, typed)


def collate(some, every=None):
    """A batch; of the pairs that are only asked whether they are joined, `every` at most are drawn a sentence."""
    longest = max(len(s.spans) for s in some)
    rows = torch.zeros(len(some), longest, WIDTH)
    of, chosen = [], []
    for i, s in enumerate(some):
        rows[i, : len(s.spans)] = s.rows
        drawn = s.pairs
        if every is not None and len(drawn) > every:
            told = [p for p in drawn if p.root >= 0 or p.joined == 1]
            rest = [p for p in drawn if not (p.root >= 0 or p.joined == 1)]
            drawn = told + [rest[k] for k in np.random.permutation(len(rest))[:every]]
        of += [i] * len(drawn)
        chosen += drawn
    at = torch.arange(longest)
    inside = lambda ranges: (at >= torch.tensor([r[0] for r in ranges])[:, None]) & (at < torch.tensor([r[1] for r in ranges])[:, None])
    sides = [inside([p.sides[k] for p in chosen]).float() for k in (0, 1)]
    is_plv = torch.tensor([float(some[i].is_plv) for i in of])
    batch = rows, torch.tensor(of), inside([p.seen for p in chosen]), sides, is_plv
    return batch, *(torch.tensor([getattr(p, name) for p in chosen]) for name in ("root", "joined", "weight"))


def train(net, some, epochs, rate, name, size=48):
    steps = epochs * -(-len(some) // size)
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.05)
    slope = lambda t: min((t + 1) / (0.1 * steps), max(0.02, 1 - t / steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, slope)
    roots = np.bincount([p.root for s in some for p in s.pairs if p.root >= 0], minlength=len(ROOTS))
    rare = torch.tensor((roots.mean() / np.maximum(roots, 1)) ** 0.5, dtype=torch.float32)
    begun = time.time()
    for epoch in range(epochs):
        order, batches = np.random.permutation(len(some)), []
        for i in range(0, len(order), 20 * size):
            near = sorted(order[i : i + 20 * size], key=lambda k: len(some[k].spans))
            batches += [near[k : k + size] for k in range(0, len(near), size)]
        net.train()
        total = 0
        for at in np.random.permutation(len(batches)):
            batch, root, is_joined, weight = collate([some[k] for k in batches[at]], every=6)
            out = net(batch)
            told, asked = root >= 0, is_joined >= 0
            kinds = F.cross_entropy(out[told, : len(ROOTS)], root[told], rare, reduction="none", label_smoothing=0.05)
            both = F.binary_cross_entropy_with_logits(out[asked, -1], is_joined[asked].float(), weight[asked], reduction="sum")
            loss = ((kinds * weight[told]).sum() + 0.5 * both) / size
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        if epoch + 1 == epochs:
            print(f"{name}: {epochs} epochs, loss {total / len(batches):.3f}, {time.time() - begun:.0f} s", flush=True)


def say(net, some):
    """The scores of every pair of every sentence."""
    net.eval()
    with torch.no_grad():
        return np.concatenate([net(collate(some[i : i + 32])[0]).numpy() for i in range(0, len(some), 32)])


def read(data):
    """Our own sentences, those by which the linear models learn first, and the field's."""
    own = of_pairs(own_pairs(), False, 1.0, own=True)
    idle = sentences(joins.nothing(), False, 1.0)
    more = of_pairs(own_pairs(MORE), False, 1.0, own=True)
    plv = of_pairs(pairs(data / "plv/train.jsonl"), True, 1.5)
    return own, idle, more, plv + sentences(joins.cameo(data / "cameo/spans.train.jsonl"), True, 1.0)


def begin(own):
    net = Net()
    train(net, own, 8, 3e-3, "own")
    return net


def go_on(begun, field, own, seed, name):
    """On the field's sentences, with a fifth of our own beside them."""
    net = copy.deepcopy(begun)
    some = [own[i] for i in np.random.RandomState(seed).permutation(len(own))[: len(own) // 5]]
    train(net, field + some, 8, 1e-3, name)
    return net


def typed(some):
    return [p for s in some for p in s.pairs if p.root >= 0]


def asked(some):
    return [p for s in some for p in s.pairs if p.root < 0]


def by_linear(others, own, idle, here):
    """What the linear models, trained on the others and our own, say of these sentences."""
    labels, features = lambda ps: np.array([p.root for p in ps]), lambda ps: [p.features for p in ps]
    logits = lambda ps, w, b: (torch.sparse.mm(linear.matrix(features(ps)), w) + b).numpy()
    plv, ours = typed(others), typed(own)
    roots = linear.fit(labels(plv), features(plv), (labels(ours), features(ours)))
    plain = asked(others + own + idle)
    joined = joins.fit(features(plain), np.array([p.joined for p in plain]), np.array([p.weight for p in plain]))
    return logits(typed(here), *roots), logits(asked(here), *joined)[:, 0]


def held_back(read, folds):
    """Every fold read by models of the others: labels, and what the linear models and this one say."""
    own, idle, more, field = read
    begun = begin(own + more + idle)
    out = []
    for fold in range(folds):
        others, here = ([s for s in field if (part(s.text, folds) == fold) == is_held] for is_held in (False, True))
        scores = say(go_on(begun, others, own + more + idle, fold, f"fold {fold}"), here)
        is_typed = np.array([p.root >= 0 for s in here for p in s.pairs])
        labels, truth = np.array([p.root for p in typed(here)]), np.array([p.joined for p in asked(here)])
        out.append((labels, truth, scores[is_typed, :-1], scores[~is_typed, -1], *by_linear(others, own, idle, here)))
    return [np.concatenate(of) for of in zip(*out)]


def kinds(labels, said):
    penta = [np.array(PENTA)[them] for them in (labels, said)]
    classes = [2 * ((penta[0] == k) & (penta[1] == k)).sum() / ((penta[0] == k).sum() + (penta[1] == k).sum()) for k in range(4)]
    return f"macro F1 {np.mean(f1(labels, said)):.3f}  accuracy {(said == labels).mean():.3f}  of the four classes {np.mean(classes):.3f}"


def joined_at(truth, logits):
    """Precision at some recalls, which tells models of unlike sureness apart; then both at some thresholds."""
    order = np.argsort(-logits)
    right = np.cumsum(truth[order])
    at = lambda recall: right[k := np.searchsorted(right, recall * truth.sum())] / (k + 1)
    sure = 1 / (1 + np.exp(-logits))
    both = lambda least: f"{truth[sure >= least].mean():.3f}/{truth[sure >= least].sum() / truth.sum():.3f}"
    return "  ".join([*(f"P at R {r}: {at(r):.3f}" for r in (0.5, 0.6, 0.7, 0.8, 0.9)), *(f"P/R at {p}: {both(p)}" for p in (0.3, 0.4, 0.5, 0.7))])


def measure(labels, truth, root, joined, own_root, own_joined):
    print("roots, linear: ", kinds(labels, own_root.argmax(1)))
    print("roots, ear:    ", kinds(labels, root.argmax(1)))
    for share in (0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
        print(f"roots, 1 : {share}:", kinds(labels, (own_root + share * root).argmax(1)))
    print("joined, linear:", joined_at(truth, own_joined))
    print("joined, ear:   ", joined_at(truth, joined))
    for own, other, more in (BLEND[2:], (0.3, 0.7, BLEND[4]), (0.6, 0.4, BLEND[4])):
        print(f"joined, {own} : {other} {more:+}:", joined_at(truth, own * own_joined + other * joined + more))


def settle(net):
    """What PLV's coders see joined to the rest, and every matrix rounded as the file keeps it."""
    with torch.no_grad():
        net.out.weight[: len(ROOTS)] += net.plv.weight
        net.out.bias[: len(ROOTS)] += net.plv.bias
        net.plv.weight.zero_()
        net.plv.bias.zero_()
        for tensor in net.state_dict().values():
            if tensor.dim() == 2:
                bytes_, scales = export.rows(tensor)
                tensor.copy_(bytes_.float() * scales[:, None])
    return net


def write(path, net):
    """As `dyad-neural` reads it: 8-bit rows with a scale each."""
    ear = int.from_bytes((HERE / "models/ear.bin").read_bytes()[8:16], "little")
    out = [export.names("roots", ROOTS), export.names("ear", [f"{ear:016x}"]), export.section("blend", export.FLOATS, [len(BLEND)], np.array(BLEND, "<f4").tobytes())]
    for name, tensor in net.state_dict().items():
        if name.startswith("plv."):
            continue
        if tensor.dim() == 2:
            bytes_, scales = export.rows(tensor)
            out.append(export.section("pair." + name, export.ROWS, list(tensor.shape), scales.numpy().tobytes() + bytes_.numpy().tobytes()))
        else:
            out.append(export.section("pair." + name, export.FLOATS, list(tensor.shape), tensor.numpy().tobytes()))
    size, digest = export.save(path, b"".join(out))
    print(f"{path}: {size} bytes, pair-{digest:016x}")


def fixture(net, path=HERE / "crates/dyad-reader/tests/data/ear_pair.tsv"):
    """The scores of some sentences, for crates/dyad-reader/tests/parity.rs."""
    rows = [unmarked(marked) for marked in FIXTURE]
    with open(path, "w", encoding="utf-8") as out:
        for marked, row, heard in zip(FIXTURE, rows, hear([row["text"] for row in rows])):
            sentence = Sentence(row["text"], True, heard)
            sentence.ask(row["source"], row["target"], 0, 1, 1.0)
            out.write("\t".join([marked, *(f"{score:.3f}" for score in say(net, [sentence])[0])]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--out", default=HERE / "models/ear_pair.bin", type=Path)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--halves", nargs=2, default=[], type=Path, help="where those without either half of the field's sets go")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.seed(0)
    own, idle, more, field = every = read(arguments.data)
    if arguments.cv:
        measure(*held_back(every, arguments.folds))
        return
    own = own + more + idle
    begun = begin(own)
    for half, path in enumerate(arguments.halves):
        write(path, settle(go_on(begun, [s for s in field if part(s.text, 2) != half], own, half, f"without {half}")))
    net = settle(go_on(begun, field, own, 0, "field"))
    write(arguments.out, net)
    fixture(net)


if __name__ == "__main__":
    main()
