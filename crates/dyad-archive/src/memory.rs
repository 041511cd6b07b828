//! Joining without a file: the tellings of some reports, all at once.

use crate::join::{Name, Placed, Shelf, settle};
use crate::mention::{Blocks, Mention};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::Arc;

/// The clusters, each sorted, in the order of their first telling's index.
pub(crate) fn join(mentions: &[Arc<Mention>]) -> Vec<Vec<usize>> {
    let mut shelf = Memory::default();
    let names: Vec<Name> = (0..mentions.len() as i64).map(|i| (i, 0)).collect();
    for (mention, &name) in mentions.iter().zip(&names) {
        shelf.file(name, mention.clone());
    }
    let Ok(()) = settle(&mut shelf, &names, false);
    let members = |e: BTreeSet<Name>| e.into_iter().map(|(i, _)| i as usize).collect();
    let mut episodes: Vec<Vec<usize>> = shelf.episodes.into_values().map(members).collect();
    episodes.retain(|e| !e.is_empty());
    episodes.sort();
    episodes
}

/// A shelf without a file.
#[derive(Default)]
struct Memory {
    mentions: HashMap<Name, (Arc<Mention>, Blocks)>,
    blocks: HashMap<i64, Vec<Name>>,
    places: HashMap<Name, (i64, f64)>,
    episodes: BTreeMap<i64, BTreeSet<Name>>,
}

impl Memory {
    fn file(&mut self, name: Name, mention: Arc<Mention>) {
        let blocks = mention.blocks();
        for &block in &blocks.filed {
            self.blocks.entry(block).or_default().push(name);
        }
        self.mentions.insert(name, (mention, blocks));
    }
}

impl Shelf for Memory {
    type Error = Infallible;

    fn mention(&mut self, name: Name) -> Result<Arc<Mention>, Infallible> {
        Ok(self.mentions[&name].0.clone())
    }

    fn near(&mut self, name: Name) -> Result<Vec<Name>, Infallible> {
        let (mention, blocks) = &self.mentions[&name];
        let met = blocks.looked.iter().filter_map(|b| self.blocks.get(b)).flatten().copied();
        let lets = |other: &Name| mention.sieve().lets(self.mentions[other].0.sieve());
        let met: BTreeSet<Name> = met.filter(lets).collect();
        Ok(met.into_iter().collect())
    }

    fn placed(&mut self, name: Name) -> Result<Option<Placed>, Infallible> {
        let place = self.places.get(&name);
        Ok(place.map(|(episode, fit)| (self.mentions[&name].0.clone(), *episode, *fit)))
    }

    fn put(&mut self, name: Name, place: Option<(i64, f64)>) -> Result<(), Infallible> {
        let old = match place {
            Some(place) => self.places.insert(name, place),
            None => self.places.remove(&name),
        };
        if let Some(members) = old.and_then(|(old, _)| self.episodes.get_mut(&old)) {
            members.remove(&name);
        }
        if let Some((episode, _)) = place {
            self.episodes.entry(episode).or_default().insert(name);
        }
        Ok(())
    }

    fn members(&mut self, episode: i64) -> Result<Vec<Name>, Infallible> {
        Ok(self.episodes.get(&episode).into_iter().flatten().copied().collect())
    }

