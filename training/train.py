"""Trains the reader's network. `python3 training/train.py [DATA]`; see README.md."""
import argparse
import math
import os
import pickle
import sys
import time

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import data
import export
import fixture
import minilm
import model as student
import prepare
import score
import teacher
from store import Store, LIKELY


def fit(net, store, draw, tokens, rate, seed, epochs, limit, pieces=None, pairs=4.0):
    """Adam with a cosine over the planned epochs, or over `limit` seconds where those are less, and a running mean of the
    weights, which the network has at the end."""
    torch.set_flush_denormal(True)  # moments of rows that are never met again would crawl
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    params = [p for p in net.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(net.groups() if hasattr(net, "groups") else params, lr=rate, betas=(0.9, 0.98), weight_decay=0.01,
                             fused=store.device.type == "cuda")
    mean = [p.detach().clone() for p in params]
    step, began = 0, time.time()
    for epoch in range(epochs):
        total = torch.zeros((), device=store.device)
        net.train()
        groups = store.grouped(draw(rng), tokens, rng)
        steps = len(groups) * epochs
        for group in groups:
            at = max(step / steps, (time.time() - began) / limit)
            if at >= 1:
                break
            now = rate * min(1.0, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(at * math.pi)))
            for g in adam.param_groups:
                g["lr"] = now * g.get("scale", 1.0)
            batch = store.batch(group, pairs, pieces)
            with torch.autocast(store.device.type, torch.bfloat16):
                value = student.loss(net, store, batch)
            adam.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(params, 2.0)
            adam.step()
            step += 1
            keep = min(0.998, step / (step + 10))
            torch._foreach_mul_(mean, keep)
            torch._foreach_add_(mean, [p.detach() for p in params], alpha=1 - keep)
            total += value.detach()
        print(f"  epoch {epoch + 1} steps {step} of {steps} loss {total.item() / len(groups):.3f} {time.time() - began:.0f} s", flush=True)
        if at >= 1:
            break
    for p, m in zip(params, mean):
        p.data.copy_(m)
    return net.eval()


def put_arcs(store, token, arcs, heads, rels):
    """The likely heads of some words, those above a fiftieth, as parts of their sum, and the relation to the likeliest."""
    shares, which = arcs.topk(min(LIKELY, arcs.shape[-1]), -1)
    shares = shares * ((shares > 0.02) | (shares == shares[..., :1]))
    wide = (0, LIKELY - which.shape[-1])
    store.heads[token], store.rels[token] = heads, rels.half()
    store.arcs[token] = torch.nn.functional.pad(which, wide)
    store.arc_shares[token] = torch.nn.functional.pad(shares / shares.sum(-1, keepdim=True), wide).half()


@torch.no_grad()
def label(nets, store, pieces, tokens=16000):
    """What the teachers, taken together, hold likely of every sentence, where nobody has looked."""
    kinds = torch.as_tensor(store.kind).to(store.device)
    sure = torch.zeros(len(store.length), device=store.device)
    asked = np.flatnonzero((store.kind != prepare.DEV_EWT) & (store.kind != prepare.DEV_GUM) & (store.kind != prepare.DEV_SPEECH))
    weapon = [i for i, t in enumerate(store.labels.ents) if t.endswith("WEAPON")]
    for group in store.grouped(3 * asked, tokens):
        batch = store.batch(group, math.inf, pieces)
        with torch.autocast(store.device.type, torch.bfloat16):
            outs = [net(store, batch) for net in nets]
        soft = lambda name: torch.stack([torch.softmax(o[name].float(), -1) for o in outs]).mean(0)
        seen = ~batch["pad"]
        token = batch["token"][seen]
        is_gold = (kinds[batch["sentence"]] == prepare.GOLD)[:, None].expand_as(seen)[seen]
        for name, had in store.tags.items():
            now, before = soft(name)[seen], had[token].float()
            known = before.sum(-1) > 0
            if name == "ents":  # spaCy's marks, which are often wrong
                mixed = torch.where((now[:, weapon].sum(-1) > 0.5)[:, None], now, (now + before) / 2)
                now = torch.where(known[:, None], mixed, now)
            elif name in ("upos", "xpos", "scripts"):
                now = torch.where(is_gold[:, None], before, now)
            else:
                now = torch.where(known[:, None], before, now)
            had[token] = now.half()
        arcs = soft("arcs")
        heads = arcs.argmax(-1)
        with torch.autocast(store.device.type, torch.bfloat16):
            rels = torch.stack([torch.softmax(net.heads.relations(o, heads).float(), -1) for net, o in zip(nets, outs)]).mean(0)
        sure[batch["sentence"]] = (arcs.amax(-1).log() * seen).sum(1) / seen.sum(1)
        mine = ~is_gold
        put_arcs(store, token[mine], arcs[seen][mine], heads[seen][mine], rels[seen][mine])
        if "pairs" in outs[0]:
            which = batch["pairs"]["which"]
            logits = torch.stack([o["pairs"].float() for o in outs]).mean(0)
            joined = torch.sigmoid(logits[:, -1])
            blank = ~store.p_told[which] & (store.p_joined[which] < 0)
            store.p_joined[which[blank]] = joined[blank]
            store.p_roots[which[blank]] = (torch.softmax(logits[:, :-1], -1) * joined[:, None])[blank]
    unsure = (kinds != prepare.GOLD) & (sure < sure[torch.as_tensor(asked).to(store.device)].quantile(0.1))
    store.weight[kinds != prepare.GOLD] = 0.7
    store.weight[unsure] = 0.1


