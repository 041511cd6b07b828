//! The article of a page: what the library takes for its main text, without the lines that the page's
//! markup shows to be none of it, and with the prose above it that the library leaves out.

use super::body::Body;
use super::meta::Found;
use super::outline::{Line, Outline};
use super::plain;
use super::tags::hint;
use dyad_lexicon::furniture::Furniture;

/// Boxes that hold more of the text than this are no boxes beside it.
const BESIDE: f32 = 0.4;
/// Prose has at least as many words.
const PROSE: usize = 12;
/// So many lines below the heading the article has begun.
const LEAD: usize = 30;

/// One line of the text, and where it stands in the page.
struct Part<'t> {
    words: &'t str,
    at: Option<usize>,
    /// It is parted from the line before it by a blank line.
    opens: bool,
    kept: bool,
}

pub fn of(text: &str, outline: &Outline, found: &Found) -> String {
    let mut parts = Vec::new();
    for paragraph in text.split("\n\n") {
        for (i, words) in paragraph.lines().enumerate() {
            parts.push(Part { words, at: outline.find(words), opens: i == 0, kept: true });
        }
    }
    above_the_heading(&mut parts, outline, found);
    beside(&mut parts, outline, found);
    elsewhere(&mut parts, outline);
    trailing(&mut parts);
    if parts.iter().all(|part| !part.kept) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 400);
    for line in lead(&parts, outline, found) {
        push(&mut out, line, true);
    }
    for part in parts.iter().filter(|part| part.kept) {
        push(&mut out, part.words, part.opens);
    }
    out
}

fn push(out: &mut String, words: &str, opens: bool) {
    if !out.is_empty() {
        out.push_str(if opens { "\n\n" } else { "\n" });
    }
    out.push_str(words);
}

/// What stands above the heading is the head of the page, and the heading is the title.
fn above_the_heading(parts: &mut [Part], outline: &Outline, found: &Found) {
    let Some(title) = found.title else { return };
    let title = outline.text(&outline.lines[title]);
    let title = outline.key_of(title);
    let prose = |part: &&Part| part.words.split_whitespace().count() > 25 && is_prose(part.words);
    let head = parts.iter().take_while(|part| !prose(part)).count();
    if let Some(at) = parts[..head].iter().rposition(|p| outline.key_of(p.words) == title) {
        parts[..=at].iter_mut().for_each(|part| part.kept = false);
    }
    // Labels between the heading and the first sentence.
    for part in parts[..head].iter_mut().take_while(|p| !plain::is_sentence(p.words)) {
        part.kept = false;
    }
}

/// The boxes that hold the lesser part of the text: a class that most of it stands in says nothing.
fn few(parts: &[Part], outline: &Outline) -> u16 {
    let total: usize = parts.iter().map(|p| p.words.len()).sum();
    let share = |hints: u16| {
        let has = |p: &&Part| p.at.is_some_and(|at| outline.lines[at].hints & hints != 0);
        let held: usize = parts.iter().filter(has).map(|p| p.words.len()).sum();
        held as f32 / total.max(1) as f32
    };
    [hint::BOX, hint::NAV, hint::COMMENT, hint::CAPTION]
        .into_iter()
        .filter(|hints| share(*hints) < BESIDE)
        .fold(0, |all, hints| all | hints)
}

/// Lines that are links, stand in boxes, or give the page's date and byline.
fn beside(parts: &mut [Part], outline: &Outline, found: &Found) {
    let few = few(parts, outline);
    let line = |part: &Part| part.at.map(|at| &outline.lines[at]);
    let total: usize = parts.iter().map(|p| p.words.len()).sum();
    let linked = |l: &Line| l.linked as f32 > 0.8 * l.text.len() as f32;
    let links = {
        let all = parts.iter().filter(|p| line(p).is_some_and(linked));
        let held: usize = all.map(|p| p.words.len()).sum();
        (held as f32) < BESIDE * total.max(1) as f32 * 1.5
    };
    for part in parts.iter_mut().filter(|p| p.kept) {
        let Some(at) = part.at else { continue };
        let line = &outline.lines[at];
        let prose = is_prose(part.words);
        let boxed = line.hints & few & (hint::BOX | hint::COMMENT | hint::NAV) != 0;
        let caption = line.hints & few & hint::CAPTION != 0;
        let only_links = links && linked(line) && !prose;
        let head = found.lines.contains(&at) && !prose;
        part.kept = !(boxed || caption || only_links || head);
    }
}

