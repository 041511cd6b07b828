//! A record for a person: the text beside what was read from it.

mod cells;

use anstyle::{AnsiColor, Effects, Style};
use cells::Cells;
use dyad_record::{
    Actor, CharSpan, Event, EventTime, Figure, PassageKind, Quad, Record, Statement, Tie,
};
use std::io::IsTerminal;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const PLAIN: Style = Style::new();

fn colour(colour: AnsiColor) -> Style {
    Style::new().fg_color(Some(anstyle::Color::Ansi(colour)))
}

fn of_quad(quad: Quad) -> Style {
    colour(match quad {
        Quad::VerbalCooperation => AnsiColor::Blue,
        Quad::MaterialCooperation => AnsiColor::Green,
        Quad::VerbalConflict => AnsiColor::Yellow,
        Quad::MaterialConflict => AnsiColor::Red,
    })
    .bold()
}

fn of_statement() -> Style {
    colour(AnsiColor::Magenta)
}

fn of_figure() -> Style {
    colour(AnsiColor::Cyan)
}

fn of_damage() -> Style {
    colour(AnsiColor::Red).effects(Effects::STRIKETHROUGH | Effects::DIMMED)
}

/// The page that records are laid out on.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    width: usize,
}

/// What stands in the right column, beside the words that it came from.
struct Note {
    at: u32,
    lines: Vec<Cells>,
}

impl Page {
    /// As wide as the terminal, within reason; 100 columns where there is none.
    pub fn of_terminal() -> Self {
        let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let columns = terminal.map(|(width, _)| usize::from(width.0));
        let asked = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        Page { width: columns.or(asked).unwrap_or(100).clamp(60, 120) }
    }

    pub fn render(self, record: &Record) -> String {
        let view = View::new(record);
        let mut out = String::new();
        for line in view.head(self.width) {
            line.render(&mut out, 0);
            out.push('\n');
        }
        let left = (self.width - 3) / 2;
        let right = self.width - 3 - left;
        let mut notes = view.notes(right);
        notes.sort_by_key(|note| note.at);
        let mut notes = notes.into_iter().peekable();
        let paragraphs = view.paragraphs();
        for (i, paragraph) in paragraphs.iter().enumerate() {
            let text = view.text_cells(*paragraph).wrap(left, 0);
            let last = i + 1 == paragraphs.len();
            let mut beside = Vec::new();
            while let Some(note) = notes.next_if(|note| last || note.at < paragraph.end) {
                beside.extend(note.lines);
            }
            for row in 0..text.len().max(beside.len()) {
                let mut line = String::new();
                text.get(row).unwrap_or(&Cells::default()).render(&mut line, left);
                if let Some(note) = beside.get(row) {
                    line.push_str(" │ ");
                    note.render(&mut line, 0);
                }
                out.push_str(line.trim_end());
                out.push('\n');
            }
            out.push('\n');
        }
        for line in view.foot(self.width) {
            line.render(&mut out, 0);
            out.push('\n');
        }
        out.push('\n');
        out
    }
}

struct View<'r> {
    record: &'r Record,
    chars: Vec<char>,
    /// The style of each character.
    styles: Vec<Style>,
    /// Marks to set after a character: position and text.
    marks: Vec<(u32, String, Style)>,
}

impl<'r> View<'r> {
    fn new(record: &'r Record) -> Self {
        let chars: Vec<char> = record.report.text.chars().collect();
        let styles = vec![PLAIN; chars.len()];
        let mut view = View { record, chars, styles, marks: Vec::new() };
        view.paint();
        view
    }