def weapons(made, store):
    """Marks what `weapons.txt` names in the text that nobody has marked by hand, now that it is parsed."""
    listed = data.word_list(os.path.join(HERE, "weapons.txt"))
    labels, count = store.labels, 0
    starts = store.s_start.cpu().numpy()
    shaped = lambda f: {f, f.rstrip("s"), f[:-2] if f.endswith("es") else f}
    for i, m in enumerate(made):
        if m.kind not in (prepare.TEXT, prepare.OWN, prepare.FIELD) or not any(shaped(f.lower()) & listed for f in m.forms):
            continue
        at = slice(starts[i], starts[i] + len(m.forms))
        best = {name: store.tags[name][at].argmax(-1).tolist() for name in ("upos", "xpos", "scripts", "ents")}
        xpos = [labels.xpos[x] for x in best["xpos"]]
        before = [labels.ents[e] for e in best["ents"]]
        s = data.Sentence(m.forms, [labels.upos[u] for u in best["upos"]], xpos,
                          [labels.lemma(f, x, labels.scripts[k]) for f, x, k in zip(m.forms, xpos, best["scripts"])],
                          store.heads[at].tolist(), [labels.rels[r] for r in store.rels[at].argmax(-1).tolist()], before)
        for j, (a, b) in enumerate(zip(before, data.with_weapons(s, listed).ents)):
            if a != b:
                store.tags["ents"][starts[i] + j] = torch.nn.functional.one_hot(
                    torch.tensor(labels.index["ents"][b]), len(labels.ents)).to(store.device).half()
                count += 1
    print(count, "words marked as weapons", flush=True)


def stage(path, make):
    """What an earlier run left, or made now and kept."""
    if os.path.exists(path):
        print("found", path, flush=True)
        with open(path, "rb") as file:
            return pickle.load(file)
    began = time.time()
    made = make()
    with open(path, "wb") as file:
        pickle.dump(made, file)
    print(f"made {path} in {time.time() - began:.0f} s", flush=True)
    return made


