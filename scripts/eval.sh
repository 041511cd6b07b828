#!/bin/sh
# Scores the reader on every set of the field that lies in a folder (default ../shared/data), one JSON
# object a line. Sets that are absent are skipped out loud.
data=${1:-../shared/data}
dyad=${DYAD:-target/release/dyad}
score() { # set file
    if [ -e "$2" ]; then
        "$dyad" eval "$1" "$2" --json || echo "$1 $2: failed" >&2
    else
        echo "skipped: $2 is absent" >&2
    fi
}
score ud "$data/ud/en_ewt-dev.conllu.gz"
score ud "$data/ud/en_gum-dev.conllu.gz"
score plv "$data/plv/train.jsonl"
score cameo-class "$data/cameo/class.train.jsonl"
score cameo-spans "$data/cameo/spans.train.jsonl"
score muc4 "$data/muc4/dev.jsonl.gz"
score petrarch "$data/petrarch/unit.jsonl"
score re3d "$data/re3d/documents.jsonl.gz"
score polnear "$data/polnear/dev.jsonl.gz"
score timeml "$data/timeml/timebank.jsonl.gz"
score timeml "$data/wikiwars/train.jsonl.gz"
score places "$data/places/lgl.jsonl.gz"
score event-location "$data/event-location/train.jsonl.gz"
score ner "$data/ner/wikigold.dev.jsonl.gz"
score ecbplus "$data/ecbplus/dev.jsonl.gz"
score acts cases/acts/dev.txt
score acts cases/acts/held-back.txt
score episodes cases/episodes/dev.txt
score episodes cases/episodes/held-back.txt
score pages cases/pages/dev
score pages cases/pages/held-back
score cases cases
