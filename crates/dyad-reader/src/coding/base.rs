//! Base forms of regular English words, for where a lemma is not in a lexicon.

/// What a form may be a form of, by its ending alone: the likelier first.
pub(crate) fn bases(form: &str) -> Vec<String> {
    let form = form.to_lowercase();
    let mut found = Vec::new();
    let mut with = |stem: &str, ending: &str| {
        if stem.len() >= 2 {
            found.push(format!("{stem}{ending}"));
        }
    };
    let stem = if let Some(stem) = form.strip_suffix("ies").or(form.strip_suffix("ied")) {
        with(stem, "y");
        return found;
    } else if let Some(stem) = form.strip_suffix("ing").or(form.strip_suffix("ed")) {
        with(stem, "");
        with(stem, "e");
        stem
    } else if let Some(stem) = form.strip_suffix('s') {
        with(stem, "");
        if let Some(stem) = stem.strip_suffix('e') {
            with(stem, "");
        }
        return found;
    } else {
        found.push(form);
        return found;
    };
    // "planned", "cutting": the doubled consonant is the ending's.
    let mut letters = stem.chars().rev();
    if let (Some(last), Some(before)) = (letters.next(), letters.next())
        && last == before
        && last.is_ascii_lowercase()
    {
        with(&stem[..stem.len() - 1], "");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::bases;

    #[test]
    fn endings_come_off() {
        for (form, base) in [
            ("Claimed", "claim"),
            ("refused", "refuse"),
            ("occupied", "occupy"),
            ("countries", "country"),
            ("planning", "plan"),
            ("exports", "export"),
            ("accuses", "accuse"),
        ] {
            assert!(bases(form).contains(&base.to_owned()), "{form}: {:?}", bases(form));
        }
        assert!(bases("s").is_empty());
        assert_eq!(bases("éé"), ["éé"]);
    }
}
