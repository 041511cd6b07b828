//! A page about two sides or any other question, in which every sentence carries its sources.

use crate::error::ArchiveError;
use crate::filter::{Filter, Side};
use crate::pair::name;
use crate::store::Archive;
use dyad_record::archive::{
    Brief, Disagreement, Episode, Matter, Party, Section, Sentence, Source, StatementRow, TieRow,
};
use dyad_record::{EventType, Stance, Status};
use std::borrow::Cow;

impl Archive {
    /// What is held of two sides in some days: what was done, what was only said to come, who said what,
    /// how they stand, and where the tellings differ.
    pub fn brief(&self, a: &Side, b: &Side, filter: &Filter) -> Result<Brief, ArchiveError> {
        let page = self.pair(a, b, filter)?;
        let (deeds, others): (Vec<_>, Vec<_>) = page.episodes.iter().partition(|e| e.deed);
        let differ = page.episodes.iter().flat_map(|e| e.disagreements.iter().map(move |d| (e, d)));
        let sections = [
            ("What was done", deeds.into_iter().map(told).collect()),
            (
                "What was planned, called for, threatened, refused or denied",
                others.into_iter().map(told).collect(),
            ),
            ("What they said", page.statements.iter().map(said).collect()),
            ("How they stand", page.ties.iter().map(stand).collect()),
            ("Where the tellings differ", differ.map(|(e, d)| differs(e, d)).collect()),
        ];
        let sections = sections.into_iter().map(|(heading, sentences): (&str, Vec<Sentence>)| {
            Section { heading: heading.to_owned(), sentences }
        });
        Ok(Brief {
            title: format!("{} and {}", name(a), name(b)),
            from: filter.from.clone(),
            to: filter.to.clone(),
            sections: sections.filter(|s| !s.sentences.is_empty()).collect(),
        })
    }

    /// The happenings that a filter finds, in the order of their days, each with its sources.
    pub fn timeline(&self, filter: &Filter) -> Result<Brief, ArchiveError> {
        let mut sections: Vec<Section> = Vec::new();
        for episode in self.episodes_of(filter)? {
            let month = episode.from.as_ref().and_then(|day| day.get(..7)).unwrap_or("Day unknown");
            if sections.last().is_none_or(|s| s.heading != month) {
                sections.push(Section { heading: month.to_owned(), sentences: Vec::new() });
            }
            sections.last_mut().expect("one was pushed").sentences.push(told(&episode));
        }
        Ok(Brief {
            title: "Timeline".to_owned(),
            from: filter.from.clone(),
            to: filter.to.clone(),
            sections,
        })
    }
}

/// How an act is told: the deed, the same as something to do, and the word before whom it meets.
fn words(kind: EventType) -> (Cow<'static, str>, Cow<'static, str>, &'static str) {
    use EventType::*;
    let (done, to_do, before) = match kind {
        Own(own) => {
            // Only its name is known: "took part in CYBER INCIDENT".
            let name = own.as_str().replace('_', " ");
            let (done, to_do) = (format!("had part in {name}"), format!("have part in {name}"));
            return (done.into(), to_do.into(), "with");
        }
        Agree => ("reached an agreement", "reach an agreement", "with"),
        Consult => ("held talks", "hold talks", "with"),
        Support => ("declared support", "declare support", "for"),
        Concede => ("made a concession", "make a concession", "to"),
        Cooperate => ("cooperated", "cooperate", "with"),
        Aid => ("gave aid", "give aid", "to"),
        Retreat => ("gave way", "give way", "to"),
        Request => ("made a demand or a request", "make a demand or a request", "to"),
        Accuse => ("voiced criticism or blame", "voice criticism or blame", "of"),
        Reject => ("turned down a proposal or a demand", "turn down a proposal or a demand", "of"),
        Threaten => ("made a threat", "make a threat", "against"),
        Protest => ("protested", "protest", "against"),
        Sanction => ("imposed a sanction or cut ties", "impose a sanction or cut ties", "against"),
        Mobilize => ("readied forces", "ready forces", "against"),
        Coerce => ("used coercion", "use coercion", "against"),
        Assault => ("used violence", "use violence", "against"),
    };
    (done.into(), to_do.into(), before)
}