    fn paint(&mut self) {
        let record = self.record;
        for mention in record.actors.iter().flat_map(|a| &a.mentions) {
            self.style(mention.start, mention.end, |s| s.underline());
        }
        for figure in &record.figures {
            self.style(figure.start, figure.end, |_| of_figure());
            self.mark(figure.end, &figure.id, of_figure());
        }
        for statement in &record.statements {
            let Some(cue) = statement.cue.or(statement.content.first().copied()) else { continue };
            if statement.cue.is_some() {
                self.style(cue.start, cue.end, |_| of_statement());
            }
            self.mark(cue.end, &statement.id, of_statement());
        }
        for tie in &record.ties {
            if let Some(last) = tie.evidence.last() {
                self.mark(last.end, &tie.id, BOLD);
            }
        }
        for event in &record.events {
            let style = of_quad(event.quad);
            self.style(event.trigger.start, event.trigger.end, |_| style);
            self.mark(event.trigger.end, &event.id, style);
        }
        for passage in &record.passages {
            match passage.kind {
                PassageKind::Body => {}
                PassageKind::Furniture => self.style(passage.start, passage.end, |_| DIM),
                PassageKind::Damaged => {
                    self.style(passage.start, passage.end, |_| of_damage());
                    let blanks = self.chars.iter().skip(passage.start as usize);
                    let blanks = blanks.take_while(|c| c.is_whitespace()).count() as u32;
                    self.marks.push((passage.start + blanks, "⟦".to_owned(), of_damage()));
                    self.close(passage.end, "⟧".to_owned(), of_damage());
                }
            }
        }
        self.marks.sort_by_key(|(at, ..)| *at);
    }

    fn style(&mut self, start: u32, end: u32, restyle: impl Fn(Style) -> Style) {
        let end = (end as usize).min(self.styles.len());
        for style in &mut self.styles[(start as usize).min(end)..end] {
            *style = restyle(*style);
        }
    }

    fn mark(&mut self, at: u32, id: &str, style: Style) {
        self.close(at, format!("[{id}]"), style);
    }

    /// Sets a mark behind the last character before `at` that is no blank.
    fn close(&mut self, at: u32, mark: String, style: Style) {
        let before = &self.chars[..(at as usize).min(self.chars.len())];
        let blanks = before.iter().rev().take_while(|c| c.is_whitespace()).count();
        self.marks.push(((before.len() - blanks) as u32, mark, style));
    }

    /// Paragraphs, as ranges of characters: they end at blank lines.
    fn paragraphs(&self) -> Vec<CharSpan> {
        let mut found = Vec::new();
        let mut start = None;
        let mut end = 0;
        let mut breaks = 0;
        for (i, c) in self.chars.iter().enumerate() {
            if c.is_whitespace() {
                breaks += u32::from(*c == '\n');
                continue;
            }
            if let Some(from) = start
                && breaks > 1
            {
                found.push(CharSpan { start: from, end });
                start = None;
            }
            start.get_or_insert(i as u32);
            end = i as u32 + 1;
            breaks = 0;
        }
        if let Some(from) = start {
            found.push(CharSpan { start: from, end });
        }
        found
    }

    fn text_cells(&self, paragraph: CharSpan) -> Cells {
        let mut cells = Cells::default();
        if self.is_furniture(paragraph) {
            cells.push("┆ ", DIM);
        }
        let first = self.marks.partition_point(|(at, ..)| *at < paragraph.start);
        let mut marks = self.marks[first..].iter().peekable();
        for at in paragraph.start..=paragraph.end {
            while let Some((_, mark, style)) = marks.next_if(|(m, ..)| *m == at) {
                cells.push(mark, *style);
            }
            if at < paragraph.end {
                cells.push_char(self.chars[at as usize], self.styles[at as usize]);
            }
        }
        cells
    }

    fn is_furniture(&self, paragraph: CharSpan) -> bool {
        self.record.passages.iter().any(|p| {
            p.kind == PassageKind::Furniture && p.start <= paragraph.start && p.end >= paragraph.end
        })
    }

