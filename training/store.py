"""All sentences as flat rows of numbers on one device, with their damaged variants, and batches gathered from them there."""
import math
import multiprocessing
import random

import numpy as np
import torch

import data
import features
from pair import ROOTS

LIKELY = 4  # heads of a word that the teachers may be in doubt about
SETS = ("upos", "xpos", "scripts", "ents", "cue", "source", "content", "ments")
PIECES = features.MAX_PIECES


def sizes(labels):
    return {"upos": len(labels.upos), "xpos": len(labels.xpos), "scripts": len(labels.scripts), "ents": len(labels.ents),
            "cue": 3, "source": 3, "content": 2, "ments": len(labels.ents)}


def damaged_twice(work):
    """Each sentence damaged in two ways, with the places that were kept."""
    forms, damage, seed = work
    rng = random.Random(seed)
    return [damage(f, rng) for f in forms for _ in range(2)]


def features_of(work):
    forms, words = work
    pieces = features.Pieces(words)
    return [features.form_features(f, pieces) for f in forms]


def spread(items, size):
    return [items[i:i + size] for i in range(0, len(items), size)]


class Store:
    def __init__(self, made, labels, words, device, processes=1, damage=data.damaged):
        self.labels, self.device, self.sizes = labels, device, sizes(labels)
        pool = multiprocessing.get_context("fork").Pool(processes)
        parts = spread([m.forms for m in made], 2000)
        torn = [v for part in pool.imap(damaged_twice, [(p, damage, i) for i, p in enumerate(parts)]) for v in part]
        vocabulary, flat, kept, start, sent = {}, [], [], [0], []
        for i, m in enumerate(made):
            for forms, src in ((m.forms, range(len(m.forms))), torn[2 * i], torn[2 * i + 1]):
                flat.extend(vocabulary.setdefault(f, len(vocabulary)) for f in forms)
                kept.extend(src)
                start.append(len(flat))
                sent.append(i)
        self.forms = list(vocabulary)
        rows = [r for part in pool.imap(features_of, [(p, words) for p in spread(self.forms, 4000)]) for r in part]
        pool.close()
        on = lambda x, kind=torch.long: torch.as_tensor(np.asarray(x), dtype=kind).to(device)
        self.piece_ids = on([(r[0] + [0] * PIECES)[:PIECES] for r in rows])
        self.piece_counts = on([len(r[0]) for r in rows])
        self.hashes = [on([r[k] for r in rows]) for k in (1, 2, 3)]
        start = np.array(start)
        self.lengths, self.of = np.diff(start), np.array(sent)
        self.v_form, self.v_src, self.v_start, self.v_length, self.v_sent = map(on, (flat, kept, start[:-1], self.lengths, sent))
        self.kind = np.array([m.kind for m in made])
        self.said = np.array([m.attr is not None for m in made])
        self.part = np.array([-1 if m.part is None else m.part for m in made])
        length = np.array([len(m.forms) for m in made])
        self.length = length
        self.s_start = on(np.cumsum(length) - length)
        self.weight = on(np.ones(len(made)), torch.float)
        self.fill(made, on, int(length.sum()))
        self.fill_pairs(made, on)

    def fill(self, made, on, count):
        index, half = self.labels.index, torch.float16
        hard = {name: np.full(count, -1) for name in SETS}
        heads, rels = np.full(count, -1), np.full(count, -1)
        at = 0
        for m in made:
            end = at + len(m.forms)
            if m.gold:
                s = m.gold
                for name in ("upos", "xpos"):
                    hard[name][at:end] = [index[name].get(x, -1) for x in getattr(s, name)]
                hard["scripts"][at:end] = [index["scripts"].get(data.lemma_script(f, l), -1) for f, l in zip(s.forms, s.lemmas)]
                heads[at:end] = s.heads
                rels[at:end] = [max(self.labels.rel(r), -1) for r in s.rels]
            if m.ents:
                hard["ents"][at:end] = [index["ents"][x] for x in m.ents]
            if m.ments:
                hard["ments"][at:end] = [index["ents"][x] for x in m.ments]
            if m.attr:
                for name, row in zip(("cue", "source", "content"), m.attr):
                    hard[name][at:end] = [min(x, self.sizes[name] - 1) for x in row]
            at = end

        def shares(which, size):
            out = torch.zeros(count, size, dtype=half, device=self.device)
            known = on(np.flatnonzero(which >= 0))
            out[known, on(which[which >= 0])] = 1
            return out

        self.tags = {name: shares(hard[name], self.sizes[name]) for name in SETS}
        self.rels = shares(rels, len(self.labels.rels))
        self.heads = on(heads)
        self.arcs = torch.zeros(count, LIKELY, dtype=torch.long, device=self.device)
        self.arcs[:, 0] = self.heads.clamp(min=0)
        self.arc_shares = torch.zeros(count, LIKELY, dtype=half, device=self.device)
        self.arc_shares[:, 0] = (self.heads >= 0).half()

    def fill_pairs(self, made, on):
        pairs = [(i, *p[0], *p[1], *p[2:]) for i, m in enumerate(made) for p in m.pairs or ()]
        columns = [np.array(c) for c in zip(*pairs)] if pairs else [np.zeros(0, int)] * 8
        self.p_sent, self.p_root = columns[0].astype(int), columns[5].astype(int)
        self.p_sides = on(np.stack(columns[1:5], 1))
        self.p_roots = torch.zeros(len(pairs), len(ROOTS), device=self.device)
        told = np.flatnonzero(self.p_root >= 0)
        self.p_roots[on(told), on(self.p_root[told])] = 1
        self.p_joined = on(columns[6], torch.float)  # -1: not known
        self.p_weight = on(columns[7], torch.float)
        count = np.bincount(self.p_sent, minlength=len(made))
        self.p_count, self.p_start = on(count), on(np.cumsum(count) - count)
        self.p_told = on(self.p_root >= 0, torch.bool)

    def drawn(self, sentences, rng, clean=0.62):
        """A variant of each: mostly as it is, else one of the damaged ones."""
        roll = rng.random(len(sentences))
        return 3 * np.asarray(sentences) + np.where(roll < clean, 0, np.where(roll < (1 + clean) / 2, 1, 2))

    def grouped(self, variants, tokens, rng=None):
        """Batches of variants of like length, about `tokens` tokens each with padding."""
        noise = rng.random(len(variants)) * 3 if rng is not None else 0
        order = np.asarray(variants)[np.argsort(self.lengths[variants] + noise, kind="stable")]
        out, begin = [], 0
        for i, v in enumerate(order):
            if i > begin and (i + 1 - begin) * self.lengths[v] > tokens:
                out.append(order[begin:i])
                begin = i
        out.append(order[begin:])
        if rng is not None:
            rng.shuffle(out)
        return out

    def batch(self, variants, pairs=0.0, pieces=None):
        """What a network needs of these variants. `pairs`: how many of the pairs that are only asked whether they are joined
        are drawn a sentence, about; `pieces`: the place of each piece of the vocabulary in another, with the two ends."""
        device = self.device
        longest, oldest = int(self.lengths[variants].max()), int(self.length[self.of[variants]].max())
        v = torch.as_tensor(variants).to(device, non_blocking=True)
        at = torch.arange(longest, device=device)
        seen = at < self.v_length[v][:, None]
        flat = (self.v_start[v][:, None] + at).clamp(max=len(self.v_form) - 1)
        form = torch.where(seen, self.v_form[flat], 0)
        src = torch.where(seen, self.v_src[flat], 0)
        s = self.v_sent[v]
        token = self.s_start[s][:, None] + src
        # where each word of the sentence now stands, from 1 on; -1 where it was lost
        now = torch.full((len(v), oldest + 2), -1, device=device)
        now.scatter_(1, torch.where(seen, src + 1, oldest + 1), (at + 1).expand(len(v), -1))
        now[:, 0] = 0
        now[:, oldest + 1] = -1
        turned = lambda old: torch.gather(now, 1, old.clamp(0, oldest).flatten(1)).view(old.shape)
        heads = torch.where(self.heads[token] >= 0, turned(self.heads[token]), -1)
        arcs = turned(self.arcs[token])
        out = {"form": form, "pad": ~seen, "src": src, "sentence": s, "token": token, "heads": heads.masked_fill(~seen, -1),
               "arcs": arcs.clamp(min=0), "arc_shares": self.arc_shares[token].float() * (arcs >= 0) * seen[..., None],
               "rels": self.rels[token], "weight": self.weight[s][:, None].expand(-1, longest)}
        out["tags"] = {name: shares[token] * seen[..., None] for name, shares in self.tags.items()}
        if pairs:
            out["pairs"] = self.pairs(s, src, seen, pairs)
        if pieces is not None:
            self.pieced(out, *pieces)
        return out

    def pairs(self, s, src, seen, share):
        count = self.p_count[s]
        of = torch.repeat_interleave(torch.arange(len(s), device=self.device), count)
        at = torch.arange(len(of), device=self.device) - torch.repeat_interleave(torch.cumsum(count, 0) - count, count)
        which = self.p_start[s][of] + at
        if share != math.inf:
            keep = self.p_told[which] | (torch.rand(len(which), device=self.device) * count[of] < share)
            which, of = which[keep], of[keep]
        sides = self.p_sides[which]
        masks = [((src[of] >= sides[:, k, None]) & (src[of] < sides[:, k + 1, None]) & seen[of]) for k in (0, 2)]
        return {"which": which, "of": of, "sides": masks, "whole": masks[0].any(1) & masks[1].any(1)}

    def pieced(self, out, places, ends):
        """The sentences as word pieces between two ends, the first piece of each word, and the word of each piece."""
        form, pad = out["form"], out["pad"]
        count = self.piece_counts[form].masked_fill(pad, 0)
        first = 1 + torch.cumsum(count, 1) - count
        total = count.sum(1)
        longest = min(int(total.max()) + 2, 512)
        pieces = torch.full((len(form), longest), ends[2], device=self.device)
        words = torch.full((len(form), longest), -1, device=self.device)
        rows = torch.arange(len(form), device=self.device)[:, None].expand_as(form)
        word = torch.arange(form.shape[1], device=self.device).expand_as(form)
        for k in range(PIECES):
            some = (count > k) & (first + k < longest - 1)
            pieces[rows[some], (first + k)[some]] = places[self.piece_ids[form[some], k]]
            words[rows[some], (first + k)[some]] = word[some]
        pieces[:, 0] = ends[0]
        last = (total + 1).clamp(max=longest - 1)
        pieces[rows[:, 0], last] = ends[1]
        at = torch.arange(longest, device=self.device)
        out["pieces"], out["piece_words"], out["first"] = pieces, words, first.clamp(max=longest - 1)
        out["piece_pad"] = at > last[:, None]
