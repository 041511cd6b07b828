//! PETRARCH's issues: words that say what a sentence is about.

use super::petrarch::lines;
use super::{Finding, Kind};
use crate::names::{Names, pieces};
use smol_str::SmolStr;

/// Phrases with their issue; a phrase with none keeps a shorter one within it from counting.
#[derive(Debug, Default)]
pub struct Issues {
    phrases: Names<Option<SmolStr>>,
    any: bool,
}

impl Issues {
    /// The issues of the words, each once, in the order of the words.
    pub fn within(&self, text: &str) -> Vec<SmolStr> {
        let mut found: Vec<SmolStr> = Vec::new();
        if !self.any {
            return found;
        }
        let cut: Vec<u32> = pieces(text).iter().map(|p| self.phrases.piece(&p.text)).collect();
        let mut start = 0;
        while start < cut.len() {
            let (mut node, mut longest) = (0, None);
            for (at, piece) in cut.iter().enumerate().skip(start) {
                let Some(next) = self.phrases.step(node, *piece) else { break };
                node = next;
                if let Some(issue) = self.phrases.ends(node).last() {
                    longest = Some((at + 1, issue));
                }
            }
            match longest {
                Some((end, issue)) => {
                    found.extend(issue.clone().filter(|i| !found.contains(i)));
                    start = end;
                }
                None => start += 1,
            }
        }
        found
    }

    /// `n:teacher [TEACHERS]` takes the plural too; `+` is a hyphen or a blank; `~` opens what is no
    /// issue.
    pub(super) fn read(&mut self, file: &str, text: &str, findings: &mut Vec<Finding>) {
        let text = text.replace("<!--", "#");
        for (number, line) in lines(&text) {
            let line = line.trim();
            if line.starts_with('<') {
                continue;
            }
            let none = line.strip_prefix('~');
            let (words, issue) = match (none, line.split_once('[')) {
                (Some(words), _) => (words.split('[').next().unwrap_or(words), None),
                (None, Some((words, rest))) => (words, rest.split(']').next().map(SmolStr::new)),
                (None, None) => {
                    let what =
                        format!("`{line}` has no issue; add one as [ISSUE], or `~` before it");
                    findings.push(Finding::new(file, number, Kind::Fault, what));
                    continue;
                }
            };
            let mut phrases = vec![String::new()];
            for word in words.split(['+', ' ', '_']).filter(|w| !w.is_empty()) {
                let (word, noun) = match word.strip_prefix("n:") {
                    Some(word) => (word, true),
                    None => (word.trim_start_matches("v:"), false),
                };
                let mut forms = vec![word.to_owned()];
                if noun {
                    forms.push(plural(word));
                }
                phrases = phrases
                    .iter()
                    .flat_map(|phrase| forms.iter().map(move |form| format!("{phrase} {form}")))
                    .collect();
                phrases.truncate(64);
            }
            for phrase in phrases {
                self.phrases.add(&phrase, issue.clone());
                self.any = true;
            }
        }
    }
}

fn plural(noun: &str) -> String {
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") => {
            format!("{noun}es")
        }
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_names_the_issue() {
        let text = "<ISSUE CATEGORY=\"X\" TYPE=\"ALL\">\nn:harbour [PORTS]\nsafe n:harbour [SAFETY]\n\
                    ~safe harbour clause\npre+war [WAR]\nlone\n</ISSUE>\n";
        let (mut issues, mut findings) = (Issues::default(), Vec::new());
        issues.read("i.txt", text, &mut findings);
        assert_eq!(findings.iter().map(|f| f.line).collect::<Vec<_>>(), [6]);
        assert_eq!(
            issues.within("Pre-war harbours and a safe harbour."),
            ["WAR", "PORTS", "SAFETY"]
        );
        assert!(issues.within("The safe harbour clause.").is_empty());
    }
}