    fn head(&self, width: usize) -> Vec<Cells> {
        let report = &self.record.report;
        let mut title = Cells::default();
        title.push(report.title.as_deref().unwrap_or("(no title)"), BOLD);
        let mut facts = Cells::default();
        let published = report.published.as_deref().unwrap_or("no date");
        let known = [report.outlet.as_deref(), report.byline.as_deref(), Some(published)];
        let known = known.into_iter().chain([report.url.as_deref()]).flatten();
        facts.push(&known.collect::<Vec<_>>().join(" · "), DIM);
        let mut lines = vec![Cells::rule(width)];
        lines.extend(title.wrap(width, 0));
        lines.extend(facts.wrap(width, 0));
        for note in &self.record.notes {
            let mut cells = Cells::default();
            cells.push("note: ", colour(AnsiColor::Yellow));
            cells.push(note, PLAIN);
            lines.extend(cells.wrap(width, 6));
        }
        lines.push(Cells::default());
        lines
    }

    fn notes(&self, width: usize) -> Vec<Note> {
        let record = self.record;
        let mut notes = Vec::new();
        for event in &record.events {
            notes.push(Note { at: event.trigger.start, lines: self.event(event, width) });
        }
        for statement in &record.statements {
            let at = statement.cue.or(statement.content.first().copied()).map_or(0, |s| s.start);
            notes.push(Note { at, lines: self.statement(statement, width) });
        }
        for figure in &record.figures {
            notes.push(Note { at: figure.start, lines: self.figure(figure, width) });
        }
        for tie in &record.ties {
            let at = tie.evidence.first().map_or(0, |s| s.start);
            notes.push(Note { at, lines: self.tie(tie, width) });
        }
        for passage in record.passages.iter().filter(|p| p.kind != PassageKind::Body) {
            let mut cells = Cells::default();
            let style = if passage.kind == PassageKind::Damaged { of_damage() } else { DIM };
            cells.push(passage.kind.as_str(), style);
            cells.push(&format!(": {}", passage.why), DIM);
            notes.push(Note { at: passage.start, lines: cells.wrap(width, 2) });
        }
        notes
    }

    fn event(&self, event: &Event, width: usize) -> Vec<Cells> {
        let mut first = Cells::default();
        first.push(&format!("{} {}", event.id, event.kind), of_quad(event.quad));
        if let Some(mode) = &event.mode {
            first.push(&format!("/{mode}"), of_quad(event.quad));
        }
        first.push(&format!(" {}", event.status), BOLD);
        first.push(&format!("  {} · {:.2}", event.cameo, event.confidence), DIM);
        let mut sides = Cells::default();
        let between = if event.mutual { " ↔ " } else { ", " };
        self.actors(&mut sides, &event.actors, between);
        if !event.recipients.is_empty() {
            sides.push(" → ", DIM);
            self.actors(&mut sides, &event.recipients, ", ");
        }
        let mut rest = Cells::default();
        let mut facts = Vec::new();
        facts.extend(event.time.as_ref().map(time));
        let place = self.record.places.iter().find(|p| Some(&p.id) == event.place.as_ref());
        facts.extend(place.map(|p| format!("in {}", p.name)));
        facts.extend(event.statement.as_ref().map(|id| format!("says {id}")));
        rest.push(&facts.join(" · "), DIM);
        damage(&mut rest, event.damaged);
        lay(width, [first, sides, self.participants(event), self.quote(&event.evidence), rest])
    }

    /// Who and what had a part in an attack, by part.
    fn participants(&self, event: &Event) -> Cells {
        let own = self.record.participants.iter().filter(|p| p.event == event.id);
        let words = own.map(|p| format!("{}: {}", p.part.as_str().replace('_', " "), p.name));
        let mut cells = Cells::default();
        cells.push(&words.collect::<Vec<_>>().join(" · "), PLAIN);
        cells
    }

