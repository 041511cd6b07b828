"""A second round for the student, on a processor: it goes on from `student.pt`, on the treebanks, on our own sentences and on
news that it and an earlier ear have read together, which are better than either; what is kept is the mean of its weights before
and after.

    python3 training/again.py EARLIER_EAR.bin     # writes student_final.pt; `train.py --student student_final.pt` makes models/ear.bin of it
"""
import argparse
import os
import struct
import sys
import time

import numpy as np
import torch

import data
import export
import minilm
import model as student
import prepare
import score
import train
from store import Store

KINDS = {export.FLOATS: "<f4", export.HALVES: "<f2"}


def sections(path):
    """The arrays and lists of names of a file that `export.write` made."""
    with open(path, "rb") as file:
        body = file.read()[16:]
    at, out = 0, {}

    def number():
        nonlocal at
        at += 4
        return struct.unpack_from("<I", body, at - 4)[0]

    def text():
        nonlocal at
        length = number()
        at += length
        return body[at - length:at].decode()

    while at < len(body):
        name, kind = text(), number()
        shape = [number() for _ in range(number())]
        if kind == export.NAMES:
            out[name] = [text() for _ in range(shape[0])]
            continue
        count = int(np.prod(shape))
        if kind == export.ROWS:
            scales = np.frombuffer(body, "<f4", shape[0], at)
            rows = np.frombuffer(body, np.int8, count, at + 4 * shape[0]).reshape(shape)
            out[name] = torch.from_numpy(rows * scales[:, None])
            at += 4 * shape[0] + count
        else:
            of = np.frombuffer(body, KINDS[kind], count, at)
            out[name] = torch.from_numpy(of.astype(np.float32).reshape(shape))
            at += of.nbytes
    return out


def earlier(path, table, labels):
    """An ear of before, which may lack the later tags."""
    found = sections(path)
    for name in ("upos", "xpos", "scripts", "ents", "rels"):
        assert found["labels." + name] == getattr(labels, name), f"{path}: other labels: {name}"
    net = student.Student(table, labels)
    state = net.state_dict()
    for name, tensor in state.items():
        if name in found:
            tensor[tuple(slice(0, n) for n in found[name].shape)] = found[name]
    return net.eval()


def shipped(path):
    """The ear of a file and its labels, without lemmas."""
    found = sections(path)
    labels = data.Labels(*(found["labels." + name] for name in ("upos", "xpos", "rels", "scripts")), {})
    return earlier(path, found["form.pieces"], labels), labels


@torch.no_grad()
def label(nets, store, sentences):
    """What the two together hold likely; of what the first lacks, what the second holds."""
    kinds = torch.as_tensor(store.kind)
    for group in store.grouped(3 * sentences, 6000):
        batch = store.batch(group)
        with torch.autocast("cpu", torch.bfloat16):
            outs = [net(store, batch) for net in nets]
        soft = lambda name, some: torch.stack([torch.softmax(o[name].float(), -1) for o in some]).mean(0)
        seen = ~batch["pad"]
        token = batch["token"][seen]
        for name, had in store.tags.items():
            both = name in ("upos", "xpos", "scripts", "ents")
            blank = had[token].sum(-1) == 0 if name != "ents" else torch.ones(len(token), dtype=torch.bool)
            had[token[blank]] = soft(name, outs if both else outs[1:])[seen][blank].half()
        arcs = soft("arcs", outs)
        heads = arcs.argmax(-1)
        with torch.autocast("cpu", torch.bfloat16):
            rels = torch.stack([torch.softmax(n.heads.relations(o, heads).float(), -1) for n, o in zip(nets, outs)]).mean(0)
        blank = kinds[batch["sentence"]][:, None].expand_as(seen)[seen] != prepare.GOLD
        train.put_arcs(store, token[blank], arcs[seen][blank], heads[seen][blank], rels[seen][blank])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("earlier")
    parser.add_argument("--work", default="/tmp/dyad-ear")
    parser.add_argument("--news", type=int, default=900_000, help="tokens of it")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    args = parser.parse_args()
    at = lambda name: os.path.join(args.work, name)
    torch.set_num_threads(1)
    labels, made = train.stage(at("prepared.pkl"), lambda: sys.exit("run train.py --prepare first"))
    rng = np.random.default_rng(8)
    news = rng.permutation([i for i, m in enumerate(made) if m.kind == prepare.TEXT])
    some = news[np.cumsum([len(made[i].forms) for i in news]) < args.news]
    kept = sorted([i for i, m in enumerate(made) if m.kind not in (prepare.TEXT, prepare.FIELD, prepare.MENTIONS)] + some.tolist())
    made = [made[i]._replace(pairs=None if made[i].kind == prepare.TEXT else made[i].pairs) for i in kept]
    table = minilm.unpacked(at("table.npz"))["table"]
    store = Store(made, labels, minilm.vocabulary(), torch.device("cpu"), 1)
    net = train.trained(at("student.pt"), table, labels)
    both = earlier(args.earlier, table, labels), net
    print("before", score.quick(net, store), flush=True)
    print("the earlier", score.quick(both[0], store), flush=True)
    print("together", score.quick(score.Mean(both), store), flush=True)
    began = time.time()
    of = lambda kind: np.flatnonzero(store.kind == kind)
    label(both, store, np.concatenate([of(k) for k in (prepare.GOLD, prepare.OWN, prepare.TEXT)]))
    train.weapons(made, store)
    store.weight[torch.as_tensor(store.kind) != prepare.GOLD] = 0.7
    print(f"labelled, {time.time() - began:.0f} s", flush=True)
    draw = lambda rng: store.drawn(np.concatenate([of(prepare.GOLD), of(prepare.GOLD), of(prepare.OWN), of(prepare.TEXT)]), rng)
    begun = [p.detach().clone() for p in net.parameters()]
    train.fit(net, store, draw, 2500, 1e-3, 9, args.epochs, args.seconds)
    print("after the round", score.quick(net, store), flush=True)
    for p, before in zip(net.parameters(), begun):
        p.data.lerp_(before, 0.5)
    print("the mean", score.quick(net, store), f"{time.time() - began:.0f} s", flush=True)
    train.keep(net, at("student_final.pt"))


if __name__ == "__main__":
    main()
