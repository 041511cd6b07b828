"""Trains the reader's network. `python3 training/train.py [DATA]`; see README.md."""
import argparse
import os
import pickle
import random
import sys
import time

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import batches
import data
import export
import features
import fixture
import minilm
import model as student
import silver
import teacher

HERE = os.path.dirname(os.path.abspath(__file__))


def fit(net, sentences, encode, dev, tokens, rate, seed, epochs, silver_sentences=(), repeat=1, log=print):
    """Adam with a cosine over the planned epochs and a running mean of the weights, which the network has at the end.
    An epoch sees the gold sentences `repeat` times, each time damaged anew, and the silver ones once."""
    torch.set_flush_denormal(True)  # moments of rows that are never met again would crawl
    rng = random.Random(seed)
    torch.manual_seed(seed)
    params = [p for p in net.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(net.groups() if hasattr(net, "groups") else params, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    pool = list(sentences) * repeat + list(silver_sentences)
    groups_per_epoch = len(batches.grouped(pool, tokens))
    steps = groups_per_epoch * epochs
    mean = [p.detach().clone() for p in params]
    step, began = 0, time.time()
    for epoch in range(epochs):
        total = 0.0
        net.train()
        work = [data.damaged(s, rng) for s in pool]
        for group in batches.grouped(work, tokens, rng):
            at = min(step / max(steps, 1), 1.0)
            warm = min(1.0, (step + 1) / 100)
            now = rate * warm * (0.01 + 0.99 * 0.5 * (1 + torch.cos(torch.tensor(at * 3.14159)).item()))
            for g in adam.param_groups:
                g["lr"] = now * g.get("scale", 1.0)
            batch = encode(group)
            with torch.autocast("cpu", torch.bfloat16):
                value = student.loss(net, batch)
            adam.zero_grad(set_to_none=True)
            value.backward()
            torch.nn.utils.clip_grad_norm_(params, 2.0)
            adam.step()
            step += 1
            keep = min(0.998, step / (step + 10))
            torch._foreach_mul_(mean, keep)
            torch._foreach_add_(mean, [p.detach() for p in params], alpha=1 - keep)
            total += value.item()
            if step % 50 == 0:
                log(f"  step {step}/{steps} loss {value.item():.3f} {time.time() - began:.0f}s", flush=True)
        if epoch % 3 != 2 and epoch + 1 < epochs:
            continue
        live = [p.detach().clone() for p in params]
        for p, m in zip(params, mean):
            p.data.copy_(m)
        log(f"epoch {epoch + 1} loss {total / groups_per_epoch:.3f} {time.time() - began:.0f}s",
            {k: batches.score(net, encode, v) for k, v in dev.items()}, flush=True)
        if epoch + 1 < epochs:
            for p, m in zip(params, live):
                p.data.copy_(m)


class Together(torch.nn.Module):
    """Several readers as one: the mean of what they hold likely."""

    def __init__(self, *nets):
        super().__init__()
        self.nets = torch.nn.ModuleList(nets)

    @property
    def heads(self):
        return self

    def forward(self, batch):
        outs = [net(batch) for net in self.nets]
        return {"each": outs} | {k: self.mean([o[k] for o in outs]) for k in ("upos", "xpos", "scripts", "ents", "arcs")}

    def relations(self, out, heads):
        return self.mean([net.heads.relations(o, heads) for net, o in zip(self.nets, out["each"])])

    @staticmethod
    def mean(logits):
        return torch.stack([torch.softmax(x.float(), -1) for x in logits]).mean(0).clamp(min=1e-30).log()


def label(net, encode, sentences, weapons):
    """A reading of unlabelled sentences; the tenth that it is least sure of is left out."""
    blank = [data.Sentence(f, ["X"] * len(f), ["NN"] * len(f), f, [0] * len(f), ["root"] * len(f), e, 1.0) for f, e in sentences]
    labels = encode.labels
    with torch.autocast("cpu", torch.bfloat16):
        read = batches.predict(net, encode, blank, doubt=True)
    least = sorted(p["sure"] for p in read)[len(read) // 10]
    out = []
    for s, p in zip(blank, read):
        if p["sure"] < least:
            continue
        xpos = [labels.xpos[x] for x in p["xpos"]]
        lemmas = [labels.lemma(f, x, labels.scripts[k]) for f, x, k in zip(s.forms, xpos, p["scripts"])]
        made = s._replace(upos=[labels.upos[u] for u in p["upos"]], xpos=xpos, lemmas=lemmas, heads=p["heads"],
                          rels=[labels.rels[r] for r in p["rels"]], weight=0.6, soft=p["soft"])
        out.append(data.with_weapons(made, weapons))
    return out


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
    print(f"made {path} in {time.time() - began:.0f}s", flush=True)
    return made


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", default=os.path.join(HERE, "../../shared/data"))
    parser.add_argument("--work", default="/tmp/dyad-ear", help="where stages are kept; what is found there is not made again")
    parser.add_argument("--out", default=os.path.join(HERE, "../models/ear.bin"))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--silver", type=int, default=1_000_000, help="tokens of unlabelled news in the first round (0: gold alone)")
    parser.add_argument("--more-silver", type=int, default=1_400_000, help="the same in the second, read by teacher and student together")
    parser.add_argument("--teacher-epochs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--more-epochs", type=int, default=5, help="of the second round")
    parser.add_argument("--repeat", type=int, default=2, help="passes over the gold sentences in an epoch")
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    torch.set_flush_denormal(True)
    torch.set_num_threads(args.threads)
    at = lambda name: os.path.join(args.work, name)
    treebank = lambda name: data.read_conllu(os.path.join(args.data, "ud", f"en_{name}.conllu.gz"))
    weapons = data.word_list(os.path.join(HERE, "weapons.txt"))

    gold = stage(at("gold.pkl"), lambda: silver.marked(treebank("ewt-train") + treebank("gum-train"), silver.spacy_model()))
    dev = {"ewt": treebank("ewt-dev"), "gum": treebank("gum-dev")}
    labels = data.Labels.of(gold, data.irregular(os.path.join(HERE, "irregular.tsv")))
    gold = [data.with_weapons(s, weapons) for s in gold]
    forms = batches.Forms(features.Pieces(minilm.vocabulary()))
    table = minilm.piece_table(student.PIECE)

    def teach():
        torch.manual_seed(1)
        net = teacher.Teacher(table, labels)
        fit(net, [s for s in gold if len(s.forms) <= 100], teacher.Encoder(labels, forms), dev, 1300, 1e-3, 1, args.teacher_epochs)
        return net.state_dict()

    def text(tokens, seed):
        sentences = stage(at("text.pkl"), lambda: silver.read(args.data, silver.spacy_model()))
        random.Random(seed).shuffle(sentences)
        kept, count = [], 0
        for s in sentences:
            if count < tokens:
                kept.append(s)
                count += len(s[0])
        return kept

    encode, piecewise = batches.Encoder(labels, forms), teacher.Encoder(labels, forms)
    taught = None
    if args.silver:
        taught = teacher.Teacher(table, labels)
        taught.load_state_dict(stage(at("teacher.pkl"), teach))
    more = stage(at("silver.pkl"), lambda: label(taught, piecewise, text(args.silver, 3), weapons)) if taught else []
    torch.manual_seed(2)
    net = student.Student(table, labels)

    def first_round():
        fit(net, gold, encode, dev, 2500, 3e-3, 2, args.epochs, more, args.repeat)
        return net.state_dict()

    net.load_state_dict(stage(at("student1.pkl"), first_round))
    if taught and args.more_epochs:
        both = Together(taught, net)
        more = stage(at("silver2.pkl"), lambda: label(both, piecewise, text(args.more_silver, 4), weapons))
        fit(net, gold, encode, dev, 2500, 2e-3, 5, args.more_epochs, more, args.repeat)
    torch.save(net.state_dict(), at("student.pt"))
    finish(net, labels, encode, dev, args.out)


def finish(net, labels, encode, dev, out):
    """Rounds as the file keeps it, writes file and fixture, and says what the card must say."""
    export.rounded(net)
    size, digest = export.write(out, net, labels, encode.forms.pieces)
    fixture.write(net, encode)
    print("size", size)
    print("digest", f"{digest:016x}")
    for name, sentences in dev.items():
        print(f"{name}-dev", *batches.score(net, encode, sentences).values())


if __name__ == "__main__":
    main()
