"""Trains the weights by which an event's confidence is told (models/confidence.tsv), and shows whether they can be believed.

    python training/confidence.py --ear A.bin B.bin   # measures, draws docs/pictures/confidence.svg, then writes the weights
    python training/confidence.py --ear A.bin B.bin --cv-only
    python training/confidence.py --ear A.bin B.bin --deep C.bin D.bin   # the same for the deep tier (models/confidence_deep.tsv)
    python training/confidence.py --held [--deep models/deep.bin]        # the shipped models on sentences that nothing learned from

The two models of `--ear` are heads over the ear's rows that have not seen the first and the second half; without it the shipped head
is asked for both, which is honest only where its ear has not seen the sets (models/CARD.md). Those of `--deep` are made by
`training/deep.py --without 0` and `--without 1`. Needs ../shared/data/plv and ../shared/data/cameo, built examples (`cargo build --release -p dyad-reader
--examples`) and PyTorch with NumPy. The signs are decided in Rust (coding/event/confidence.rs).

The sentences are halved. The pair models that read one half are trained on the other, so that their beliefs are those of
unseen text. An event between the two marked sides of a PLV sentence is right where it has the marked type; one that has one
marked side in its role and somebody else in the other is wrong; others are not judged. In the CAMEO sentences only the sides are
marked: a fact of the set ("sides alone") takes up that such an event is right more often, and is dropped afterwards. In
our own sentences that tell nothing every event is wrong.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

import joined
import pair

HERE = pair.HERE
DECAY = 2e-3


class Judged(NamedTuple):
    """An event of a sentence: its signs and whether it is right."""

    signs: dict
    right: bool
    half: int
    # Of a set that marks a type, PLV; of one that marks the sides alone, CAMEO.
    typed: bool
    sides_alone: bool
    text: str
    # It joins the two marked sides.
    between: bool


def rows(data):
    plv = data / "plv/train.jsonl"
    for row in pair.pairs(plv):
        yield {**next(joined.marked([row])), "type": row["type"], "row": row}
    for row in joined.cameo(data / "cameo/spans.train.jsonl"):
        if row["links"]:
            yield {**row, "type": None, "row": None}
    for row in joined.nothing():
        yield {**row, "type": "nothing", "row": None}


def half(row):
    return pair.part(row["text"], 2)


def read(told, models):
    asked = "".join(json.dumps({"text": row["text"]}) + "\n" for row in told)
    command = [HERE / "target/release/examples/event_signs", *models]
    out = subprocess.run(command, input=asked, check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["events"] for line in out.splitlines()]


def touches(sides, marked):
    return any(joined.meet(side, end) for side in sides for end in marked)


def sides(row, event):
    both = event["actors"] + event["recipients"]
    does, gets = (both, both) if event["mutual"] else (event["actors"], event["recipients"])
    sources, targets = [[link[end] for link in row["links"]] for end in (0, 1)]
    return touches(does, sources), touches(gets, targets)


def between(row, event):
    return all(sides(row, event))


def judge(row, event):
    """Whether the event is right; None where the marks do not tell."""
    if row["type"] == "nothing":
        return False
    if between(row, event):
        return row["type"] is None or event["root"] == row["type"]
    return False if any(sides(row, event)) else None


def judged(data, ear, deep):
    """The judged events of every sentence, and how many pairs PLV marks."""
    everything = list(rows(data))
    found, own_pairs = [], pair.look(pair.own_pairs())
    own_marked = list(joined.marked(pair.own_pairs(), own=True))
    for one in (0, 1):
        others, own = [[r for r in everything if half(r) == h] for h in (1 - one, one)]
        with tempfile.TemporaryDirectory() as folder:
            models = [Path(folder) / "pair.bin", Path(folder) / "joined.bin"]
            labels, features = pair.look([r["row"] for r in others if r["row"]])
            pair.write(models[0], *pair.fit(labels, features, own_pairs))
            pair.write(models[1], *joined.fit(*joined.look([*others, *own_marked])[:3]))
            events = read(own, [*models, ear[one], *deep[one : one + 1]])
        for row, told in zip(own, events):
            for event in told:
                right = judge(row, event)
                if right is not None:
                    typed, meets = row["row"] is not None, between(row, event)
                    alone = row["type"] is None
                    found.append(Judged(event["signs"], right, one, typed, alone, row["text"], meets))
    return found, sum(r["row"] is not None for r in everything)


def matrix(found, names):
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(found), len(names) + 1), np.float32)
    for i, event in enumerate(found):
        x[i, -1] = event.sides_alone
        for name, value in event.signs.items():
            if name in at:
                x[i, at[name]] = value
    return torch.from_numpy(x)


def fit(x, y):
    w = torch.zeros(x.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([w], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(x @ w, y) + DECAY * (w**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return w.detach()


def bins(sure, right, count=10):
    """For each tenth of the scale: how many, how sure, how often right."""
    at = np.minimum((sure * count).astype(int), count - 1)
    return [(n, sure[at == b].mean(), right[at == b].mean()) for b in range(count) if (n := (at == b).sum())]


def calibration_error(sure, right):
    return sum(n * abs(a - b) for n, a, b in bins(sure, right)) / len(sure)


def draw(path, sure, right):
    """The reliability plot, as plain SVG."""
    size, edge = 360, 46
    place = lambda x, y: (edge + x * size, edge / 2 + (1 - y) * size)
    shapes = []
    for tenth in range(0, 11, 2):
        (x, y), (ox, oy) = place(tenth / 10, tenth / 10), place(0, 0)
        shapes += [f'<path d="M{x} {oy}V{edge / 2}M{ox} {y}H{ox + size}" stroke="#ddd"/>']
        shapes += [f'<text x="{x}" y="{oy + 16}" text-anchor="middle">{tenth / 10}</text>']
        shapes += [f'<text x="{ox - 6}" y="{y + 4}" text-anchor="end">{tenth / 10}</text>']
    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    shapes += [f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#888" stroke-dasharray="4 4"/>']
    points = bins(sure, right)
    for n, a, b in points:
        x, y = place(a, b)
        title = f"<title>{n} events, {a:.2f} sure, {b:.2f} right</title>"
        dot = f'cx="{x:.1f}" cy="{y:.1f}" r="{2 + 12 * (n / len(sure)) ** 0.5:.1f}"'
        shapes += [f'<circle {dot} fill="#2563a8" fill-opacity=".75">{title}</circle>']
    shapes += [f'<text x="{edge + size / 2}" y="{size + edge + 14}" text-anchor="middle">confidence</text>']
    turned = f'transform="translate(12 {edge / 2 + size / 2}) rotate(-90)"'
    shapes += [f'<text {turned} text-anchor="middle">share that was right</text>']
    width, height = size + edge + 20, size + edge + 24
    body = "\n".join(shapes)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12" fill="#333">\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
    )


def curve(typed, sure, right, texts, pairs):
    """Precision and recall by the least confidence."""
    print("at least   precision  recall of the pairs that are marked")
    for least in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        told = typed & (sure >= least)
        pairs_told = len({text for text, t, r in zip(texts, told, right) if t and r})
        print(f"  {least:.1f}      {right[told].mean():.3f}      {pairs_told / pairs:.3f}")


def surest(texts, meets, sure, right, pairs):
    """The share of pairs whose surest event between the sides is right."""
    best = {}
    for text, between_them, p, is_right in zip(texts, meets, sure, right):
        if between_them and p > best.get(text, (0, False))[0]:
            best[text] = (p, is_right)
    return sum(is_right for _, is_right in best.values()) / pairs


def held(models, table):
    """What the shipped models tell of examples/held_back_pairs.tsv, and whether their confidence can be believed there."""
    weights = dict(line.split("\t") for line in open(table, encoding="utf-8").read().splitlines()[2:])
    told = [{**next(joined.marked([row])), "type": row["type"]} for row in pair.own_pairs(pair.HELD)]
    sure, right, texts, meets = [], [], [], []
    for row, events in zip(told, read(told, models)):
        for event in events:
            if judge(row, event) is not None:
                logit = sum(float(weights.get(sign, 0)) * value for sign, value in event["signs"].items())
                sure.append(1 / (1 + np.exp(-logit)))
                right.append(judge(row, event))
                texts.append(row["text"])
                meets.append(between(row, event))
    sure, right, meets = np.array(sure), np.array(right), np.array(meets)
    print(f"{len(sure)} judged events, {right.mean():.3f} right; {len(told)} marked pairs")
    print(f"expected calibration error {calibration_error(sure, right):.3f}; of events between the sides {calibration_error(sure[meets], right[meets]):.3f}")
    print(f"end to end by the surest event between the sides: {surest(texts, meets, sure, right, len(told)):.3f}")
    curve(np.ones(len(sure), bool), sure, right, texts, len(told))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", default=HERE.parent / "shared/data", type=Path)
    parser.add_argument("--ear", nargs="+", default=[HERE / "models/ear_pair.bin"], type=Path)
    parser.add_argument("--deep", nargs="+", default=[], type=Path)
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--table", type=Path, help="with --held, another table of weights")
    parser.add_argument("--cv-only", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    name = "confidence_deep" if arguments.deep else "confidence"
    if arguments.held:
        models = [HERE / f"models/{name}.bin" for name in ("pair", "joined")]
        held([*models, *arguments.ear[:1], *arguments.deep[:1]], arguments.table or HERE / f"models/{name}.tsv")
        return
    found, pairs = judged(arguments.data, arguments.ear * 2, arguments.deep)
    signs = sorted({sign for event in found for sign in event.signs})
    x = matrix(found, signs)
    y = torch.tensor([event.right for event in found], dtype=torch.float32)
    of_half = np.array([event.half for event in found])
    typed = np.array([event.typed for event in found])
    sure = np.zeros(len(found))
    for one in (0, 1):
        w = fit(x[of_half != one], y[of_half != one])
        sure[of_half == one] = torch.sigmoid(x[of_half == one] @ w).numpy()
    right = y.numpy()
    print(f"{len(found)} judged events, {typed.sum()} of them in PLV, {right[typed].mean():.3f} of these right")
    error = calibration_error(sure[typed], right[typed])
    print(f"expected calibration error, each half by the other: {error:.3f} (PLV), {calibration_error(sure, right):.3f} (all)")
    for n, a, b in bins(sure[typed], right[typed]):
        print(f"  {n:5} events  {a:.2f} sure  {b:.2f} right")
    meets = [event.between and event.typed for event in found]
    texts = [event.text for event in found]
    best = surest(texts, meets, sure, right, pairs)
    print(f"PLV end to end by the surest event between the sides, each half by the other: {best:.3f}")
    idle = sum(not event.typed and not event.sides_alone for event in found)
    print(f"events in our own sentences that tell nothing: {idle}, {idle / len(list(joined.nothing())):.3f} a sentence")
    curve(typed, sure, right, texts, pairs)
    if arguments.cv_only:
        return
    draw(HERE / f"docs/pictures/{name}.svg", sure[typed], right[typed])
    w = fit(x, y)
    with open(HERE / f"models/{name}.tsv", "w", encoding="utf-8") as out:
        out.write("# What speaks for an event (above nought) and against it. Made by training/confidence.py.\n")
        out.write("sign\tweight\n")
        out.writelines(f"{sign}\t{weight:.3f}\n" for sign, weight in zip(signs, w.tolist()))


if __name__ == "__main__":
    main()
