"""Goes on with the models of pairs on whole reports: the linear ones (models/pair.bin, models/joined.bin) and the head over the
ear's rows (models/ear_pair.bin) learn together, so that each learns what the other lacks.

    python training/whole.py           # after pair.py, joined.py and ear_pair.py; writes the three again
    python training/whole.py --measure # trains and measures, and writes nothing

Needs a built example (`cargo build --release -p dyad-reader --example pair_rows`), PyTorch and
NumPy, and half an hour of a core. It learns from examples/reports.txt, whose acts are all marked, and from marked pairs, our own and the field's; cases/acts/dev.txt
measures. Which sentence tells an act is known by the words in its line's fifth field; where these stand in several or are not given, it
is the one in which the models before find it likeliest.
"""

import argparse
import json
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import again
import ear_pair
import joined
import model as student
import pair
from pair import HERE, MORE, ROOTS, SIZE

N, WIDTH = len(ROOTS), 256
REPORTS = HERE / "training/examples/reports.txt"
DEV = HERE / "cases/acts/dev.txt"
MODELS = HERE / "models"


def reports(path):
    """The reports of a file in the notation of cases/acts, sides as the bytes at which they are named."""
    out = []
    for line in map(str.strip, open(path, encoding="utf-8")):
        if line.startswith("## "):
            out.append({"text": "", "sides": [], "acts": []})
        elif line[:2] in ("= ", "~ "):
            kind, _, does, gets, *words = (field.strip() for field in line[2:].split("|"))
            kind = "YIELD" if kind in ("CONCEDE", "RETREAT") else kind
            sides = [named(out[-1]["text"], field) for field in (does, gets)]
            out[-1]["acts"].append({"kind": ROOTS.index(kind), "wanted": line[0] == "=", "joint": gets == "<>", "sides": sides, "fields": (does, gets), "words": words})
        elif line and not line.startswith("#"):
            out[-1]["text"] += "\n\n" * bool(out[-1]["text"]) + line
    return out


def named(text, field):
    sides = []
    for side in field.split(" + ") if field not in ("-", "<>") else ():
        at = []
        for name in map(str.strip, side.split(" / ")):
            starts = (len(text[: m.start()].encode()) for m in re.finditer(re.escape(name), text)) if name != "-" else ()
            at += [(start, start + len(name.encode())) for start in starts]
        sides.append(at)
    return [side for side in sides if side]


class Pairs:
    """Pairs of sides with the rows of their sentences: what is known of each, and how much it counts."""

    def __init__(self, rows):
        with tempfile.NamedTemporaryFile() as file:
            asked = "".join(json.dumps({"text": row["text"], "sides": row["sides"]}) + "\n" for row in rows)
            command = [HERE / "target/release/examples/pair_rows", file.name]
            out = subprocess.run(command, input=asked, check=True, capture_output=True, text=True).stdout
            self.rows = torch.from_numpy(np.fromfile(file.name, "<f4").reshape(-1, WIDTH))
        self.told = [json.loads(line) for line in out.splitlines()]
        start, length, sides, self.features, self.of = [], [], [], [], []
        for n, told in enumerate(self.told):
            of_word = {w: k for k, s in enumerate(told["sentences"]) for w in range(s[0], s[1])}
            for i, j, places in told["pairs"]:
                k = of_word[told["sides"][i][2]]
                first, last = told["sentences"][k][:2]
                start.append(told["row"] + first)
                length.append(last - first)
                sides.append([min(w, last) - first for side in (i, j) for w in told["sides"][side][2:4]])
                self.features.append(np.array(places))
                self.of.append((n, k, i, j))
        self.start, self.length, self.sides = map(np.array, (start, length, sides))
        count = len(self.of)
        self.roots, self.joined, self.weight = np.zeros((count, N), np.float32), np.zeros(count, np.float32), np.ones(count, np.float32)

    def batch(self, which):
        at = torch.arange(int(self.length[which].max()))[None]
        pad = at >= torch.from_numpy(self.length[which])[:, None]
        rows = self.rows[(torch.from_numpy(self.start[which])[:, None] + at).clamp(max=len(self.rows) - 1)]
        side = torch.from_numpy(self.sides[which])
        masks = [((at >= side[:, k, None]) & (at < side[:, k + 1, None])).float() for k in (0, 2)]
        return rows.masked_fill(pad[..., None], 0), pad, masks, [self.features[k] for k in which]