    fn new_episode(&mut self) -> Result<i64, Infallible> {
        let last = self.episodes.last_key_value().map_or(0, |(last, _)| *last);
        self.episodes.insert(last + 1, BTreeSet::new());
        Ok(last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Days, Spot, number};
    use crate::names::Key;
    use dyad_record::{EventType, Status};

    /// As so many events, numbered as they come.
    fn join(mentions: &[Mention]) -> Vec<Vec<usize>> {
        let numbered =
            mentions.iter().zip(0..).map(|(m, ordinal)| Mention { ordinal, ..m.clone() });
        super::join(&numbered.map(Arc::new).collect::<Vec<_>>())
    }

    fn keys(all: &[&str]) -> Vec<Key> {
        let mut keys: Vec<Key> = all.iter().map(|key| Key::from(*key)).collect();
        keys.sort_unstable();
        keys
    }

    fn strike(actors: &[&str], recipients: &[&str], day: &str) -> Mention {
        let day = number(day.parse().unwrap());
        Mention {
            report: "0".into(),
            ordinal: 0,
            published: None,
            kind: EventType::Assault,
            mode: None,
            status: Status::Happened,
            actors: keys(actors),
            recipients: keys(recipients),
            scene: keys(&[actors, recipients].concat()),
            marks: vec![],
            countries: vec![],
            faceless: false,
            mutual: false,
            days: Some(Days { from: day, to: day }),
            place: None,
            words: vec![],
            context: vec![],
        }
    }

    fn saying(words: &str, mention: Mention) -> Mention {
        let mut words: Vec<u32> = words.split(' ').map(crate::quote::word).collect();
        words.sort_unstable();
        Mention { words: words.clone(), context: words, ..mention }
    }

    #[test]
    fn act_sides_and_day_are_enough() {
        let a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let b = strike(&["RUS"], &["UKR"], "2023-03-09");
        assert_eq!(join(&[a.clone(), b]), [[0, 1]]);
        let other_victim = strike(&["RUS"], &["POL"], "2023-03-09");
        assert_eq!(join(&[a, other_victim]), [[0], [1]]);
    }

    #[test]
    fn days_do_not_chain() {
        let days = ["2023-03-01", "2023-03-02", "2023-03-03", "2023-03-04"];
        let mentions = days.map(|d| saying("rockets hit", strike(&["RUS"], &["UKR"], d)));
        let episodes = join(&mentions);
        assert!(episodes.len() >= 2, "{episodes:?}");
        assert!(episodes.iter().all(|e| e.len() <= 3), "{episodes:?}");
    }

    #[test]
    fn a_plan_is_not_the_deed() {
        let deed = saying("rockets hit port", strike(&["RUS"], &["UKR"], "2023-03-09"));
        let plan = Mention { status: Status::Planned, ..deed.clone() };
        let denial = Mention { status: Status::Denied, ..deed.clone() };
        assert_eq!(join(&[deed.clone(), plan]), [[0], [1]]);
        assert_eq!(join(&[deed, denial]), [[0, 1]]);
    }

    #[test]
    fn a_missing_side_needs_words_beside_it() {
        let a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let b = strike(&[], &["UKR"], "2023-03-09");
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 2);
        let (a, b) = (saying("rockets hit port", a), saying("port hit again", b));
        assert_eq!(join(&[a, b]).len(), 1);
    }

    #[test]
    fn two_scenes_are_two_happenings() {
        let spot = |key: &str, at| Spot {
            key: key.into(),
            country: Some("UKR".into()),
            whole_country: false,
            at: Some(at),
        };
        let mut a = strike(&["RUS"], &["UKR"], "2023-03-09");
        let mut b = a.clone();
        a.place = Some(spot("lviv", (49.84, 24.03)));
        b.place = Some(spot("odesa", (46.48, 30.73)));
        assert_eq!(join(&[a.clone(), b]).len(), 2);
        let mut c = a.clone();
        c.place = Some(Spot { whole_country: true, at: None, ..spot("ukr", (0.0, 0.0)) });
        assert_eq!(join(&[a, c]).len(), 1);
    }

    #[test]
    fn a_meeting_of_two_is_not_a_meeting_of_two_others() {
        let meet = |sides: &[&str]| Mention {
            kind: EventType::Consult,
            mutual: true,
            ..strike(sides, &[], "2022-12-30")
        };
        let episodes = join(&[meet(&["CHN", "RUS"]), meet(&["IND", "RUS"]), meet(&["CHN", "RUS"])]);
        assert_eq!(episodes, [vec![0, 2], vec![1]]);
    }

