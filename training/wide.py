"""Goes on with the deep tier (models/deep.bin) on whole reports: which words tell an act, and who in the report does it to whom.

    python training/wide.py            # after deep.py --whole; writes models/deep.bin again (some two hours of a core)
    python training/wide.py --measure  # trains without every ninth report, measures on those, and writes nothing

It learns from those of examples/reports.txt whose lines say by which words an act is told, and beside them from the pairs of deep.py,
so that what was learned of pairs is kept. A window of a report is read at once. Of each word it is asked which roots it tells an
act of; of such a word and root, which words name who does it and to whom, where "nobody" and "each other" are answers too. Needs
what deep.py needs.
"""

import argparse
import re
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import deep
import joined as joins
import whole
from deep import FORM, LONGEST, WIDTH
from pair import HERE, MORE, ROOTS, own_pairs, pairs
from trigger import SMALL

N = len(ROOTS)
# Texts of our own for the fixture, whose words are the same to the reader.
TEXTS = (
    "Norway condemned the raid. It also expelled two Swedish envoys.",
    "Police in Lima arrested three senators on Monday. The opposition called the arrests a coup.",
    "The two presidents met in Accra. Ghana will lift its ban on Togolese fish.",
)
# Of a role beside the words of a window.
NOBODY, EACH_OTHER = 0, 1
# How likely a word tells an act before anything is known of it, and how much its sides count beside that.
SELDOM, SIDES = 0.01, 0.5


class Role(nn.Module):
    """Which words of a window name one side of an act."""

    def __init__(self):
        super().__init__()
        self.ask = nn.Linear(WIDTH, WIDTH)
        self.types = nn.Parameter(torch.zeros(N, WIDTH))
        self.key = nn.Linear(WIDTH, WIDTH + 1)  # the last for a word by itself, whoever asks
        self.none = nn.Linear(WIDTH, 2)
        self.dropout = nn.Dropout(0.2)

    def forward(self, rows, there, of, at, kinds):
        """Log shares of the words, of nobody and of each other, for acts that stand `at` a word of the window `of`."""
        query = self.dropout(F.gelu(self.ask(rows[of, at]) + self.types[kinds]))
        keys = self.key(rows)[of]
        scores = (keys[..., :WIDTH] @ query[..., None])[..., 0] / WIDTH**0.5 + keys[..., WIDTH]
        scores = scores.masked_fill(~there[of], float("-inf"))
        return torch.log_softmax(torch.cat([scores, self.none(query)], -1), -1)


class Wide(nn.Module):
    """What is asked of the words of a window."""

    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, N)
        self.does, self.gets = Role(), Role()
        self.dropout = nn.Dropout(0.2)
        nn.init.constant_(self.out.bias, float(np.log(SELDOM)))

    def forward(self, rows):
        return self.out(self.dropout(F.gelu(self.hidden(rows))))


class Net(deep.Net):
    """The deep tier with what is asked of words."""

    def __init__(self):
        super().__init__()
        self.wide = Wide()

    def rows(self, windows):
        """The row of each word's first piece, and which there are."""
        longest, most = max(len(w.ids) for w in windows), max(len(w.first) for w in windows)
        pieces = torch.tensor([w.ids + [0] * (longest - len(w.ids)) for w in windows])
        pad = torch.tensor([[False] * len(w.ids) + [True] * (longest - len(w.ids)) for w in windows])
        first = torch.tensor([w.first + [0] * (most - len(w.first)) for w in windows])
        there = torch.tensor([[True] * len(w.first) + [False] * (most - len(w.first)) for w in windows])
        rows = torch.gather(self.bert(pieces, pad), 1, first[..., None].expand(-1, -1, WIDTH))
        return self.dropout(rows), there