def teach(seed, store, arrays, table, args, pieces):
    """One teacher: treebanks, names, speech, mentions and our own pairs at once. The first two learn each from a half of
    re3d, so that the other half can measure them."""
    torch.manual_seed(seed)
    net = teacher.Teacher(arrays, table, store.labels).to(store.device)
    of = lambda kind: np.flatnonzero(store.kind == kind)
    half = lambda which, k: which[(store.part[which] % 2 != k) | (k > 1)]
    spoken = of(prepare.TEXT)
    spoken = spoken[store.said[spoken]]

    def draw(rng):
        some = [of(prepare.GOLD), of(prepare.OWN), *[half(of(prepare.MENTIONS), seed)] * 3, rng.permutation(spoken)[:len(spoken) // 2]]
        return store.drawn(np.concatenate(some), rng)

    fit(net, store, draw, args.batch, 1e-3, seed, args.teacher_epochs, args.teacher_seconds, pieces)
    said = score.quick(net, store, pieces)
    if seed < 2:
        held = of(prepare.MENTIONS)
        said |= {"mentions": score.spans(net, store, held[store.part[held] % 2 == seed], "ments", pieces)}
    print(f"teacher {seed}", said, flush=True)
    return net


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", default=os.path.join(HERE, "../../shared/data"))
    parser.add_argument("--work", default="/tmp/dyad-ear", help="where stages are kept; what is found there is not made again")
    parser.add_argument("--out", default=os.path.join(HERE, "../models/ear.bin"))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--prepare", action="store_true", help="make what the training needs, and no more: prepared.pkl and weights")
    parser.add_argument("--train", action="store_true", help="from what was prepared train student.pt, and no more: needs PyTorch alone")
    parser.add_argument("--student", default="student.pt", help="the file in --work that becomes models/ear.bin")
    parser.add_argument("--teachers", type=int, default=3)
    parser.add_argument("--teacher-epochs", type=int, default=10)
    parser.add_argument("--teacher-seconds", type=float, default=math.inf, help="for each, at most")
    parser.add_argument("--epochs", type=int, default=45)
    parser.add_argument("--seconds", type=float, default=math.inf, help="from the start to the student's end, at most")
    parser.add_argument("--batch", type=int, default=8000, help="tokens")
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    at = lambda name: os.path.join(args.work, name)
    if not args.train:
        stage(at("prepared.pkl"), lambda: prepare.everything(args.data, HERE))
        if not os.path.exists(at("mpnet.npz")):
            minilm.pack(minilm.mpnet(), at("mpnet.npz"))
            minilm.pack(minilm.tensors(), at("minilm.npz"))
            minilm.pack({"table": minilm.piece_table(student.PIECE)}, at("table.npz"))
            with open(at("pieces.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join(minilm.vocabulary()))
        if args.prepare:
            return
    with open(at("pieces.txt"), encoding="utf-8") as file:
        words = file.read().split("\n")
    labels, made = stage(at("prepared.pkl"), lambda: sys.exit("run with --prepare first"))
    table = minilm.unpacked(at("table.npz"))["table"]
    if not os.path.exists(at("student.pt")):
        began = time.time()
        store = Store(made, labels, words, torch.device(args.device), args.processes)
        places, ends = minilm.mpnet_places(words)
        pieces = torch.tensor(places, device=store.device), ends
        arrays = minilm.unpacked(at("mpnet.npz"))
        print(f"{len(store.v_form)} tokens in {len(store.of)} variants, {time.time() - began:.0f} s", flush=True)
        nets = [teach(seed, store, arrays, table, args, pieces) for seed in range(args.teachers)]
        score.together(nets, store, pieces)
        label(nets, store, pieces)
        weapons(made, store)
        del nets
        print(f"labelled, {time.time() - began:.0f} s", flush=True)
        torch.manual_seed(20)
        net = student.Student(table, labels).to(store.device)
        fit(net, store, lambda rng: drawn_for_student(store, rng), args.batch, 4e-3, 21, args.epochs,
            args.seconds - (time.time() - began))
        print("student", score.quick(net, store), f"{time.time() - began:.0f} s", flush=True)
        keep(net, at("student.pt"))
    if not args.train:
        finish(args, labels, made, words, table, at(args.student))


def drawn_for_student(store, rng):
    """An epoch: the treebanks twice, our own sentences, and half of the news."""
    of = lambda kind: np.flatnonzero(store.kind == kind)
    news = rng.permutation(of(prepare.TEXT))
    some = [*[of(prepare.GOLD)] * 2, of(prepare.OWN), of(prepare.FIELD), *[of(prepare.MENTIONS)] * 2, news[:len(news) // 2]]
    return store.drawn(np.concatenate(some), rng)


def keep(net, path):
    torch.save({k: v.half() for k, v in net.state_dict().items() if k != "form.pieces"}, path)


def trained(path, table, labels):
    """The student of a file that this script left."""
    net = student.Student(table, labels)
    state = torch.load(path, map_location="cpu")
    net.load_state_dict({k: v.float() for k, v in state.items()} | {"form.pieces": table})
    return net.eval()


def finish(args, labels, made, words, table, path):
    """Rounds as the file keeps it, writes file and fixture, and says what the card must say."""
    net = export.rounded(trained(path, table, labels))
    size, digest = export.write(args.out, net, labels, words)
    few = [m for m in made if m.kind in (prepare.DEV_EWT, prepare.DEV_GUM)]
    store = Store(few, labels, words, torch.device("cpu"))
    fixture.write(net, labels, words)
    print("size", size)
    print("digest", f"{digest:016x}")
    for name, kind in (("ewt-dev", prepare.DEV_EWT), ("gum-dev", prepare.DEV_GUM)):
        print(name, *score.parsing(net, store, [m.gold for m in few], kind).values())


if __name__ == "__main__":
    main()
