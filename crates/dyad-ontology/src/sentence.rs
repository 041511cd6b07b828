//! An example as it is written: `(vote) [A: Kenya] {held} elections.` Marks are taken out, and where
//! they stood is kept.

use std::ops::Range;

/// A sentence of the file without its marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    pub line: usize,
    pub text: String,
    pub mode: Option<String>,
    /// Ranges of bytes of `text`.
    pub trigger: Option<Range<usize>>,
    pub actors: Vec<Range<usize>>,
    pub recipients: Vec<Range<usize>>,
}

impl Sentence {
    /// Says what is wrong and what mends it.
    pub fn parse(line: usize, written: &str) -> Result<Sentence, String> {
        let mut sentence = Sentence { line, ..Sentence::default() };
        let mut rest = written.trim();
        if let Some(after) = rest.strip_prefix('(') {
            let (mode, after) = after
                .split_once(')')
                .ok_or("the mode in front is not closed; write it as (mode)")?;
            sentence.mode = Some(mode.trim().to_owned());
            rest = after.trim_start();
        }
        while let Some(at) = rest.find(['{', '[', '}', ']']) {
            let (before, marked) = rest.split_at(at);
            sentence.text.push_str(before);
            let start = sentence.text.len();
            let close = match &marked[..1] {
                "{" => '}',
                "[" => ']',
                _ => return Err(format!("`{}` closes nothing; take it out", &marked[..1])),
            };
            let inner = &marked[1..];
            let end = inner.find(['{', '[', '}', ']']).filter(|e| inner[*e..].starts_with(close));
            let end = end.ok_or(format!(
                "`{}` is not closed by `{close}` before the next mark; close it",
                &marked[..1]
            ))?;
            let words = &inner[..end];
            rest = &inner[end + 1..];
            if close == '}' {
                sentence.text.push_str(words);
                if sentence.trigger.replace(start..sentence.text.len()).is_some() {
                    return Err(
                        "two triggers in braces; an example has one, so make two of it".into()
                    );
                }
                continue;
            }
            let side = words.split_once(':').map(|(side, words)| (side.trim(), words.trim()));
            let Some((side @ ("A" | "R"), words)) = side else {
                return Err(format!("`[{words}]` is no side; write [A: actor] or [R: recipient]"));
            };
            sentence.text.push_str(words);
            let place = start..sentence.text.len();
            match side {
                "A" => sentence.actors.push(place),
                _ => sentence.recipients.push(place),
            }
        }
        sentence.text.push_str(rest);
        match sentence.text.chars().any(char::is_alphabetic) {
            true => Ok(sentence),
            false => Err("no words in it; take the line out".into()),
        }
    }

    /// What makes two sentences the same, whatever is marked in them.
    pub fn key(&self) -> String {
        let words = self.text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_kept() {
        let s = Sentence::parse(3, "(vote) [A: Kenya] {held} a vote in [R: Mombasa].").unwrap();
        assert_eq!(s.text, "Kenya held a vote in Mombasa.");
        assert_eq!(s.mode.as_deref(), Some("vote"));
        assert_eq!(&s.text[s.trigger.clone().unwrap()], "held");
        assert_eq!(&s.text[s.actors[0].clone()], "Kenya");
        assert_eq!(&s.text[s.recipients[0].clone()], "Mombasa");
        assert_eq!(s.key(), Sentence::parse(9, "Kenya held a vote, in Mombasa").unwrap().key());
    }

    #[test]
    fn a_wrong_mark_is_named_with_its_mend() {
        let wrong = [
            ("{held a vote", "not closed"),
            ("held} a vote", "closes nothing"),
            ("[Kenya] voted", "write [A: actor]"),
            ("[A: {Kenya}] voted", "not closed"),
            ("{They} {voted}", "make two of it"),
            ("(vote they voted", "write it as (mode)"),
            ("{}", "no words"),
        ];
        for (written, what) in wrong {
            let said = Sentence::parse(1, written).unwrap_err();
            assert!(said.contains(what), "{written}: {said}");
        }
    }
}