class Window:
    """Words of a report that are read at once, and the acts that they tell."""

    def __init__(self, encoder, pieces, acts, start, end):
        self.ids, self.first = [encoder.ends[0]], []
        for some in pieces[start:end]:
            self.first.append(len(self.ids))
            self.ids += some
        self.ids.append(encoder.ends[1])
        near = lambda words: sorted(w - start for w in words if start <= w < end)
        self.acts = [
            (near(act["at"]), act["kind"], act["wanted"], [near(side) for side in act["sides"]], act["open"], act["joint"])
            for act in acts
            if any(start <= w < end for w in act["at"])
        ]


def windows(report, encoder):
    """A report as windows of as many pieces as are read at once, each half over the next."""
    text = report["text"]
    words = [m.span() for m in FORM.finditer(text)]
    pieces = [encoder.pieces.of(text[slice(*word)]) for word in words]
    acts, out, start = [act | place(text, words, act) for act in report["acts"]], [], 0
    while True:
        end, size = start, 0
        while end < len(words) and size + len(pieces[end]) <= LONGEST - 2:
            size, end = size + len(pieces[end]), end + 1
        out.append(Window(encoder, pieces, acts, start, end))
        if end >= len(words):
            return out
        start += max(1, (end - start) // 2)


def place(text, words, act):
    """Where the words of an act stand, and those of its sides."""

    def standing(name):
        """The words of each place where the name stands."""
        starts = [m.start() for m in re.finditer(re.escape(name), text)]
        whole_ = [s for s in starts if not (s and text[s - 1].isalnum())]
        ends = ((s, s + len(name)) for s in whole_ or starts)
        return [[i for i, (a, b) in enumerate(words) if a < end and start < b] for start, end in ends]

    sides, open_ = [], []
    for field in act["fields"]:
        names = [name.strip() for side in field.split(" + ") for name in side.split(" / ")]
        sides.append({w for name in names if name not in ("-", "<>") for at in standing(name) for w in at})
        open_.append("-" in names)
    known = sides[0] | sides[1]
    far = lambda at: min((abs(w - side) for w in at for side in known), default=0)
    at = min(standing(act["words"][0]), key=far, default=[]) if act["words"] else []
    telling = [w for w in at if text[slice(*words[w])].lower() not in SMALL]
    return {"at": telling or at, "sides": sides, "open": open_}


def loss_of(net, some):
    """What a batch of windows costs, a window."""
    rows, there = net.rows(some)
    logits, most = net.wide(rows), rows.shape[1]
    roots, weight = torch.zeros_like(logits), there[..., None].float().repeat(1, 1, N)
    asked, answers = [], ([], [])
    for n, window in enumerate(some):
        for at, kind, wanted, sides, open_, joint in window.acts:
            for word in at:
                if wanted:
                    roots[n, word, kind] = weight[n, word, kind] = 1
                elif not roots[n, word, kind]:
                    weight[n, word, kind] = 0
                asked.append((n, word, kind))
                for answer, side, nobody in zip(answers, sides, open_):
                    answer.append(side + [most + NOBODY] * (nobody or not side))
                if joint:
                    answers[1][-1] = [most + EACH_OTHER]
    loss = (F.binary_cross_entropy_with_logits(logits, roots, reduction="none") * weight).sum()
    if asked:
        of, at, kinds = torch.tensor(asked).T
        for role, answer in zip((net.wide.does, net.wide.gets), answers):
            shares = role(rows, there, of, at, kinds)
            right = torch.full_like(shares, float("-inf"))
            for k, words in enumerate(answer):
                right[k, words] = 0
            loss = loss - SIDES * torch.logsumexp(shares + right, -1).clamp(min=-12).sum()
    return loss / len(some)


def loss_of_pairs(net, some, rare):
    """The same of sentences with marked pairs, as deep.py trains them, a window's worth of them."""
    batch, root, is_joined, weight = deep.collate(some, every=6)
    out = net(batch)
    told, asked = root >= 0, is_joined >= 0
    kinds = F.cross_entropy(out[told, :N], root[told], rare, reduction="none", label_smoothing=0.05)
    both = F.binary_cross_entropy_with_logits(out[asked, -1], is_joined[asked].float(), weight[asked], reduction="sum")
    return 4 * ((kinds * weight[told]).sum() + 0.5 * both) / len(some)


def train(net, some, beside, epochs, rate, size=8):
    """AdamW with a slope; after each epoch the net is given out. `beside(epoch)` draws the sentences of that epoch."""
    bert = [p for p in net.bert.parameters() if p.requires_grad]
    own = [p for n, p in net.named_parameters() if not n.startswith("bert.")]
    optimizer = torch.optim.AdamW([{"params": bert, "lr": rate}, {"params": own, "lr": 8 * rate}], weight_decay=0.01)
    begun, step = time.time(), 0

    def batches(items, size, length):
        order, out = np.random.permutation(len(items)), []
        for i in range(0, len(order), 20 * size):
            near = sorted(order[i : i + 20 * size], key=lambda k: length(items[k]))
            out += [[items[k] for k in near[at : at + size]] for at in range(0, len(near), size)]
        return out

    for epoch in range(epochs):
        sentences = beside(epoch)
        roots = np.bincount([p[2] for s in sentences for p in s.pairs if p[2] >= 0], minlength=N)
        rare = torch.tensor((roots.mean() / np.maximum(roots, 1)) ** 0.5, dtype=torch.float32)
        all_ = [(True, batch) for batch in batches(some, size, lambda w: len(w.ids))]
        all_ += [(False, batch) for batch in batches(sentences, 4 * size, lambda s: len(s.ids))]
        steps, totals = epochs * len(all_), np.zeros((2, 2))
        net.train()
        for n, k in enumerate(np.random.permutation(len(all_))):
            wide, batch = all_[k]
            for group, times in zip(optimizer.param_groups, (1, 8)):
                group["lr"] = times * rate * min((step + 1) / (0.06 * steps), max(0.02, 1 - step / steps))
            loss = loss_of(net, batch) if wide else loss_of_pairs(net, batch, rare)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            step += 1
            totals[int(wide)] += loss.item(), 1
            if n % 50 == 49 or n + 1 == len(all_):
                pairs_, wide_ = totals[:, 0] / np.maximum(totals[:, 1], 1)
                print(f"epoch {epoch} {n + 1}/{len(all_)} loss {wide_:.2f}, of pairs {pairs_:.2f} {time.time() - begun:.0f} s", flush=True)
        yield epoch


@torch.no_grad()
def measure(net, some):
    """How well words and roots are told, and, of the acts given, their sides."""
    net.eval()
    found, likely, right, count = [], [], np.zeros(3), 0
    for i in range(0, len(some), 8):
        batch = some[i : i + 8]
        rows, there = net.rows(batch)
        beliefs, most = torch.sigmoid(net.wide(rows)) * there[..., None], rows.shape[1]
        asked, sides = [], []
        for n, window in enumerate(batch):
            told = {(word, kind) for at, kind, *_ in window.acts for word in at}
            found += [(float(beliefs[n, w, k]), (w, k) in told) for w, k in (beliefs[n] > 0.1).nonzero().tolist()]
            for at, kind, wanted, side, open_, joint in window.acts:
                if wanted:
                    word = max(at, key=lambda w: float(beliefs[n, w, kind]))
                    likely.append(float(beliefs[n, word, kind]))
                    asked.append((n, word, kind))
                    sides.append((side, open_, joint))
        if not asked:
            continue
        of, at, kinds = torch.tensor(asked).T
        best = [role(rows, there, of, at, kinds).argmax(-1).tolist() for role in (net.wide.does, net.wide.gets)]
        for does, gets, (side, open_, joint) in zip(*best, sides):
            fits = [b in s if s and b < most else b >= most and (o or not s) for b, s, o in zip((does, gets), side, open_)]
            fits[1] = (gets == most + EACH_OTHER or gets in side[0]) if joint else fits[1]
            right += *fits, all(fits)
            count += 1
    found.sort(reverse=True)
    likely, hits, best = np.array(likely), 0, (0, 0, 0, 0)
    for n, (belief, is_told) in enumerate(found, 1):
        hits += is_told
        p, r = hits / n, (likely >= belief).mean()
        best = max(best, (2 * p * r / max(p + r, 1e-9), p, r, belief))
    print("words: best F1 {:.3f} (precision {:.3f}, recall {:.3f}, from {:.2f})".format(*best), flush=True)
    print("sides of {} acts: who does it {:.3f}, to whom {:.3f}, both {:.3f}".format(count, *right / count), flush=True)


def of_reports(encoder):
    """The sentences of every eighth report with their pairs, as `deep.py --whole` learns them."""
    reports = whole.Whole(whole.REPORTS, every=8)
    reports.settle(whole.say(whole.Net(), reports))
    return deep.of_reports(reports, encoder)


@torch.no_grad()
def fixture(net, encoder, path=HERE / "crates/dyad-reader/tests/data/wide.tsv"):
    """What each telling word of some texts tells and the likeliest word of either side, for crates/dyad-reader/tests/parity.rs."""
    net.eval()
    with open(path, "w", encoding="utf-8") as out:
        for text in TEXTS:
            (window,) = windows({"text": text, "acts": []}, encoder)
            rows, there = net.rows([window])
            beliefs = torch.sigmoid(net.wide(rows))[0]
            for word, belief in enumerate(beliefs):
                kind = belief.argmax()
                if belief[kind] > 0.2:
                    asked = torch.tensor([[0, word, kind]]).T
                    shares = [role(rows, there, *asked)[0].exp() for role in (net.wide.does, net.wide.gets)]
                    sides = [f"{int(share.argmax())}\t{float(share.max()):.3f}" for share in shares]
                    out.write("\t".join([text, str(word), ROOTS[kind], f"{float(belief[kind]):.3f}", *sides]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--out", default=HERE / "models/deep.bin", type=Path)
    parser.add_argument("--epochs", default=2, type=int)
    parser.add_argument("--rate", default=6e-5, type=float)
    parser.add_argument("--keep", type=Path, help="also keep the net here after each epoch")
    parser.add_argument("--start", type=Path, help="go on with a net that was kept")
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.seed(0)
    encoder = deep.Encoder()
    reports = [r for r in whole.reports(whole.REPORTS) if not r["acts"] or any(act["words"] for act in r["acts"])]
    held = reports[::9] if arguments.measure else []
    some = [w for n, r in enumerate(reports) if not held or n % 9 for w in windows(r, encoder)]
    own = deep.of_pairs([*own_pairs(), *own_pairs(MORE)], encoder, False, 1.0, own=True)
    own += deep.candidates(joins.nothing(), encoder, False, 1.0)
    field = deep.of_pairs(pairs(arguments.data / "plv/train.jsonl"), encoder, True, 1.5)
    field += deep.candidates(joins.cameo(arguments.data / "cameo/spans.train.jsonl"), encoder, True, 1.0)
    told = of_reports(encoder)

    def beside(epoch):
        """An eighth of our own, all of the field's and of the reports'."""
        some = [own[i] for i in np.random.permutation(len(own))[: len(own) // 8]]
        return [s for s in [*some, *field, *told] if s.pairs]

    net = deep.read(arguments.out, Net())
    if arguments.start:
        net.load_state_dict(torch.load(arguments.start), strict=False)
    print(f"{len(some)} windows, {sum(len(w.ids) for w in some)} pieces; {len(beside(0))} sentences beside", flush=True)
    for epoch in train(net, some, beside, arguments.epochs, arguments.rate):
        if arguments.keep:
            torch.save(net.state_dict(), arguments.keep)
        if held:
            measure(net, [w for r in held for w in windows(r, encoder)])
    if not arguments.measure:
        deep.write(arguments.out, deep.settle(net), encoder)
        deep.fixture(net, encoder)
        fixture(net, encoder)


if __name__ == "__main__":
    main()