pub(crate) fn told(episode: &Episode) -> Sentence {
    let (done, to_do, before) = words(episode.kind);
    let who = list(&episode.actors);
    let whom = match episode.recipients.is_empty() || episode.mutual {
        true => String::new(),
        false => format!(" {before} {}", list(&episode.recipients)),
    };
    let place = episode.place.as_ref().map(|p| format!(" in {p}")).unwrap_or_default();
    let act = match episode.status {
        Status::Happened => format!("{who} {done}{whom}"),
        Status::Ongoing => format!("{who} {done}{whom}, and that goes on"),
        Status::Planned => format!("{who} planned to {to_do}{whom}"),
        Status::CalledFor => format!("there were calls on {who} to {to_do}{whom}"),
        Status::Threatened => format!("{who} threatened to {to_do}{whom}"),
        Status::Refused => format!("{who} refused to {to_do}{whom}"),
        Status::Denied => format!("it was denied that {who} {done}{whom}"),
        Status::Supposed => format!("it was supposed that {who} {done}{whom}"),
    };
    let when = match (&episode.from, &episode.to) {
        (Some(from), Some(to)) if from != to => format!("Between {from} and {to}"),
        (Some(day), _) | (None, Some(day)) => format!("On {day}"),
        (None, None) => "On a day that is not told".to_owned(),
    };
    let sources = episode.tellings.iter().map(|t| Source {
        report: t.report.clone(),
        item: t.event.clone(),
        outlet: t.outlet.clone(),
        published: t.published.clone(),
        words: t.text.clone(),
    });
    Sentence { text: format!("{when}{place}, {act}."), sources: sources.collect() }
}

