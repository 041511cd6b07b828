"""Writes a trained student as `models/ear.bin`: 8-bit tables, half-precision matrices, lists of names. `dyad-neural` reads it."""
import struct

import torch

import features
import prepare

MAGIC = b"DYADEAR1"
FLOATS, HALVES, ROWS, NAMES = range(4)


def digest(body):
    value = 0xCBF29CE484222325
    body = body + bytes(-len(body) % 8)
    for word in struct.unpack(f"<{len(body) // 8}Q", body):
        value = ((value ^ word) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
        value ^= value >> 29
    return value


def text(value):
    raw = value.encode("utf-8")
    return struct.pack("<I", len(raw)) + raw


def section(name, kind, shape, body):
    return text(name) + struct.pack(f"<II{len(shape)}I", kind, len(shape), *shape) + body


def names(name, values):
    return section(name, NAMES, [len(values)], b"".join(map(text, values)))


def rows(tensor):
    """Bytes and the scale of each row."""
    scales = tensor.abs().amax(1) / 127
    bytes_ = torch.where(scales[:, None] > 0, (tensor / scales.clamp(min=1e-30)[:, None]).round(), torch.zeros(())).clamp(-127, 127)
    return bytes_.to(torch.int8), scales


def rounded(net):
    """The network with the numbers that the file keeps."""
    with torch.no_grad():
        for name, tensor in list(net.named_parameters()) + list(net.named_buffers()):
            if name in TABLES:
                bytes_, scales = rows(tensor)
                tensor.copy_(bytes_.float() * scales[:, None])
            elif tensor.dim() == 2 and not name.endswith("taps"):
                tensor.copy_(tensor.half().float())
    return net


TABLES = {"form.pieces", "form.norms", "form.suffixes", "form.prefixes"}


def write(path, net, labels, words):
    out = [names("pieces", words), names("folds", [a + b for a, b in sorted(features.FOLDS.items())])]
    for head in ("upos", "xpos", "scripts", "ents", "rels"):
        out.append(names("labels." + head, getattr(labels, head)))
    out.append(names("labels.attr", prepare.ATTR))
    kept = sum(net.heads.sizes.values()) - net.heads.sizes["ments"]
    out.append(names("lemmas", ["\t".join((form, tag, lemma)) for (form, tag), lemma in sorted(labels.exceptions.items())]))
    for name, tensor in list(net.named_parameters()) + list(net.named_buffers()):
        if name.startswith("heads.pair."):
            continue  # made anew on these rows, by ear_pair.py
        tensor = tensor.detach()
        if name.startswith("heads.tags."):
            tensor = tensor[:kept]  # no mentions: the reader has its own
        shape = list(tensor.shape)
        if name in TABLES:
            bytes_, scales = rows(tensor)
            out.append(section(name, ROWS, shape, scales.numpy().tobytes() + bytes_.numpy().tobytes()))
        elif tensor.dim() == 2 and not name.endswith("taps"):
            out.append(section(name, HALVES, shape, tensor.half().numpy().tobytes()))
        else:
            out.append(section(name, FLOATS, shape, tensor.float().numpy().tobytes()))
    return save(path, b"".join(out))


def save(path, body):
    """The file with its check sum; its length and the sum."""
    with open(path, "wb") as file:
        file.write(MAGIC + struct.pack("<Q", check := digest(body)) + body)
    return len(body) + 16, check
