"""The best tree with one root under arc scores (Chu, Liu and Edmonds)."""
import numpy as np


def _cycle(heads):
    colour = [0] * len(heads)
    for start in range(1, len(heads)):
        path, at = [], start
        while at and not colour[at]:
            colour[at] = 1
            path.append(at)
            at = heads[at]
        if at and colour[at] == 1:
            return path[path.index(at):]
        for p in path:
            colour[p] = 2
    return None


def _spanning(scores):
    """scores[d, h] over nodes 0..n, node 0 the root; heads of the best arborescence."""
    n = len(scores)
    heads = scores.argmax(1)
    heads[0] = 0
    cycle = _cycle(heads.tolist())
    if cycle is None:
        return heads
    inside = np.zeros(n, bool)
    inside[cycle] = True
    outer = np.flatnonzero(~inside)
    c = np.array(cycle)
    own = scores[c, heads[c]]
    small = np.full((len(outer) + 1, len(outer) + 1), -np.inf)
    small[:-1, :-1] = scores[np.ix_(outer, outer)]
    enter = scores[np.ix_(c, outer)] - own[:, None]
    into = enter.argmax(0)
    small[-1, :-1] = enter.max(0)
    leave = scores[np.ix_(outer, c)]
    out_of = leave.argmax(1)
    small[:-1, -1] = leave.max(1)
    solved = _spanning(small)
    for k, node in enumerate(outer[1:], 1):
        heads[node] = c[out_of[k]] if solved[k] == len(outer) else outer[solved[k]]
    source = solved[-1]
    heads[c[into[source]]] = outer[source]
    return heads


def decode(scores):
    """scores[word, head], head 0 the root; a list of heads with one root."""
    n = len(scores)
    heads = scores.argmax(1)
    if (heads == 0).sum() == 1 and _cycle([0] + heads.tolist()) is None:
        return heads.tolist()
    full = np.full((n + 1, n + 1), -np.inf)
    full[1:] = scores
    full[np.arange(1, n + 1), np.arange(1, n + 1)] = -np.inf
    # one root: every arc from the root pays more than a whole tree can gain
    full[1:, 0] -= 1e6
    return _spanning(full)[1:].tolist()
