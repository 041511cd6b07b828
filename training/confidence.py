"""Trains the weights by which an event's confidence is told (models/confidence.tsv), and shows whether they can be believed.

    python training/confidence.py            # measures, draws docs/pictures/confidence.svg, then writes the weights
    python training/confidence.py --deep     # the same for the deep tier (models/confidence_deep.tsv)
    python training/confidence.py --measure  # measures and writes nothing
    python training/confidence.py --held     # the shipped models on examples/held_back_pairs.tsv

Needs built examples (`cargo build --release --examples`) and PyTorch with NumPy. The signs are decided in Rust
(coding/event/confidence.rs).

It learns from cases/acts: whole reports under which every act stands, on which no other model is trained. An event is
right where its type and both its sides are those of a listed act (crates/dyad-eval/src/sets/acts.rs). What is printed is
measured on each of the two files with weights from the other; the shipped weights are from both.
"""

import argparse
import json
import subprocess
from pathlib import Path

import numpy as np
import torch

import joined
import pair

HERE = pair.HERE
FILES = [HERE / f"cases/acts/{name}.txt" for name in ("dev", "held-back")]
DECAY = 1e-2


def read(rows, models):
    """The events of sentences by some models."""
    asked = "".join(json.dumps({"text": row["text"]}) + "\n" for row in rows)
    command = [HERE / "target/release/examples/event_signs", *models]
    out = subprocess.run(command, input=asked, check=True, capture_output=True, text=True).stdout
    return [json.loads(line)["events"] for line in out.splitlines()]


def told(file, deep):
    """The judged events of a file's reports, and the lines of the acts that a coder must record."""
    command = [HERE / "target/release/examples/act_signs", file, *([HERE / "models/deep.bin"] if deep else [])]
    *events, last = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return [json.loads(event) for event in events], json.loads(last)["wanted"]


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
    """Whether the event of a sentence with one marked pair is right; None where the marks do not tell."""
    if between(row, event):
        return event["root"] == row["type"]
    return False if any(sides(row, event)) else None


def matrix(found, names):
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(found), len(names)), np.float32)
    for i, event in enumerate(found):
        for name, value in event["signs"].items():
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


def curve(events, sure, wanted):
    """Precision, and recall of the acts that must be recorded, by the least confidence."""
    right = np.array([event["right"] for event in events])
    print("at least   precision  recall")
    for least in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        kept = sure >= least
        found = {(e["file"], line) for e, k in zip(events, kept) if k and e["right"] for line in e["tells"]}
        recall = len(found & wanted) / len(wanted)
        print(f"  {least:.1f}      {right[kept].mean():.3f}      {recall:.3f}")


def surest(texts, meets, sure, right, pairs):
    """The share of pairs whose surest event between the sides is right."""
    best = {}
    for text, between_them, p, is_right in zip(texts, meets, sure, right):
        if between_them and p > best.get(text, (0, False))[0]:
            best[text] = (p, is_right)
    return sum(is_right for _, is_right in best.values()) / pairs


def held(deep):
    """What the shipped models tell of examples/held_back_pairs.tsv, and whether their confidence can be believed there."""
    name = "confidence_deep" if deep else "confidence"
    models = [HERE / f"models/{model}.bin" for model in ("pair", "joined", "ear_pair", *(["deep"] if deep else []))]
    table = HERE / f"models/{name}.tsv"
    weights = dict(line.split("\t") for line in open(table, encoding="utf-8").read().splitlines()[2:])
    rows = [{**next(joined.marked([row])), "type": row["type"]} for row in pair.own_pairs(pair.HELD)]
    sure, right, texts, meets = [], [], [], []
    for row, events in zip(rows, read(rows, models)):
        for event in events:
            if judge(row, event) is not None:
                logit = sum(float(weights.get(sign, 0)) * value for sign, value in event["signs"].items())
                sure.append(1 / (1 + np.exp(-logit)))
                right.append(judge(row, event))
                texts.append(row["text"])
                meets.append(between(row, event))
    sure, right, meets = np.array(sure), np.array(right), np.array(meets)
    print(f"{len(sure)} judged events, {right.mean():.3f} right; {len(rows)} marked pairs")
    print(f"expected calibration error {calibration_error(sure, right):.3f}; of events between the sides {calibration_error(sure[meets], right[meets]):.3f}")
    print(f"end to end by the surest event between the sides: {surest(texts, meets, sure, right, len(rows)):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--measure", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.held:
        held(arguments.deep)
        return
    events, wanted = [], set()
    for number, file in enumerate(FILES):
        found, lines = told(file, arguments.deep)
        events += [{**event, "file": number} for event in found]
        wanted |= {(number, line) for line in lines}
    signs = sorted({sign for event in events for sign in event["signs"]})
    x = matrix(events, signs)
    y = torch.tensor([event["right"] for event in events], dtype=torch.float32)
    of = np.array([event["file"] for event in events])
    sure, right = np.zeros(len(events)), y.numpy()
    for number in range(len(FILES)):
        w = fit(x[of != number], y[of != number])
        sure[of == number] = torch.sigmoid(x[of == number] @ w).numpy()
    print(f"{len(events)} events, {right.mean():.3f} right; {len(wanted)} acts to be recorded")
    print(f"expected calibration error, each file by the other: {calibration_error(sure, right):.3f}")
    for n, a, b in bins(sure, right):
        print(f"  {n:5} events  {a:.2f} sure  {b:.2f} right")
    curve(events, sure, wanted)
    if arguments.measure:
        return
    name = "confidence_deep" if arguments.deep else "confidence"
    draw(HERE / f"docs/pictures/{name}.svg", sure, right)
    w = fit(x, y)
    with open(HERE / f"models/{name}.tsv", "w", encoding="utf-8") as out:
        out.write("# What speaks for an event (above nought) and against it. Made by training/confidence.py.\n")
        out.write("sign\tweight\n")
        out.writelines(f"{sign}\t{weight:.3f}\n" for sign, weight in zip(signs, w.tolist()))


if __name__ == "__main__":
    main()