fn list(parties: &[Party]) -> String {
    let mut names: Vec<&str> = parties.iter().map(|p| p.name.as_str()).collect();
    names.dedup();
    match names.as_slice() {
        [] => "someone".to_owned(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

fn said(s: &StatementRow) -> Sentence {
    let speaker = s.speaker.as_ref().map_or("Someone", |p| &p.name);
    let verb = match s.stance {
        Some(Stance::Claims) => "claimed",
        Some(Stance::Denies) => "denied",
        Some(Stance::Promises) => "promised",
        Some(Stance::Threatens) => "threatened",
        Some(Stance::Praises) => "praised",
        Some(Stance::Condemns) => "condemned",
        Some(Stance::Predicts) => "predicted",
        Some(Stance::Asks) => "asked",
        _ => "said",
    };
    let to = s.addressee.as_ref().map(|p| format!(", to {}", p.name)).unwrap_or_default();
    let day = s.from.as_ref().or(s.published.as_ref());
    let when = day.map(|d| format!(" ({d})")).unwrap_or_default();
    let source = Source {
        report: s.report.clone(),
        item: s.statement.clone(),
        outlet: s.outlet.clone(),
        published: s.published.clone(),
        words: s.text.clone(),
    };
    Sentence {
        text: format!("{speaker} {verb}{to}{when}: “{}”.", s.text), sources: vec![source]
    }
}

fn stand(tie: &TieRow) -> Sentence {
    let mut text =
        format!("{} and {}: {}", tie.from.name, tie.to.name, tie.kind.as_str().replace('_', " "));
    if let Some(goods) = &tie.commodity {
        text.push_str(&format!(" in {goods}"));
    }
    if let Some(trend) = tie.trend {
        text.push_str(&format!(", {trend}"));
    }
    if let Some(leans) = &tie.leans {
        text.push_str(&format!("; {leans} depends more on the other"));
    }
    text.push('.');
    let source = Source {
        report: tie.report.clone(),
        item: tie.tie.clone(),
        outlet: tie.outlet.clone(),
        published: tie.published.clone(),
        words: tie.text.clone(),
    };
    Sentence { text, sources: vec![source] }
}

fn differs(episode: &Episode, disagreement: &Disagreement) -> Sentence {
    let subject = match disagreement.matter {
        Matter::Figure => format!("the number of {}", disagreement.subject),
        Matter::Status => disagreement.subject.clone(),
        _ => format!("the {}", disagreement.subject),
    };
    let values: Vec<&str> = disagreement.claims.iter().map(|c| c.value.as_str()).collect();
    let act = told(episode).text;
    let otherwise = match disagreement.corrected {
        true => "Corrected since",
        false => "Told differently",
    };
    let sources = disagreement.claims.iter().map(|c| Source {
        report: c.report.clone(),
        item: c.item.clone(),
        outlet: c.outlet.clone(),
        published: c.published.clone(),
        words: format!("{}: {}", c.value, c.text),
    });
    Sentence {
        text: format!("{act} {otherwise}: {subject} ({}).", values.join(" / ")),
        sources: sources.collect(),
    }
}

/// The page as Markdown.
pub fn markdown(brief: &Brief) -> String {
    let mut out = format!("# {}{}\n", marked(&brief.title), days(brief));
    for section in &brief.sections {
        out.push_str(&format!("\n## {}\n\n", marked(&section.heading)));
        for sentence in &section.sentences {
            out.push_str(&format!("- {}\n", marked(&sentence.text)));
            for source in &sentence.sources {
                out.push_str(&format!("  - {}\n", marked(&cited(source))));
            }
        }
    }
    if brief.sections.is_empty() {
        out.push_str("\nThe archive holds nothing of it.\n");
    }
    out
}

/// The page as HTML that stands alone.
pub fn html(brief: &Brief) -> String {
    let title = escaped(&format!("{}{}", brief.title, days(brief)));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n<style>body{{font:16px/1.5 sans-serif;max-width:44em;margin:2em \
         auto;padding:0 1em}}li ul{{color:#555;font-size:.9em}}</style>\n</head>\n<body>\n\
         <h1>{title}</h1>\n"
    );
    for section in &brief.sections {
        out.push_str(&format!("<h2>{}</h2>\n<ul>\n", escaped(&section.heading)));
        for sentence in &section.sentences {
            out.push_str(&format!("<li>{}\n<ul>\n", escaped(&sentence.text)));
            for source in &sentence.sources {
                out.push_str(&format!("<li><cite>{}</cite></li>\n", escaped(&cited(source))));
            }
            out.push_str("</ul></li>\n");
        }
        out.push_str("</ul>\n");
    }
    if brief.sections.is_empty() {
        out.push_str("<p>The archive holds nothing of it.</p>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn days(brief: &Brief) -> String {
    match (&brief.from, &brief.to) {
        (Some(from), Some(to)) => format!(", {from} to {to}"),
        (Some(from), None) => format!(" since {from}"),
        (None, Some(to)) => format!(" until {to}"),
        (None, None) => String::new(),
    }
}

fn cited(source: &Source) -> String {
    let outlet = source.outlet.as_deref().unwrap_or("outlet unknown");
    let day = source.published.as_deref().unwrap_or("day unknown");
    let report: String = source.report.chars().take(12).collect();
    format!("{outlet}, {day}: “{}” ({report}, {})", source.words, source.item)
}

/// Text that Markdown leaves as it is.
fn marked(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '*' | '_' | '[' | ']' | '<' | '>' | '`' | '\\' | '#' | '&' | '|') {
            out.push('\\');
        }
        out.push(if c.is_control() { ' ' } else { c });
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_page_stay_words() {
        let source = Source {
            report: "0123456789abcdef".to_owned(),
            item: "e1".to_owned(),
            outlet: Some("<b>Post</b>".to_owned()),
            published: None,
            words: "a*b & [c](d)".to_owned(),
        };
        let sentence = Sentence { text: "It was <so>.".to_owned(), sources: vec![source] };
        let section = Section { heading: "What".to_owned(), sentences: vec![sentence] };
        let brief = Brief { title: "A".to_owned(), from: None, to: None, sections: vec![section] };
        let page = html(&brief);
        assert!(page.contains("&lt;b&gt;Post&lt;/b&gt;") && !page.contains("<so>"), "{page}");
        let page = markdown(&brief);
        assert!(
            page.contains("a\\*b \\& \\[c\\](d)") && page.contains("(0123456789ab, e1)"),
            "{page}"
        );
    }
}
