"""The teacher: MPNet fine-tuned on the treebanks under the student's heads. It labels text for the student and is never shipped."""
import torch
from torch import nn
from torch.nn import functional as F

import batches
import mpnet
import model as student

class Teacher(nn.Module):
    def __init__(self, piece_table, labels):
        super().__init__()
        self.bert = mpnet.MpNet()
        self.form = student.FormEncoder(piece_table, dropout=0.3)
        self.join = nn.Linear(student.WIDTH, mpnet.WIDTH)
        self.block = student.Block(mpnet.WIDTH, 0.3)
        self.heads = student.Heads(mpnet.WIDTH, labels, dropout=0.33, arc=256, rel=256)

    def forward(self, batch):
        pieces, pad, first = batch["pieces"]
        x = self.bert(pieces, pad).float()
        x = torch.gather(x, 1, first[..., None].expand(-1, -1, mpnet.WIDTH))
        x = x + F.embedding(batch["ids"], self.join(self.form(*batch["form"])))
        x = self.block(x.transpose(0, 1), batch["pad"].T[..., None]).transpose(0, 1)
        return self.heads(x, batch["pad"])

    def groups(self):
        bert = [p for p in self.bert.parameters() if p.requires_grad]
        own = {id(p) for p in bert}
        return [{"params": bert, "weight_decay": 0.01, "scale": 0.06},
                {"params": [p for p in self.parameters() if p.requires_grad and id(p) not in own], "weight_decay": 0.01}]


class Encoder(batches.Encoder):
    """Adds the sentence as word pieces between its marks of start and end."""

    def __call__(self, sentences):
        batch = super().__call__(sentences)
        rows, firsts = [], []
        for s in sentences:
            row, first = [mpnet.START], []
            of = [self.forms.of(f)[0] for f in s.forms]
            if sum(map(len, of)) > mpnet.LONGEST - 2:
                of = [p[:1] for p in of]
            for p in of:
                first.append(len(row))
                row.extend(i + mpnet.SHIFT for i in p)
            rows.append(row + [mpnet.END])
            firsts.append(first)
        pieces = batches.padded(rows, 0)
        lengths = torch.tensor([len(r) for r in rows])
        batch["pieces"] = (pieces, torch.arange(pieces.shape[1])[None] >= lengths[:, None], batches.padded(firsts, 0))
        return batch
