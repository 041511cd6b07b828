//! What a filter asks of items, as conditions in SQL.

use crate::filter::{Filter, Side, country, match_query};
use rusqlite::types::ToSql;

/// The conditions of a question, and the values of its `?n`.
#[derive(Default)]
pub(crate) struct Where {
    pub sql: String,
    pub args: Args,
}

#[derive(Default)]
pub(crate) struct Args(pub Vec<Box<dyn ToSql>>);

impl Args {
    /// The placeholder that stands for a value.
    pub fn put(&mut self, value: impl ToSql + 'static) -> String {
        self.0.push(Box::new(value));
        format!("?{}", self.0.len())
    }
}

impl Where {
    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    fn any(&mut self, column: &str, words: impl Iterator<Item = impl ToString>) {
        let places: Vec<String> = words.map(|w| self.args.put(w.to_string())).collect();
        if !places.is_empty() {
            self.and(&format!("{column} IN ({})", places.join(", ")));
        }
    }

    /// A side whose name, country and code stand in these columns.
    fn side(&mut self, side: &Side, columns: [&str; 3]) {
        let [name, country, code] = columns;
        let condition = side.sql(name, country, code, &mut self.args);
        self.and(&condition);
    }

    /// The sides of an item with a first and a second one, in columns.
    fn two_sides(&mut self, filter: &Filter, first: [&str; 3], second: [&str; 3]) {
        if let Some(who) = &filter.who {
            self.side(who, first);
        }
        if let Some(whom) = &filter.whom {
            self.side(whom, second);
        }
        let mut on = |side: &Side, [name, country, code]: [&str; 3]| {
            side.sql(name, country, code, &mut self.args)
        };
        let either =
            filter.either.as_ref().map(|e| format!("({} OR {})", on(e, first), on(e, second)));
        let between = filter.between.as_ref().map(|(a, b)| {
            let (a1, b2, a2, b1) = (on(a, first), on(b, second), on(a, second), on(b, first));
            format!("({a1} AND {b2} OR {a2} AND {b1})")
        });
        either.into_iter().chain(between).for_each(|condition| self.and(&condition));
    }

    /// What is asked of the report `r`.
    fn report(&mut self, filter: &Filter) {
        if let Some(report) = &filter.report {
            let n = self.args.put(report.clone());
            self.and(&format!("r.id = {n}"));
        }
        if let Some(outlet) = &filter.outlet {
            let n = self.args.put(outlet.clone());
            self.and(&format!("r.outlet = {n} COLLATE NOCASE"));
        }
        if let Some(words) = filter.text.as_deref().and_then(match_query) {
            let n = self.args.put(words);
            self.and(&format!(
                "r.seq IN (SELECT rowid FROM report_text WHERE report_text MATCH {n})"
            ));
        }
    }

    fn days(&mut self, filter: &Filter, from: &str, to: &str) {
        if let Some(day) = &filter.from {
            let n = self.args.put(day.clone());
            self.and(&format!("{to} >= {n}"));
        }
        if let Some(day) = &filter.to {
            let n = self.args.put(day.clone());
            self.and(&format!("{from} <= {n}"));
        }
    }

    /// What is asked of the event `e` itself.
    fn act(&mut self, filter: &Filter) {
        let on = |side: &Side, which: &str, args: &mut Args| {
            let is = side.sql("p.name", "p.country", "p.code", args);
            format!(
                "EXISTS (SELECT 1 FROM event_party p \
                 WHERE p.report = e.report AND p.event = e.ordinal{which} AND {is})"
            )
        };
        let (acts, bears) = (" AND p.side = 'actor'", " AND (e.mutual OR p.side = 'recipient')");
        if let Some(who) = &filter.who {
            let condition = on(who, acts, &mut self.args);
            self.and(&condition);
        }
        if let Some(whom) = &filter.whom {
            let condition = on(whom, bears, &mut self.args);
            self.and(&condition);
        }
        if let Some(either) = &filter.either {
            let condition = on(either, "", &mut self.args);
            self.and(&condition);
        }
        if let Some((a, b)) = &filter.between {
            let mut facing = |a: &Side, b: &Side| {
                let (one, other) = (on(a, acts, &mut self.args), on(b, bears, &mut self.args));
                format!("({one} AND {other})")
            };
            let condition = format!("({} OR {})", facing(a, b), facing(b, a));
            self.and(&condition);
        }
        self.any("e.type", filter.types.iter());
        self.any("e.quad", filter.quads.iter());
        self.any("e.status", filter.statuses.iter());
        if filter.deeds {
            self.and("e.status IN ('happened', 'ongoing')");
        }
        if let Some(place) = &filter.place {
            let condition = match country(place) {
                Some(code) => format!("e.country = {}", self.args.put(code)),
                None => {
                    format!("instr(lower(e.place), lower({})) > 0", self.args.put(place.clone()))
                }
            };
            self.and(&condition);
        }
        if let Some(confidence) = filter.confidence {
            let n = self.args.put(f64::from(confidence));
            self.and(&format!("e.confidence >= {n}"));
        }
    }

    pub fn events(filter: &Filter) -> Where {
        let mut all = Where::default();
        all.act(filter);
        all.days(filter, "e.day_from", "e.day_to");
        all.report(filter);
        all
    }

    pub fn statements(filter: &Filter) -> Where {
        let mut all = Where::default();
        all.two_sides(
            filter,
            ["s.speaker", "s.country", "s.code"],
            ["s.addressee", "s.addressee_country", "s.addressee_code"],
        );
        all.days(filter, "s.day_from", "s.day_to");
        all.report(filter);
        all
    }

    /// A figure answers for its act with the event that it is about.
    pub fn figures(filter: &Filter) -> Where {
        let mut all = Where::default();
        let mut act = Where::default();
        act.act(filter);
        if !act.sql.is_empty() {
            all.args = act.args;
            all.and(&format!(
                "EXISTS (SELECT 1 FROM event e WHERE e.report = f.report AND e.ordinal = f.event{})",
                act.sql
            ));
        }
        all.days(filter, "f.day", "f.day");
        all.report(filter);
        all
    }

    pub fn ties(filter: &Filter) -> Where {
        let mut all = Where::default();
        all.two_sides(
            filter,
            ["t.from_name", "t.from_country", "t.from_code"],
            ["t.to_name", "t.to_country", "t.to_code"],
        );
        all.any("t.kind", filter.ties.iter());
        if let Some(confidence) = filter.confidence {
            let n = all.args.put(f64::from(confidence));
            all.and(&format!("t.confidence >= {n}"));
        }
        all.days(filter, "r.published", "r.published");
        all.report(filter);
        all
    }
}

/// Whether a figure is found only by the event that it is about.
pub(crate) fn asks_of_acts(filter: &Filter) -> bool {
    let mut act = Where::default();
    act.act(filter);
    !act.sql.is_empty()
}