    fn statement(&self, statement: &Statement, width: usize) -> Vec<Cells> {
        let mut first = Cells::default();
        first.push(&format!("{} ", statement.id), of_statement().bold());
        match &statement.speaker {
            Some(id) => self.actors(&mut first, std::slice::from_ref(id), ", "),
            None => first.push("someone unnamed", PLAIN),
        }
        let stance = statement.stance.map_or("", |s| s.as_str());
        first.push(&format!(" {stance}"), of_statement());
        if !statement.through.is_empty() {
            first.push(" through ", DIM);
            self.actors(&mut first, &statement.through, ", ");
        }
        let mut rest = Cells::default();
        rest.push(statement.form.as_str(), DIM);
        if let Some(t) = &statement.time {
            rest.push(&format!(" · {}", time(t)), DIM);
        }
        damage(&mut rest, statement.damaged);
        lay(width, [first, self.quote(&statement.content), rest])
    }

    fn figure(&self, figure: &Figure, width: usize) -> Vec<Cells> {
        let mut first = Cells::default();
        first.push(&format!("{} ", figure.id), of_figure().bold());
        let number = |n: f64| n.to_string();
        let mut words = Vec::new();
        words.extend(figure.approximate.then(|| "about".to_owned()));
        words.extend(figure.value.map(number));
        if let (None, Some(low), Some(high)) = (figure.value, figure.low, figure.high) {
            words.push(format!("{low} to {high}"));
        }
        words.extend(figure.of.map(|of| format!("of {of}")));
        words.extend(figure.unit.clone());
        words.extend(figure.counted.as_ref().map(|c| format!("({c})")));
        words.extend(figure.change.map(|c| format!("{c}")));
        first.push(&words.join(" "), of_figure());
        first.push(&format!(" “{}”", flat(&figure.text)), PLAIN);
        let mut facts = Vec::new();
        facts.extend(figure.about.as_ref().map(|id| format!("about {id}")));
        facts.extend(figure.statement.as_ref().map(|id| format!("says {id}")));
        first.push(&format!(" {}", facts.join(" · ")), DIM);
        damage(&mut first, figure.damaged);
        lay(width, [first])
    }

    fn tie(&self, tie: &Tie, width: usize) -> Vec<Cells> {
        let mut first = Cells::default();
        first.push(&format!("{} {}", tie.id, tie.kind), BOLD);
        if let Some(trend) = tie.trend {
            first.push(&format!(" {trend}"), BOLD);
        }
        if let Some(commodity) = &tie.commodity {
            first.push(&format!(" ({commodity})"), PLAIN);
        }
        first.push(&format!("  {:.2}", tie.confidence), DIM);
        let mut sides = Cells::default();
        self.actors(&mut sides, std::slice::from_ref(&tie.from), ", ");
        sides.push(" – ", DIM);
        self.actors(&mut sides, std::slice::from_ref(&tie.to), ", ");
        if let Some(leaning) = &tie.asymmetry {
            sides.push("; leans more: ", DIM);
            self.actors(&mut sides, std::slice::from_ref(leaning), ", ");
        }
        let mut rest = Cells::default();
        if let Some(id) = &tie.statement {
            rest.push(&format!("says {id}"), DIM);
        }
        damage(&mut rest, tie.damaged);
        lay(width, [first, sides, self.quote(&tie.evidence), rest])
    }

    fn actors(&self, cells: &mut Cells, ids: &[String], between: &str) {
        if ids.is_empty() {
            cells.push("nobody named", DIM);
        }
        for (i, id) in ids.iter().enumerate() {
            if i > 0 {
                cells.push(between, DIM);
            }
            match self.record.actors.iter().find(|a| a.id == *id) {
                Some(actor) => {
                    cells.push(&actor.name, PLAIN);
                    cells.push(&format!(" {}", actor.code), DIM);
                }
                None => cells.push(id, DIM),
            }
        }
    }