def own(data):
    """Sentences in each of which one pair or few are marked, our own and the field's, and those that tell nothing."""
    typed, plv = [*pair.own_pairs(), *pair.own_pairs(MORE)], list(pair.pairs(data / "plv/train.jsonl"))
    types = {}
    for row in [*typed, *plv]:
        types.setdefault(row["text"], {})[tuple(row["source"]), tuple(row["target"])] = ROOTS.index(row["type"])
    rows = [*joined.marked(typed, True), *joined.nothing(), *joined.marked(plv), *joined.cameo(data / "cameo/spans.train.jsonl")]
    for row in rows:
        row["sides"] = [list(side) for side in {side for pair_ in types.get(row["text"], ()) for side in pair_}]
    found = Pairs(rows)
    for k, (n, _, i, j) in enumerate(found.of):
        a, b = (tuple(found.told[n]["sides"][side][:2]) for side in (i, j))
        root = types.get(rows[n]["text"], {}).get((a, b))
        is_joined = joined.is_joined(a, b, rows[n]["links"])
        found.joined[k] = bool(is_joined)
        if root is not None:
            found.roots[k, root] = 1
        elif is_joined is None:
            found.weight[k] = 0
        elif not is_joined and rows[n]["own"]:
            found.weight[k] = joined.UNMARKED
    return found


