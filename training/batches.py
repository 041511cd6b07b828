"""Sentences of numbers into padded batches, and the scores of a model on gold sentences."""
import torch

import data
import features
import tree


class Forms:
    """Feature rows of every form met so far."""

    def __init__(self, pieces):
        self.pieces, self.known = pieces, {}

    def of(self, form):
        found = self.known.get(form)
        if found is None:
            found = self.known[form] = features.form_features(form, self.pieces)
        return found

    def batch(self, forms):
        rows = [self.of(f) for f in forms]
        most = max(len(r[0]) for r in rows)
        return (torch.tensor([r[0] + [0] * (most - len(r[0])) for r in rows]), torch.tensor([float(len(r[0])) for r in rows]),
                torch.tensor([r[1] for r in rows]), torch.tensor([r[2] for r in rows]), torch.tensor([r[3] for r in rows]))


def padded(rows, fill):
    most = max(map(len, rows))
    return torch.tensor([list(r) + [fill] * (most - len(r)) for r in rows])


LIKELY = 4  # heads and relations of a word that the teacher may be in doubt about


def likely(rows, hard):
    """Rows of (which, how likely) as two tensors; where there are none, what is held for certain."""
    rows = [r if r is not None else [[(h, 1.0)] if h >= 0 else [] for h in one] for r, one in zip(rows, hard)]
    most = max(map(len, rows))
    which, share = torch.zeros(len(rows), most, LIKELY, dtype=torch.long), torch.zeros(len(rows), most, LIKELY)
    at = [(i, j, k, w, p) for i, r in enumerate(rows) for j, word in enumerate(r) for k, (w, p) in enumerate(word)]
    if at:
        i, j, k, w, p = map(list, zip(*at))
        which[i, j, k] = torch.tensor(w)
        share[i, j, k] = torch.tensor(p)
    return which, share


class Encoder:
    def __init__(self, labels, forms):
        self.labels, self.forms = labels, forms

    def __call__(self, sentences):
        index, L = {}, self.labels
        ids = [[index.setdefault(f, len(index)) for f in s.forms] for s in sentences]
        get = lambda name, xs: [L.index[name].get(x, data.IGNORE) for x in xs]
        lengths = torch.tensor([len(s.forms) for s in sentences])
        most = int(lengths.max())
        rels = [[L.rel(r) for r in s.rels] for s in sentences]
        return {
            "form": self.forms.batch(list(index)), "ids": padded(ids, 0),
            "pad": torch.arange(most)[None] >= lengths[:, None],
            "upos": padded([get("upos", s.upos) for s in sentences], data.IGNORE),
            "xpos": padded([get("xpos", s.xpos) for s in sentences], data.IGNORE),
            "scripts": padded([[L.index["scripts"].get(data.lemma_script(f, l), data.IGNORE) for f, l in zip(s.forms, s.lemmas)]
                               for s in sentences], data.IGNORE),
            "ents": padded([get("ents", s.ents) if s.ents else [data.IGNORE] * len(s.forms) for s in sentences], data.IGNORE),
            "heads": padded([s.heads for s in sentences], data.IGNORE),
            "arcs": likely([s.soft and s.soft[0] for s in sentences], [s.heads for s in sentences]),
            "rels": likely([s.soft and s.soft[1] for s in sentences], rels),
            "weight": padded([[s.weight] * len(s.forms) for s in sentences], 0.0),
        }


def grouped(sentences, tokens, rng=None):
    """Lists of sentences of like length, about `tokens` tokens each with padding."""
    order = sorted(sentences, key=lambda s: len(s.forms) + (rng.random() * 3 if rng else 0))
    out, now = [], []
    for s in order:
        if now and (len(now) + 1) * len(s.forms) > tokens:
            out.append(now)
            now = []
        now.append(s)
    out.append(now)
    if rng:
        rng.shuffle(out)
    return out


def rows(shares):
    """The likeliest of each word that are above a fiftieth, as parts of their sum."""
    p, which = shares.topk(min(LIKELY, shares.shape[-1]), -1)
    p = p * ((p > 0.02) | (p == p[..., :1]))
    p = p / p.sum(-1, keepdim=True)
    return [[[(w, q) for w, q in zip(ws, qs) if q] for ws, qs in zip(*sentence)] for sentence in zip(which.tolist(), p.tolist())]


@torch.no_grad()
def predict(model, encode, sentences, tokens=6000, raw=False, doubt=False):
    """For each sentence a dict of upos, xpos, scripts, ents (label indices), heads, rels, and the certainty of the arcs;
    with `doubt` also `soft`, the likely heads and relations."""
    model.eval()
    place = {id(s): i for i, s in enumerate(sentences)}
    out = [None] * len(sentences)
    for group in grouped(sentences, tokens):
        batch = encode(group)
        got = model(batch)
        scores = torch.log_softmax(got["arcs"].float(), -1).numpy()
        best = {k: got[k].argmax(-1).tolist() for k in ("upos", "xpos", "scripts", "ents")}
        heads = [tree.decode(scores[i, :len(s.forms), :len(s.forms) + 1]) for i, s in enumerate(group)]
        rel_scores = model.heads.relations(got, padded(heads, 0)).float()
        rels = rel_scores.argmax(-1).tolist()
        if doubt:
            soft = [rows(torch.softmax(x.float(), -1)) for x in (got["arcs"], rel_scores)]
        for i, s in enumerate(group):
            n = len(s.forms)
            one = {k: v[i][:n] for k, v in best.items()}
            one["heads"], one["rels"] = heads[i], rels[i][:n]
            if doubt:
                one["soft"] = (soft[0][i][:n], soft[1][i][:n])
            if raw:
                one["ent_scores"] = got["ents"][i, :n]
            one["sure"] = float(sum(scores[i, j, h] for j, h in enumerate(heads[i])) / n)
            out[place[id(s)]] = one
    return out


def score(model, encode, sentences):
    labels = encode.labels
    n = upos = xpos = uas = las = lemma = 0
    for s, p in zip(sentences, predict(model, encode, sentences)):
        for i in range(len(s.forms)):
            n += 1
            upos += labels.upos[p["upos"][i]] == s.upos[i]
            x = labels.xpos[p["xpos"][i]]
            xpos += x == s.xpos[i]
            right = p["heads"][i] == s.heads[i]
            uas += right
            las += right and labels.rels[p["rels"][i]] == s.rels[i]
            lemma += labels.lemma(s.forms[i], x, labels.scripts[p["scripts"][i]]) == s.lemmas[i]
    return {k: round(100 * v / n, 2) for k, v in (("upos", upos), ("xpos", xpos), ("uas", uas), ("las", las), ("lemma", lemma))}
