"""How far two coders of whole reports agree: cases/acts/again.txt, coded from the text alone, against cases/acts/dev.txt.

    python training/agree.py

Two acts are the same where type and both sides are: a side, where some words of one coder's touch some words of the
other's in the text, whichever way round in a joint act. An act that one coder must record counts as found where the
other lists it at all, as `dyad eval acts` counts the reader's.
"""

import re
from pathlib import Path

ACTS = Path(__file__).resolve().parent.parent / "cases/acts"


def reports(file):
    """The text and the acts of each report, by its name."""
    found = {}
    for report in re.split(r"^(?=## )", file.read_text(), flags=re.M)[1:]:
        head, *lines = report.splitlines()
        acts = [act(line) for line in lines if line.startswith(("= ", "~ "))]
        text = "\n".join(line for line in lines if not line.startswith(("= ", "~ ")))
        found[head.split()[1]] = text, acts
    return found


def act(line):
    kind, _, actors, recipients = (field.strip() for field in line[2:].split(" | "))
    joint = recipients == "<>"
    sides = [[n for n in re.split(r" / | \+ ", side) if n not in ("-", "<>")] for side in (actors, recipients)]
    return line[0] == "=", kind, joint, sides


def touch(text, some, others):
    def spans(names):
        return [m.span() for name in names for m in re.finditer(re.escape(name), text)]

    return any(a < d and c < b for a, b in spans(some) for c, d in spans(others))


def same(text, one, other):
    (_, kind, joint, sides), (_, other_kind, other_joint, other_sides) = one, other
    if kind != other_kind:
        return False
    if joint or other_joint:
        return touch(text, sum(sides, []), sum(other_sides, []))
    both = zip(sides, other_sides)
    return all(touch(text, a, b) if a and b else not a and not b for a, b in both)


def main():
    first, second = reports(ACTS / "dev.txt"), reports(ACTS / "again.txt")
    assert second.keys() <= first.keys() and len(second) >= 50
    right = wrong = met = wanted = 0
    for name, (_, again) in second.items():
        text, acts = first[name]
        for one in (a for a in again if a[0]):
            alike = [a for a in acts if same(text, one, a)]
            right += any(a[0] for a in alike)
            wrong += not alike
        must = [a for a in acts if a[0]]
        wanted += len(must)
        met += sum(any(same(text, a, one) for one in again if one[0]) for a in must)
    precision, recall = right / (right + wrong), met / wanted
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{len(second)} reports, {wanted} acts: precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")


if __name__ == "__main__":
    main()
