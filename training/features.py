"""What the network sees of a word form. `crates/dyad-neural/src/form.rs` computes the same numbers; change both or neither."""
import unicodedata

NORM_ROWS, SUFFIX_ROWS, PREFIX_ROWS = 16384, 8192, 4096
MAX_CHARS, MAX_PIECES = 40, 6

_PLAIN = {"\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "`": "'", "\u00b4": "'", "\u2032": "'",
          "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"',
          "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
          "\u2026": ".", "\u00a0": " "}


def _folds():
    """Accented Latin letters and their plain ones; exported with the weights, so that Rust needs no Unicode tables."""
    out = {}
    for code in list(range(0xC0, 0x250)) + list(range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))
        base = "".join(c for c in base if unicodedata.category(c) != "Mn").lower()
        if len(base) == 1 and base != chr(code):
            out[chr(code)] = base
    return out


FOLDS = _folds()


def plain(form):
    """Typographic quotes and dashes made typewriter ones; at most MAX_CHARS characters. '``' and "''" are quotes."""
    if form in ("``", "''"):
        return '"'
    return "".join(_PLAIN.get(c, c) for c in form[:MAX_CHARS])


def lower(text):
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def hash32(seed, text):
    """FNV-1a over the UTF-8 bytes, begun from the seed, with a final mix."""
    value = (2166136261 ^ (seed * 0x9E3779B1)) & 0xFFFFFFFF
    for byte in text.encode("utf-8"):
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    value ^= value >> 15
    value = (value * 0x85EBCA6B) & 0xFFFFFFFF
    return value ^ (value >> 13)


def shape(text):
    out = []
    for c in text:
        s = "X" if c.isupper() else "x" if c.islower() else "d" if "0" <= c <= "9" else c
        if len(out) < 3 or not (out[-1] == out[-2] == out[-3] == s):
            out.append(s)
    return "".join(out[:12])


def casing(text):
    upper = sum(c.isupper() for c in text)
    low = sum(c.islower() for c in text)
    if upper == 0:
        return "l" if low else "n"
    if low == 0:
        return "U" if upper > 1 else "I"
    return "T" if text[0].isupper() and upper == 1 else "M"


def is_punctuation(c):
    code = ord(c)
    if code < 128:
        return not c.isalnum()
    return 0xA1 <= code <= 0xBF or 0x2010 <= code <= 0x206F or 0x3000 <= code <= 0x303F


class Pieces:
    """Greedy longest-match word pieces over a BERT vocabulary."""

    def __init__(self, words):
        self.words = words
        self.ids = {w: i for i, w in enumerate(words)}
        self.unknown = self.ids["[UNK]"]

    def of(self, form):
        text = "".join(FOLDS.get(c, c) for c in lower(plain(form)))
        out, chunk = [], []
        for c in text + "\0":
            if c == "\0" or c == " " or is_punctuation(c):
                if chunk:
                    out.extend(self._chunk("".join(chunk)))
                    chunk = []
                if c not in "\0 ":
                    out.append(self.ids.get(c, self.unknown))
            else:
                chunk.append(c)
        return out[:MAX_PIECES] or [self.unknown]

    def _chunk(self, chunk):
        out, start = [], 0
        while start < len(chunk):
            end = len(chunk)
            while end > start:
                piece = ("##" if start else "") + chunk[start:end]
                if piece in self.ids:
                    break
                end -= 1
            if end == start:
                return [self.unknown]
            out.append(self.ids[piece])
            start = end
        return out


def form_features(form, pieces):
    """(piece ids, norm rows, suffix rows, prefix rows)."""
    text = plain(form)
    low = lower(text)
    norm = "".join("0" if "0" <= c <= "9" else c for c in low)
    return (pieces.of(form),
            [hash32(1, norm) % NORM_ROWS, hash32(2, norm) % NORM_ROWS],
            [hash32(10 + k, norm[-k:]) % SUFFIX_ROWS for k in (1, 2, 3, 4)],
            [hash32(20 + k, norm[:k]) % PREFIX_ROWS for k in (1, 2, 3)]
            + [hash32(24, shape(text)) % PREFIX_ROWS, hash32(25, casing(text)) % PREFIX_ROWS])