    #[test]
    fn two_kinds_of_act_in_one_report_are_two() {
        let a = saying("shells fell harbour", strike(&["RUS"], &["UKR"], "2023-03-09"));
        let b = Mention { kind: EventType::Coerce, ..a.clone() };
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 2);
        assert_eq!(join(&[a, Mention { report: "1".into(), ..b }]).len(), 1);
    }

    /// In a report about these countries, whose words no other shares.
    fn about(report: usize, countries: &[&str], mention: Mention) -> Mention {
        let report = report.to_string().as_str().into();
        Mention { report, countries: keys(countries), ..mention }
    }

    #[test]
    fn a_missing_side_may_stand_in_the_sentence() {
        let scene = |keys: &[&str], m: Mention| Mention { scene: self::keys(keys), ..m };
        let whole = saying("rockets hit port early", strike(&["RUS"], &["UKR"], "2023-03-09"));
        let untold = saying("salvo sank docks soon", strike(&["RUS"], &[], "2023-03-09"));
        assert_eq!(join(&[whole.clone(), scene(&["RUS"], untold.clone())]).len(), 2);
        assert_eq!(join(&[whole, scene(&["RUS", "UKR"], untold)]).len(), 1);
        // Named as the one that did it, it is not also the one that suffered it.
        let back = saying("salvo sank docks soon", strike(&["UKR"], &[], "2023-03-09"));
        let struck = saying("salvo sank docks soon", strike(&[], &["UKR"], "2023-03-09"));
        let (back, struck) = (scene(&["UKR"], back), scene(&["UKR"], struck));
        assert_eq!(join(&[back, struck]).len(), 2);
    }

    #[test]
    fn kindred_acts_of_the_same_two_join_across_reports() {
        let pact = |kind, report, day, words| {
            let act = strike(&["IRN", "SAU"], &[], day);
            let act = Mention { kind, mutual: true, ..saying(words, act) };
            about(report, &["CHN", "IRN", "SAU"], act)
        };
        let agreed = pact(EventType::Agree, 0, "2023-03-10", "agreed restore ties");
        let signed = pact(EventType::Support, 1, "2023-03-10", "signed pact restore ties");
        assert_eq!(join(&[agreed.clone(), signed]).len(), 1);
        let later = pact(EventType::Support, 1, "2023-04-06", "signed pact restore ties");
        assert_eq!(join(&[agreed.clone(), later]).len(), 2);
        let trade = pact(EventType::Aid, 1, "2023-03-10", "lent wheat ship");
        assert_eq!(join(&[agreed, trade]).len(), 2, "another act on the same day");
    }

    #[test]
    fn the_dead_of_one_story_are_the_same_dead() {
        let dead = |report, countries: &[&str], day| {
            let killed = saying("people killed shelling", strike(&[], &[], day));
            about(report, countries, Mention { faceless: true, ..killed })
        };
        let a = dead(0, &["ARM", "AZE", "RUS"], "2023-09-20");
        let b = dead(1, &["ARM", "AZE", "FRA"], "2023-09-20");
        assert_eq!(join(&[a.clone(), b.clone()]).len(), 1);
        assert_eq!(join(&[a.clone(), dead(1, &["ARM", "AZE"], "2023-09-25")]).len(), 2);
        assert_eq!(join(&[a.clone(), dead(1, &["KEN", "SOM"], "2023-09-20")]).len(), 2);
        assert_eq!(
            join(&[a, Mention { report: "0".into(), ..b }]).len(),
            2,
            "two losses in one report"
        );
    }

    #[test]
    fn a_telling_that_names_nobody_draws_no_two_acts_together() {
        let act = |report, actors: &[&str], mode: Option<&str>| {
            let act = saying("missile fell early", strike(actors, &["UKR"], "2023-03-09"));
            about(report, &["BLR", "RUS", "UKR"], Mention { mode: mode.map(Into::into), ..act })
        };
        let untold = act(1, &[], Some("heavy-weapons"));
        let salvo = act(0, &["RUS"], Some("heavy-weapons"));
        let shot = act(0, &["BLR"], None);
        assert_eq!(join(&[untold.clone(), shot.clone()]).len(), 1);
        assert_eq!(join(&[salvo.clone(), untold.clone(), shot.clone()]), [vec![0, 1], vec![2]]);
        let elsewhere = Mention { report: "2".into(), ..shot };
        assert_eq!(join(&[salvo, untold, elsewhere]), [vec![0, 1], vec![2]]);
    }
}
