//! A user's agents: what common nouns add to the code of an actor.

use super::merge::sector;
use super::petrarch::{self, AgentRow};
use super::{Finding, Kind, UserText};
use crate::actors::{Actors, Agent, Class};
use dyad_record::Sector;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub(super) fn agents(
    actors: &mut Actors,
    findings: &mut Vec<Finding>,
    file: &UserText,
    source: u16,
) {
    let mut seen: FxHashMap<String, (usize, String)> = FxHashMap::default();
    actors.roles_of_user = true;
    for row in petrarch::agents(&file.name, &file.text, findings) {
        let AgentRow { line, noun, plural, no_plural, code } = row;
        for noun in [Some(noun), plural].into_iter().flatten() {
            if let Some((first, other)) = seen.get(&noun) {
                if *other != code {
                    let what = format!(
                        "`{noun}` is [{code}] here and [{other}] in line {first}, which wins; keep one"
                    );
                    findings.push(Finding::new(&file.name, line, Kind::Conflict, what));
                }
                continue;
            }
            seen.insert(noun.clone(), (line, code.clone()));
            actors.stand_at(source, line);
            let ours = actors.agent(&noun).filter(|agent| agent.adds.is_none());
            if let Some(ours) = ours.filter(|ours| !code.contains(ours.sector.as_str())) {
                let what =
                    format!("`{noun}` is [{code}] here and {} in ours; yours wins", ours.sector);
                findings.push(Finding::new(&file.name, line, Kind::Note, what));
            }
            let known = actors.agent(&noun).or_else(|| actors.agent(noun.trim_end_matches('s')));
            let class = known.map_or_else(|| class_of(&noun), |agent| agent.class);
            let office = known.and_then(|agent| agent.office.clone());
            let sector = match sector(&code, false) {
                Sector::Unk => known.map_or(Sector::Unk, |agent| agent.sector),
                sector => sector,
            };
            let adds = Some(SmolStr::from(code.as_str()));
            let agent = Agent { noun: noun.as_str().into(), sector, class, office, adds };
            if no_plural {
                actors.add_exact_agent(agent);
            } else {
                actors.add_agent(agent);
            }
        }
    }
}

/// PETRARCH looks for its agents anywhere in a phrase: of our longer nouns ("deputy prime minister") those
/// that hold a user's noun add what it adds.
pub(super) fn lend_roles(actors: &mut Actors) {
    let held = |noun: &str, part: &str| {
        noun.match_indices(part).any(|(at, _)| {
            noun[..at].chars().next_back().is_none_or(|c| c == ' ')
                && noun[at + part.len()..].chars().next().is_none_or(|c| c == ' ')
        })
    };
    let of_user: Vec<(SmolStr, SmolStr)> =
        actors.agents.iter().filter_map(|a| Some((a.noun.clone(), a.adds.clone()?))).collect();
    let ours = actors.agents.iter_mut().filter(|a| a.adds.is_none() && a.noun.contains(' '));
    for agent in ours {
        let parts = of_user.iter().filter(|(noun, _)| held(&agent.noun, noun));
        agent.adds = parts.max_by_key(|(noun, _)| noun.len()).map(|(_, adds)| adds.clone());
    }
}

/// What kind of actor a noun that we do not know is, by its last word.
fn class_of(noun: &str) -> Class {
    const BODIES: &[&str] = &[
        "ministry",
        "government",
        "group",
        "party",
        "organization",
        "organisation",
        "movement",
        "force",
        "forces",
        "police",
        "service",
        "court",
        "parliament",
        "media",
        "press",
        "newspaper",
        "army",
        "navy",
        "corporation",
        "company",
        "congress",
        "judiciary",
        "union",
        "committee",
        "commission",
        "council",
        "agency",
        "bank",
        "community",
        "body",
        "opposition",
        "department",
        "office",
        "university",
        "association",
        "front",
        "militia",
    ];
    const OFFICES: &[&str] = &[
        "minister",
        "president",
        "chief",
        "secretary",
        "leader",
        "head",
        "chairman",
        "ambassador",
    ];
    let last = noun.rsplit(' ').next().unwrap_or(noun);
    if BODIES.contains(&last) {
        Class::Body
    } else if OFFICES.contains(&last) {
        Class::Office
    } else {
        Class::Person
    }
}