class Whole(Pairs):
    """The pairs of whole reports, and of each the acts that it may tell."""

    def __init__(self, path, every=1):
        self.reports = reports(path)[::every]
        super().__init__(self.reports)
        self.tells, self.turned, self.asked = [], [], []
        hits = [[self.hit(told, act) for act in report["acts"]] for report, told in zip(self.reports, self.told)]
        outer = [self.outer(told["sides"]) for told in self.told]
        for n, _, i, j in self.of:
            tells, turned = [], False
            for a, (does, gets) in enumerate(hits[n]):
                if not self.reports[n]["acts"][a]["joint"]:
                    fits = i in does and j in gets
                else:
                    fits = i in does and j in does and does[i] - does[j] and does[j] - does[i]
                    turned |= bool(fits) and i > j
                    fits = fits and i < j
                if fits:
                    tells.append(a)
            self.tells.append(tells)
            self.turned.append(turned)
            actors = [self.told[n]["sides"][side][4] for side in (i, j)]
            self.asked.append(i in outer[n] and j in outer[n] and actors[0] != actors[1])

    @staticmethod
    def hit(told, act):
        """The reader's sides that are among the act's, each with which of them it is."""
        by_actor = {}
        for side in told["sides"]:
            by_actor.setdefault(side[4], []).append(side)

        def meets(side, at):
            if any(joined.meet(side, name) for name in at):
                return True
            others = by_actor[side[4]] if side[4] >= 0 else ()
            return any(joined.meet(other, name) and other[1] >= name[1] for other in others for name in at)

        found = []
        for role in act["sides"]:
            which = ({k for k, at in enumerate(role) if meets(side, at)} for side in told["sides"])
            found.append({i: kinds for i, kinds in enumerate(which) if kinds})
        return found

    @staticmethod
    def outer(sides):
        """The mentions of actors that stand in no other, which are those that the reader asks about."""
        some = [i for i, side in enumerate(sides) if side[4] >= 0]
        within = lambda i, j: i != j and sides[j][0] <= sides[i][0] and sides[i][1] <= sides[j][1]
        return {i for i in some if not any(within(i, j) for j in some)}

    def settle(self, scores):
        """Takes each act as told by the sentence in which it is likeliest, and leaves those about as likely open."""
        belief = soft(scores)
        told = {}
        for k, ((n, _, _, _), tells) in enumerate(zip(self.of, self.tells)):
            for a in tells:
                told.setdefault((n, a), []).append(k)
        self.weight[self.turned] = 0
        sure, open_ = set(), set()
        for (n, a), pairs in told.items():
            act = self.reports[n]["acts"][a]
            pairs = [k for k in pairs if self.holds(k, act["words"])] or pairs
            if not act["wanted"]:
                open_.update(pairs)
                continue
            likely = belief[pairs, act["kind"]]
            best = self.of[pairs[likely.argmax()]][1]
            for k, share in zip(pairs, likely):
                if self.of[k][1] == best:
                    self.roots[k, act["kind"]] += 1
                    sure.add(k)
                elif share >= 0.5 * likely.max():
                    open_.add(k)
        self.weight[list(open_ - sure)] = 0
        self.joined[list(sure)] = self.weight[list(sure)] = 1
        self.roots /= np.maximum(self.roots.sum(1, keepdims=True), 1)

    def holds(self, pair, words):
        """Whether the words stand in the sentence of a pair."""
        n, sentence, _, _ = self.of[pair]
        start, end = self.told[n]["sentences"][sentence][2:]
        return bool(words) and words[0].encode() in self.reports[n]["text"].encode()[start:end]

    def measure(self, scores, name):
        """The best F1 of acts by a threshold, each pair of sides asked once."""
        belief = soft(scores)
        kind = belief.argmax(1)
        found, seen, wanted = [], set(), set()
        for k in np.argsort(-belief[np.arange(len(kind)), kind]):
            n, sentence, i, j = self.of[k]
            if not self.asked[k]:
                continue
            acts = self.reports[n]["acts"]
            wanted |= {(n, a) for a in self.tells[k] if acts[a]["wanted"]}
            if (n, sentence, frozenset((i, j))) not in seen:
                seen.add((n, sentence, frozenset((i, j))))
                right = [a for a in self.tells[k] if acts[a]["kind"] == kind[k]]
                found.append((bool(right), {(n, a) for a in right if acts[a]["wanted"]}))
        right, acts, best = 0, set(), (0, 0, 0)
        for count, (is_right, some) in enumerate(found, 1):
            right, acts = right + is_right, acts | some
            p, r = right / count, len(acts) / len(wanted)
            best = max(best, (2 * p * r / max(p + r, 1e-9), p, r))
        print(f"{name}: best F1 {best[0]:.3f} (precision {best[1]:.3f}, recall {best[2]:.3f})", flush=True)


def soft(scores):
    """How likely each root is told of a pair."""
    shares = torch.softmax(torch.from_numpy(scores[:, :N]), -1).numpy()
    return shares / (1 + np.exp(-scores[:, N:]))


class Net(nn.Module):
    """The linear models and the head, added."""

    def __init__(self, thinned=0.4):
        super().__init__()
        before = [ear_pair.linear(MODELS / name) for name in ("pair.bin", "joined.bin")]
        found = again.sections(MODELS / "ear_pair.bin")
        roots, head_roots, joins, head_joins, more = found["blend"].tolist()  # how much the two have counted till now
        shares, self.thinned = (roots, joins), thinned
        self.linear = nn.EmbeddingBag(SIZE, N + 1, mode="sum")
        self.bias = nn.Parameter(torch.cat([s * b for s, (_, b) in zip(shares, before)]))
        self.head = student.PairHead(WIDTH, N + 1)
        self.head.load_state_dict({name[5:]: tensor for name, tensor in found.items() if name.startswith("pair.")})
        with torch.no_grad():
            self.linear.weight.copy_(torch.cat([s * w for s, (w, _) in zip(shares, before)], 1))
            self.bias[N] += more
            share = torch.tensor([head_roots] * N + [head_joins])
            self.head.out.weight *= share[:, None]
            self.head.out.bias *= share

    def forward(self, batch):
        rows, pad, masks, features = batch
        at = torch.from_numpy(np.cumsum([0] + [len(f) for f in features[:-1]]))
        value = torch.from_numpy(np.concatenate([np.full(len(f), len(f) ** -0.5, np.float32) for f in features]))
        if self.training:
            value = value * (torch.rand(len(value)) > self.thinned) / (1 - self.thinned)
        linear = self.linear(torch.from_numpy(np.concatenate(features)), at, per_sample_weights=value)
        return self.head(rows, pad, masks) + linear + self.bias