    /// The words that a finding stands on, shortened in the middle.
    fn quote(&self, spans: &[CharSpan]) -> Cells {
        let mut cells = Cells::default();
        let words: Vec<String> = spans.iter().map(|s| self.words(*s)).collect();
        let words = words.join(" … ");
        let count = words.chars().count();
        if count == 0 {
            return cells;
        }
        let shown = if count <= 160 {
            words
        } else {
            let start: String = words.chars().take(90).collect();
            let end: String = words.chars().skip(count - 60).collect();
            format!("{} … {}", start.trim_end(), end.trim_start())
        };
        cells.push(&format!("“{shown}”"), PLAIN.italic());
        cells
    }

    fn words(&self, span: CharSpan) -> String {
        let end = (span.end as usize).min(self.chars.len());
        let chars = &self.chars[(span.start as usize).min(end)..end];
        flat(&chars.iter().collect::<String>())
    }

    fn foot(&self, width: usize) -> Vec<Cells> {
        let record = self.record;
        let mut lines = Vec::new();
        if !record.actors.is_empty() {
            let mut head = Cells::default();
            head.push("Actors", BOLD);
            lines.push(head);
        }
        let longest = record.actors.iter().map(|a| a.code.chars().count()).max().unwrap_or(0);
        for actor in &record.actors {
            lines.extend(actor_line(actor, longest).wrap(width, longest + 4));
        }
        let places = record.places.iter().map(|p| match &p.country {
            Some(country) => format!("{} {country}", p.name),
            None => p.name.clone(),
        });
        let times = record.times.iter().map(|t| match (&t.from, &t.to) {
            (Some(from), Some(to)) => format!("{} = {}", flat(&t.text), days(from, to)),
            _ => flat(&t.text),
        });
        for (name, items) in
            [("Places", places.collect::<Vec<_>>()), ("Times", times.collect::<Vec<_>>())]
        {
            if !items.is_empty() {
                let mut cells = Cells::default();
                cells.push(name, BOLD);
                cells.push(&format!("  {}", items.join(" · ")), PLAIN);
                lines.extend(cells.wrap(width, 2));
            }
        }
        let mut counts = Cells::default();
        counts.push(
            &format!(
                "{} events, {} statements, {} figures, {} ties",
                record.events.len(),
                record.statements.len(),
                record.figures.len(),
                record.ties.len()
            ),
            DIM,
        );
        lines.push(counts);
        lines
    }
}

fn actor_line(actor: &Actor, longest: usize) -> Cells {
    let mut cells = Cells::default();
    cells.push(&format!("  {:longest$}  ", actor.code), BOLD);
    cells.push(&actor.name, PLAIN);
    let mut facts = vec![actor.kind.as_str().replace('_', " ")];
    facts.extend(actor.role.clone());
    let times = actor.mentions.len();
    facts.push(if times == 1 { "named once".to_owned() } else { format!("named {times} times") });
    cells.push(&format!("  {}", facts.join(" · ")), DIM);
    cells
}

/// The lines of a note: what comes first at the margin, the rest under it.
fn lay<const N: usize>(width: usize, parts: [Cells; N]) -> Vec<Cells> {
    let mut lines = Vec::new();
    for (i, part) in parts.into_iter().filter(|p| !p.is_blank()).enumerate() {
        lines.extend(if i == 0 { part.wrap(width, 3) } else { part.indent(3).wrap(width, 3) });
    }
    lines
}

fn damage(cells: &mut Cells, damaged: bool) {
    if damaged {
        cells.push(" ⚠ damaged text", colour(AnsiColor::Red));
    }
}

fn time(time: &EventTime) -> String {
    let days = match (&time.from, &time.to) {
        (Some(from), Some(to)) => days(from, to),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("to {to}"),
        (None, None) => "some time".to_owned(),
    };
    match &time.text {
        Some(text) => format!("{days} “{}”", flat(text)),
        None => format!("{days} ({})", time.basis),
    }
}

fn days(from: &str, to: &str) -> String {
    if from == to { from.to_owned() } else { format!("{from} to {to}") }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
