"""How well a network reads."""
import math

import numpy as np
import torch

import prepare
import tree
from pair import f1


def batches(net, store, sentences, pieces, tokens=16000, variant=0):
    """Each batch with what the network says of it."""
    net.eval()
    for group in store.grouped(3 * np.asarray(sentences) + variant, tokens):
        batch = store.batch(group, pieces=pieces)
        with torch.no_grad(), torch.autocast(store.device.type, torch.bfloat16, enabled=store.device.type == "cuda"):
            yield batch, net(store, batch)


def quick(net, store, pieces=None):
    """On dev: tags, arcs and relations, cues, sources and contents by token; the type of PLV's pairs, which the teachers have
    not learned from (the student has)."""
    out = {name: attachment(net, store, np.flatnonzero(store.kind == kind), pieces)
           for name, kind in (("ewt", prepare.DEV_EWT), ("gum", prepare.DEV_GUM))}
    speech = np.flatnonzero(store.kind == prepare.DEV_SPEECH)
    if len(speech):
        for name in ("cue", "source", "content"):
            out[name] = tagging(net, store, speech, name, pieces)
    out["plv"] = types([net], store, pieces)
    return out


def attachment(net, store, sentences, pieces=None, variant=0):
    """UPOS, UAS and LAS in per cent of the words whose head is still there; each word's likeliest head, tree or not."""
    right, count = torch.zeros(3, device=store.device), 0
    for batch, got in batches(net, store, sentences, pieces, variant=variant):
        seen = batch["heads"] >= 0
        heads = got["arcs"].argmax(-1)
        rels = net.heads.relations(got, heads).argmax(-1)
        same = heads == batch["heads"]
        each = got["upos"].argmax(-1) == batch["tags"]["upos"].argmax(-1), same, same & (rels == batch["rels"].argmax(-1))
        right += torch.stack([(x & seen).sum() for x in each])
        count += int(seen.sum())
    return [round(100 * float(r) / max(count, 1), 2) for r in right]


def tagging(net, store, sentences, name, pieces):
    """Precision and recall of the words that have a tag."""
    counts = torch.zeros(3, device=store.device)
    for batch, got in batches(net, store, sentences, pieces):
        seen = ~batch["pad"]
        said, gold = (got[name].argmax(-1) > 0) & seen, (batch["tags"][name].argmax(-1) > 0) & seen
        counts += torch.stack([(said & gold).sum(), said.sum(), gold.sum()])
    right, said, gold = counts.tolist()
    return [round(right / max(said, 1), 3), round(right / max(gold, 1), 3)]


def spans(net, store, sentences, name, pieces):
    """Precision, recall and F1 of whole marked stretches with their kind."""
    said, gold = set(), set()
    for batch, got in batches(net, store, sentences, pieces):
        rows = got[name].argmax(-1).tolist(), batch["tags"][name].argmax(-1).tolist()
        for i, s in enumerate(batch["sentence"].tolist()):
            for row, found in zip(rows, (said, gold)):
                begin = None
                tags = [store.labels.ents[t] for t in row[i][:store.length[s]]] + ["O"]
                for j, tag in enumerate(tags):
                    if begin is not None and (tag[0] != "I" or tag[2:] != tags[begin][2:]):
                        found.add((s, begin, j, tags[begin][2:]))
                        begin = None
                    if tag[0] == "B" or tag[0] == "I" and begin is None:
                        begin = j
    right = len(said & gold)
    return [round(x, 3) for x in (right / max(len(said), 1), right / max(len(gold), 1), 2 * right / max(len(said) + len(gold), 1))]


def types(nets, store, pieces, sentences=None):
    """Macro F1 and accuracy over the pairs of PLV."""
    sentences = np.flatnonzero(store.kind == prepare.FIELD) if sentences is None else sentences
    if not len(sentences):
        return None
    said, gold = [], []
    for group in store.grouped(3 * sentences, 8000):
        batch = store.batch(group, math.inf, pieces)
        if not len(batch["pairs"]["of"]):
            continue
        with torch.no_grad():
            logits = sum(torch.softmax(net(store, batch)["pairs"].float()[:, :-1], -1) for net in nets)
        which = batch["pairs"]["which"]
        told = store.p_told[which]
        said += logits.argmax(-1)[told].tolist()
        gold += store.p_root[which.cpu().numpy()][told.cpu().numpy()].tolist()
    said, gold = np.array(said), np.array(gold)
    return [round(float(np.mean(f1(gold, said))), 3), round(float((gold == said).mean()), 3)]


class Mean(torch.nn.Module):
    """Several networks as one, for a score."""

    def __init__(self, nets):
        super().__init__()
        self.nets = torch.nn.ModuleList(nets)

    @property
    def heads(self):
        return self

    def forward(self, store, batch):
        outs = [net(store, batch) for net in self.nets]
        mean = lambda name: torch.stack([torch.softmax(o[name].float(), -1) for o in outs]).mean(0)
        return {"each": outs} | {k: mean(k) for k in ("upos", "cue", "source", "content", "arcs")} | {
            k: sum(o[k].float() for o in outs) for k in ("pairs",) if k in outs[0]}

    def relations(self, out, heads):
        return torch.stack([torch.softmax(net.heads.relations(o, heads).float(), -1) for net, o in zip(self.nets, out["each"])]).mean(0)


def together(nets, store, pieces):
    print("together", quick(Mean(nets), store, pieces), flush=True)


def parsing(net, store, gold, kind):
    """UPOS, XPOS, UAS, LAS and lemmas in per cent, with whole trees."""
    labels = store.labels
    right, n = np.zeros(5), 0
    for batch, got in batches(net, store, np.flatnonzero(store.kind == kind), None, tokens=6000):
        scores = torch.log_softmax(got["arcs"].float(), -1).numpy()
        length = [int(store.length[s]) for s in batch["sentence"]]
        heads = [tree.decode(scores[i, :k, :k + 1]) for i, k in enumerate(length)]
        padded = torch.zeros_like(batch["heads"])
        for i, h in enumerate(heads):
            padded[i, :len(h)] = torch.tensor(h)
        rels = net.heads.relations(got, padded).argmax(-1).tolist()
        upos, xpos, scripts = (got[k].argmax(-1).tolist() for k in ("upos", "xpos", "scripts"))
        for i, s in enumerate(batch["sentence"].tolist()):
            g = gold[s]
            for j in range(length[i]):
                same = heads[i][j] == g.heads[j]
                x = labels.xpos[xpos[i][j]]
                right += [labels.upos[upos[i][j]] == g.upos[j], x == g.xpos[j], same, same and labels.rels[rels[i][j]] == g.rels[j],
                          labels.lemma(g.forms[j], x, labels.scripts[scripts[i][j]]) == g.lemmas[j]]
                n += 1
    return dict(zip(("upos", "xpos", "uas", "las", "lemma"), np.round(100 * right / n, 2).tolist()))
