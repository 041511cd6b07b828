"""Trains the deep tier (models/deep.bin): MiniLM over a sentence, and what it says of each pair of sides in it.

    python training/deep.py --cv         # five folds over PLV and the CAMEO sentences
    python training/deep.py              # trains on everything and writes the weights (some 25 minutes of a core)
    python training/deep.py --whole      # goes on with models/deep.bin on whole reports, after whole.py (10 minutes of a core)

Needs ../shared/data/plv and ../shared/data/cameo, our own sentences (examples/), a built example (`cargo build
--release -p dyad-reader --example pair_candidates`) and the packages of requirements.txt. A sentence is read once;
a pair is its two sides' rows, meaned over their pieces, and what the two together gather from all rows. The classes
are PLOVER's roots as in pair.py, and whether the first side acts on the second as in joined.py.
"""

import argparse
import copy
import re
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import again
import export
import features
import joined as joins
import minilm
import teacher
from pair import FIXTURE, HERE, MORE, ROOTS, f1, own_pairs, pairs, part, unmarked

# How much the linear models and this one count: for the roots, then for what is joined and what is added there.
BLEND = (1.0, 0.5, 1.0, 0.5, 0.0)
WIDTH, LONGEST, OUTPUT = 384, 256, len(ROOTS) + 1
FORM = re.compile(r"\w+(?:[.'’-]\w+)*|[^\w\s]")


class Net(nn.Module):
    """MiniLM and the classifier of pairs."""

    def __init__(self):
        super().__init__()
        self.bert = teacher.Pretrained(minilm.tensors())
        self.ask = nn.Linear(2 * WIDTH, WIDTH)
        self.hidden = nn.Linear(3 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, OUTPUT)
        self.plv = nn.Linear(WIDTH, len(ROOTS))  # what PLV's coders see otherwise than we do
        nn.init.zeros_(self.plv.weight)
        nn.init.zeros_(self.plv.bias)
        self.dropout = nn.Dropout(0.2)

    def forward(self, batch):
        pieces, pad, of, sides, is_plv = batch
        rows = self.bert(pieces, pad)[of]  # one a pair
        pad = pad[of]
        means = [(rows * side[..., None]).sum(1) / side.sum(1, keepdim=True) for side in sides]
        query = self.ask(torch.cat(means, -1))
        scores = (rows @ query[..., None])[..., 0] / WIDTH**0.5
        shares = scores.masked_fill(pad, float("-inf")).softmax(-1)
        gathered = (shares[..., None] * rows).sum(1)
        hidden = self.dropout(F.gelu(self.hidden(self.dropout(torch.cat([*means, gathered], -1)))))
        out = self.out(hidden)
        return torch.cat([out[:, : len(ROOTS)] + is_plv[:, None] * self.plv(hidden), out[:, len(ROOTS) :]], -1)


class Encoder:
    """Sentences as pieces with the places of each byte."""

    def __init__(self):
        self.pieces = features.Pieces(minilm.vocabulary())
        self.ends = [self.pieces.ids[name] for name in ("[CLS]", "[SEP]")]

    def __call__(self, text):
        """The pieces, and for each its start and end in bytes."""
        ids, spans = [self.ends[0]], [(-1, -1)]
        for form in FORM.finditer(text):
            start = len(text[: form.start()].encode())
            end = start + len(form.group().encode())
            for piece in self.pieces.of(form.group()):
                ids.append(piece)
                spans.append((start, end))
        ids, spans = ids[: LONGEST - 1], spans[: LONGEST - 1]
        return [*ids, self.ends[1]], [*spans, (-1, -1)]


class Sentence:
    def __init__(self, encoder, text, is_plv, found):
        """`found`: (source, target, root or -1, joined or -1, weight), sides as byte ranges."""
        self.text, self.is_plv = text, is_plv
        self.ids, spans = encoder(text)
        self.pairs = []
        for source, target, root, joined, weight in found:
            sides = [[i for i, s in enumerate(spans) if s[0] < side[1] and side[0] < s[1]] for side in (source, target)]
            if all(sides):
                self.pairs.append((*sides, root, joined, weight))


