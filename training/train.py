"""Trains the reader's network. `python3 training/train.py [DATA]`; see README.md."""
import argparse
import os
import random
import sys
import time

import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import batches
import data
import features
import minilm
import model as student

HERE = os.path.dirname(os.path.abspath(__file__))


def fit(net, sentences, encode, dev, minutes, tokens, rate, seed, augment=data.damaged, epochs=None, log=print, bf16=False):
    """Adam with a cosine over the planned epochs and a running mean of the weights; returns the mean."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    params = [p for p in net.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(net.groups() if hasattr(net, "groups") else params, lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    groups_per_epoch = len(batches.grouped(sentences, tokens))
    steps = groups_per_epoch * epochs
    mean = [p.detach().clone() for p in params]
    step, began = 0, time.time()
    for epoch in range(epochs):
        total = 0.0
        net.train()
        work = [augment(s, rng) for s in sentences] if augment else sentences
        for group in batches.grouped(work, tokens, rng):
            at = min(step / max(steps, 1), 1.0)
            warm = min(1.0, (step + 1) / 100)
            now = rate * warm * (0.01 + 0.99 * 0.5 * (1 + torch.cos(torch.tensor(at * 3.14159)).item()))
            for g in adam.param_groups:
                g["lr"] = now * g.get("scale", 1.0)
            batch = encode(group)
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
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
        live = [p.detach().clone() for p in params]
        for p, m in zip(params, mean):
            p.data.copy_(m)
        log(f"epoch {epoch + 1} loss {total / groups_per_epoch:.3f} {time.time() - began:.0f}s",
            {k: batches.score(net, encode, v) for k, v in dev.items()}, flush=True)
        if epoch + 1 < epochs:
            for p, m in zip(params, live):
                p.data.copy_(m)
    return net