/// Lines that stand in another block of the page than the article's prose.
fn elsewhere(parts: &mut [Part], outline: &Outline) {
    let prose = |p: &Part| p.kept && is_prose(p.words);
    let lines: Vec<(usize, usize)> =
        parts.iter().filter(|p| prose(p)).filter_map(|p| Some((p.at?, p.words.len()))).collect();
    let Some(body) = Body::of(outline, &lines) else { return };
    for part in parts.iter_mut().filter(|p| p.kept) {
        part.kept = part.at.is_none_or(|at| body.holds(outline, at, is_prose(part.words)));
    }
}

/// Labels, addresses and names below the last sentence.
fn trailing(parts: &mut [Part]) {
    let sentence =
        |p: &Part| p.kept && plain::is_sentence(p.words) && p.words.split_whitespace().count() > 3;
    let Some(last) = parts.iter().rposition(sentence) else { return };
    // Where the text is all lines without stops, that is how it is written.
    let unstopped = parts.iter().filter(|p| p.kept && !sentence(p)).count();
    if unstopped * 2 > parts.len() && unstopped > 8 {
        return;
    }
    for part in &mut parts[last + 1..] {
        part.kept = false;
    }
}

/// Prose between the heading and the first line of the text.
fn lead<'o>(parts: &[Part], outline: &'o Outline, found: &Found) -> Vec<&'o str> {
    let first = parts.iter().filter(|p| p.kept).find_map(|p| p.at);
    let (Some(title), Some(first)) = (found.title, first) else { return Vec::new() };
    if first <= title || first - title > LEAD {
        return Vec::new();
    }
    let away = few(parts, outline);
    let lines = title + 1..first;
    let kept = |i: &usize| {
        let line = &outline.lines[*i];
        let text = outline.text(line);
        is_prose(text)
            && line.hints & away == 0
            && line.linked * 2 < text.len()
            && !found.lines.contains(i)
            && Furniture::builtin().block(text).is_none()
            && !parts.iter().any(|p| p.words.contains(text))
    };
    lines.filter(kept).map(|i| outline.text(&outline.lines[i])).collect()
}

fn is_prose(words: &str) -> bool {
    words.split_whitespace().count() >= PROSE && plain::is_sentence(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: [&str; 4] = [
        "Norway and Iceland signed a fishing pact on Wednesday, ending a quarrel of three years.",
        "The two foreign ministers met in Bergen and promised to send their fleets home at once.",
        "Both parliaments have to approve the pact before it comes into force in the new year.",
        "Skippers in both countries said that they would wait for the quotas before they cheered.",
    ];

    fn article(html: &str, text: &str) -> String {
        let outline = Outline::of(html);
        let found = Found { title: outline.find("Pact signed"), lines: Vec::new() };
        of(text, &outline, &found)
    }

    #[test]
    fn what_stands_in_other_boxes_is_left_out_and_the_lead_comes_back() {
        let [a, b, c, d] = PROSE;
        let offer = "Our letter tells you on every weekday morning what matters to those who fish.";
        let below = "The mayor of the town thanked the teachers and promised buses for the winter.";
        let html = format!(
            "<div>World</div><h1>Pact signed</h1><div>{a}</div><section><p>{b}</p><div><p>{offer}</p>\
             </div><p>{c}</p><p>{d}</p></section><section><p>{below}</p></section><p>Anna Berg</p>"
        );
        let text =
            format!("World\n\nPact signed\n\n{b}\n\n{offer}\n\n{c}\n\n{d}\n\n{below}\n\nAnna Berg");
        assert_eq!(article(&html, &text), format!("{a}\n\n{b}\n\n{c}\n\n{d}"));
    }

    #[test]
    fn a_class_that_all_of_it_stands_in_says_nothing() {
        let text = PROSE.join("\n\n");
        let paragraphs: String = PROSE.iter().map(|p| format!("<p>{p}</p>")).collect();
        let html = format!("<h1>Pact signed</h1><div class=subscriber-only>{paragraphs}</div>");
        assert_eq!(article(&html, &text), text);
    }

    #[test]
    fn a_text_of_labels_alone_is_kept() {
        assert_eq!(article("<p>Home</p>", "Home"), "Home");
    }
}