def collate(sentences, every=None):
    """A batch; of the pairs that are only asked whether they are joined, `every` at most are drawn a sentence."""
    longest = max(len(s.ids) for s in sentences)
    pieces = torch.tensor([s.ids + [0] * (longest - len(s.ids)) for s in sentences])
    pad = torch.tensor([[False] * len(s.ids) + [True] * (longest - len(s.ids)) for s in sentences])
    of, chosen = [], []
    for i, s in enumerate(sentences):
        some = s.pairs
        if every is not None and len(some) > every:
            told = [p for p in some if p[2] >= 0 or p[3] == 1]
            rest = [p for p in some if not (p[2] >= 0 or p[3] == 1)]
            some = told + [rest[k] for k in np.random.permutation(len(rest))[:every]]
        of += [i] * len(some)
        chosen += some
    sides = torch.zeros(2, len(chosen), longest)
    for k, pair in enumerate(chosen):
        for side in (0, 1):
            sides[side, k, pair[side]] = 1
    is_plv = torch.tensor([float(sentences[i].is_plv) for i in of])
    batch = pieces, pad, torch.tensor(of, dtype=torch.long), sides, is_plv
    return batch, *(torch.tensor([p[k] for p in chosen]) for k in (2, 3, 4))


def train(net, sentences, epochs, rate, name, size=24):
    sentences = [s for s in sentences if s.pairs]
    bert = [p for p in net.bert.parameters() if p.requires_grad]
    own = [p for n, p in net.named_parameters() if not n.startswith("bert.")]
    steps = epochs * -(-len(sentences) // size)
    groups = [{"params": bert, "lr": rate}, {"params": own, "lr": 8 * rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    slope = lambda t: min((t + 1) / (0.1 * steps), max(0.02, 1 - t / steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, slope)
    roots = np.bincount([p[2] for s in sentences for p in s.pairs if p[2] >= 0], minlength=len(ROOTS))
    rare = torch.tensor((roots.mean() / np.maximum(roots, 1)) ** 0.5, dtype=torch.float32)
    begun = time.time()
    for epoch in range(epochs):
        order, batches = np.random.permutation(len(sentences)), []
        for i in range(0, len(order), 20 * size):
            near = sorted(order[i : i + 20 * size], key=lambda k: len(sentences[k].ids))
            batches += [near[k : k + size] for k in range(0, len(near), size)]
        net.train()
        total = 0
        for at in np.random.permutation(len(batches)):
            batch, root, is_joined, weight = collate([sentences[k] for k in batches[at]], every=6)
            with torch.autocast("cpu", torch.bfloat16):
                out = net(batch)
            out = out.float()
            told, asked = root >= 0, is_joined >= 0
            kinds = F.cross_entropy(out[told, : len(ROOTS)], root[told], rare, reduction="none", label_smoothing=0.05)
            loss = (kinds * weight[told]).sum() / size
            both = F.binary_cross_entropy_with_logits(out[asked, -1], is_joined[asked].float(), weight[asked], reduction="sum")
            loss = loss + 0.5 * both / size
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"{name} {epoch} loss {total / len(batches):.3f} {time.time() - begun:.0f} s", flush=True)


def say(net, sentences):
    """The scores of every pair of every sentence."""
    net.eval()
    out = []
    with torch.no_grad():
        for i in range(0, len(sentences), 32):
            some = sentences[i : i + 32]
            batch, *_ = collate(some)
            if len(batch[2]):
                out.append(net(batch).numpy())
    return np.concatenate(out)


def candidates(rows, encoder, is_plv, share, own=False, typed=()):
    """Sentences with their marked pairs, which have a root, and all pairs of the reader's mentions."""
    rows = list(rows)
    roots = {}
    for row in typed:
        roots.setdefault(row["text"], []).append((row["source"], row["target"], ROOTS.index(row["type"]), 1, share))
    out = []
    for row, found in zip(rows, joins.candidates(rows)):
        every = list(roots.get(row["text"], ()))
        for *ends, _ in found:
            told = joins.is_joined(ends[:2], ends[2:], row["links"])
            if told is not None:
                every.append((ends[:2], ends[2:], -1, int(told), joins.UNMARKED if own and not told else 1.0))
        out.append(Sentence(encoder, row["text"], is_plv, every))
    return out


def of_pairs(typed, encoder, is_plv, share, own=False):
    typed = list(typed)
    return candidates(joins.marked(typed, own), encoder, is_plv, share, own, typed)


def fold_of(text):
    return part(text, 5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--out", default=HERE / "models/deep.bin", type=Path)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--folds", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.seed(0)
    encoder = Encoder()
    own = of_pairs([*own_pairs(), *own_pairs(MORE)], encoder, False, 1.0, own=True)
    own += candidates(joins.nothing(), encoder, False, 1.0)
    if arguments.whole:
        on_reports(read(arguments.out), encoder, own, arguments.out)
        return
    plv = of_pairs(pairs(arguments.data / "plv/train.jsonl"), encoder, True, 1.5)
    cameo = candidates(joins.cameo(arguments.data / "cameo/spans.train.jsonl"), encoder, True, 1.0)
    net = Net()
    train(net, own, 2, 1e-4, "own")
    some = lambda seed: [own[i] for i in np.random.RandomState(seed).permutation(len(own))[: len(own) // 5]]
    if arguments.cv:
        measure(net, plv, cameo, some, arguments)
    else:
        train(net, plv + cameo + some(0), 3, 6e-5, "field")
        write(arguments.out, settle(net), encoder)
        fixture(net, encoder)


def of_reports(reports, encoder):
    """The sentences of whole reports (`whole.Whole`, settled) with what is known of their pairs."""
    groups = {}
    for k, (n, sentence, i, j) in enumerate(reports.of):
        if reports.weight[k]:
            start = reports.told[n]["sentences"][sentence][2]
            sides = [[at - start for at in reports.told[n]["sides"][side][:2]] for side in (i, j)]
            roots = np.flatnonzero(reports.roots[k])
            told = [(*sides, root, 1 if first else -1, 1 / len(roots)) for root, first in zip(roots.tolist(), [True] + [False] * len(roots))]
            groups.setdefault((n, sentence), []).extend(told or [(*sides, -1, 0, 1.0)])
    sentences = []
    for (n, sentence), found in groups.items():
        start, end = reports.told[n]["sentences"][sentence][2:]
        sentences.append(Sentence(encoder, reports.reports[n]["text"].encode()[start:end].decode(), False, found))
    return sentences


def on_reports(net, encoder, own, out):
    """A pass over the sentences of whole reports, and another with smaller steps, with a seventh of our own beside them."""
    import whole

    reports = whole.Whole(whole.REPORTS)
    reports.settle(whole.say(whole.Net(), reports))
    sentences = of_reports(reports, encoder)
    beside = [own[i] for i in np.random.permutation(len(own))[: len(own) // 7]]
    for rate in (5e-5, 3e-5):
        train(net, sentences + beside, 1, rate, "reports", size=16)
    write(out, settle(net), encoder)
    fixture(net, encoder)


def read(path, net=None):
    """The net of a file that `write` made, as far as it goes."""
    found, net = again.sections(path), net or Net()
    for name, tensor in net.state_dict().items():
        inner = section(name)
        if inner in found:
            tensor[: len(found[inner])] = found[inner]
    return net


def section(name):
    """What an array of the net is called in the file."""
    if name.startswith("wide."):
        return name
    inner = name.removeprefix("bert.")
    return {"words.weight": "words", "places.weight": "places"}.get(inner, inner) if inner != name else "pair." + name


def measure(net, plv, cameo, some, arguments):
    at = np.array([fold_of(s.text) for s in plv for p in s.pairs if p[2] >= 0])
    labels = np.array([p[2] for s in plv for p in s.pairs if p[2] >= 0])
    scores = np.zeros((len(labels), OUTPUT), np.float32)
    for fold in range(arguments.folds):
        held = copy.deepcopy(net)
        train(held, [s for s in plv + cameo if fold_of(s.text) != fold] + some(fold), 3, 6e-5, f"fold {fold}")
        every = [s for s in plv + cameo if fold_of(s.text) == fold]
        told = say(held, every)
        marked = np.array([p[2] >= 0 for s in every for p in s.pairs])
        scores[at == fold] = told[marked]
        done = at <= fold
        said = scores[done, : len(ROOTS)].argmax(1)
        print(f"folds to {fold}: macro F1 {np.mean(f1(labels[done], said)):.3f} accuracy {(said == labels[done]).mean():.3f}", flush=True)
        sure, truth = 1 / (1 + np.exp(-told[~marked, -1])), np.array([p[3] for s in every for p in s.pairs])[~marked]
        for least in (0.3, 0.5, 0.7):
            right = ((sure >= least) & (truth == 1)).sum()
            print(f"  joined at {least}: precision {right / max(1, (sure >= least).sum()):.3f} recall {right / (truth == 1).sum():.3f}", flush=True)


def settle(net):
    """What PLV's coders see joined to the rest, and every matrix rounded as the file keeps it."""
    with torch.no_grad():
        net.out.weight[: len(ROOTS)] += net.plv.weight
        net.out.bias[: len(ROOTS)] += net.plv.bias
        net.plv.weight.zero_()
        net.plv.bias.zero_()
        for name, tensor in net.state_dict().items():
            if tensor.dim() == 2 and name != "bert.places.weight":
                bytes_, scales = export.rows(tensor)
                tensor.copy_(bytes_.float() * scales[:, None])
    return net


def write(path, net, encoder):
    """As `dyad-neural` reads it: 8-bit rows with a scale each, half-precision places."""
    state = {name: tensor for name, tensor in net.state_dict().items() if not name.startswith("plv.")}
    out = [
        export.names("pieces", encoder.pieces.words),
        export.names("folds", [a + b for a, b in sorted(features.FOLDS.items())]),
        export.names("roots", ROOTS),
        export.section("blend", export.FLOATS, [len(BLEND)], np.array(BLEND, "<f4").tobytes()),
        export.section("heads", export.FLOATS, [teacher.HEADS], bytes(4 * teacher.HEADS)),
    ]
    for name, tensor in state.items():
        short = section(name)
        if short == "places":
            tensor = tensor[:LONGEST]
            out.append(export.section(short, export.HALVES, list(tensor.shape), tensor.half().numpy().tobytes()))
        elif tensor.dim() == 2:
            bytes_, scales = export.rows(tensor)
            out.append(export.section(short, export.ROWS, list(tensor.shape), scales.numpy().tobytes() + bytes_.numpy().tobytes()))
        else:
            out.append(export.section(short, export.FLOATS, list(tensor.shape), tensor.numpy().tobytes()))
    export.save(path, b"".join(out))


def fixture(net, encoder, path=HERE / "crates/dyad-reader/tests/data/deep.tsv"):
    """The scores of some sentences, for crates/dyad-reader/tests/parity.rs."""
    with open(path, "w", encoding="utf-8") as out:
        for marked in FIXTURE:
            row = unmarked(marked)
            told = [(row["source"], row["target"], 0, 1, 1.0)]
            scores = say(net, [Sentence(encoder, row["text"], True, told)])[0]
            out.write("\t".join([marked, *(f"{score:.3f}" for score in scores)]) + "\n")


if __name__ == "__main__":
    main()