@torch.no_grad()
def say(net, pairs):
    net.eval()
    out, order = np.zeros((len(pairs.of), N + 1), np.float32), np.argsort(pairs.length)
    for i in range(0, len(order), 512):
        out[order[i : i + 512]] = net(pairs.batch(order[i : i + 512])).numpy()
    return out


def fit(net, whole, own_, seed, epochs=2, rate=1e-3, size=256):
    """AdamW with a cosine; an epoch is the reports twice and the marked sentences, each pair of these three times and a tenth of
    what they leave unmarked. The net ends as the running mean of its weights."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)

    def draw():
        batches = []
        for pairs, times, share in ((whole, 2, 1), (own_, 3, 0.1)):
            some = np.flatnonzero(pairs.weight > 0)
            told, idle = some[pairs.joined[some] > 0], some[pairs.joined[some] == 0]
            some = np.concatenate([told, rng.permutation(idle)[: int(share * len(idle))]] * times)
            order = some[np.argsort(pairs.length[some] + 6 * rng.random(len(some)))]
            batches += [(pairs, order[i : i + size]) for i in range(0, len(order), size)]
        rng.shuffle(batches)
        return batches

    adam = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    mean, step = [p.detach().clone() for p in net.parameters()], 0
    for epoch in range(epochs):
        batches, total = draw(), 0
        net.train()
        for pairs, which in batches:
            at = min(1, step / (len(batches) * epochs))
            for group in adam.param_groups:
                group["lr"] = rate * min(1, (step + 1) / 50) * (0.02 + 0.49 * (1 + np.cos(np.pi * at)))
            scores = net(pairs.batch(which))
            weight, is_joined, roots = (torch.from_numpy(a[which]) for a in (pairs.weight, pairs.joined, pairs.roots))
            loss = (F.binary_cross_entropy_with_logits(scores[:, N], is_joined, reduction="none") * weight).sum()
            loss = loss - ((torch.log_softmax(scores[:, :N], -1) * roots).sum(-1) * weight).sum()
            adam.zero_grad()
            (loss / len(which)).backward()
            adam.step()
            step += 1
            keep = min(0.998, step / (step + 10))
            for m, p in zip(mean, net.parameters()):
                m.mul_(keep).add_(p.detach(), alpha=1 - keep)
            total += loss.item() / len(which)
        print(f"seed {seed} epoch {epoch} loss {total / len(batches):.3f}", flush=True)
    for m, p in zip(mean, net.parameters()):
        p.data.copy_(m)
    return net


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    dev, whole, own_ = Whole(DEV), Whole(REPORTS), own(arguments.data)
    net = Net()
    dev.measure(say(net, dev), "before")
    whole.settle(say(net, whole))
    states = [fit(Net(), whole, own_, seed).state_dict() for seed in (0, 1)]
    net.load_state_dict({name: (states[0][name] + states[1][name]) / 2 for name in states[0]})
    dev.measure(say(net, dev), "after")
    if arguments.measure:
        return
    weights, bias = net.linear.weight.detach(), net.bias.detach()
    pair.write(MODELS / "pair.bin", weights[:, :N].contiguous(), bias[:N])
    joined.write(MODELS / "joined.bin", weights[:, N:].contiguous(), bias[N:])
    ear_pair.BLEND = (1.0, 1.0, 1.0, 1.0, 0.0)
    ear, labels = again.shipped(MODELS / "ear.bin")
    ear.heads.pair.load_state_dict(net.head.state_dict())
    ear_pair.put(ear, labels, MODELS / "ear_pair.bin")


if __name__ == "__main__":
    main()
