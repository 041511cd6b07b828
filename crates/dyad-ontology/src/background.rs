//! Sentences of every kind, so that a head of few examples doesn't find its type everywhere: the
//! sample reports and the golden cases.

const REPORTS: [(&str, &str); 14] = [
    ("coreference", include_str!("../../../cases/coreference.txt")),
    ("dates", include_str!("../../../cases/dates.txt")),
    ("dependence", include_str!("../../../cases/dependence.txt")),
    ("figures", include_str!("../../../cases/figures.txt")),
    ("grammar", include_str!("../../../cases/grammar.txt")),
    ("nothing-political", include_str!("../../../cases/nothing-political.txt")),
    ("pages", include_str!("../../../cases/pages.txt")),
    ("places", include_str!("../../../cases/places.txt")),
    ("sides", include_str!("../../../cases/sides.txt")),
    ("speech", include_str!("../../../cases/speech.txt")),
    ("status", include_str!("../../../cases/status.txt")),
    ("ties", include_str!("../../../cases/ties.txt")),
    ("traps", include_str!("../../../cases/traps.txt")),
    ("types", include_str!("../../../cases/types.txt")),
];

macro_rules! samples {
    ($($name:literal)+) => {
        &[$(($name, include_str!(concat!("../../../samples/", $name)))),+]
    };
}

const SAMPLES: &[(&str, &str)] = samples! {
    "2022-07-09-sri-lanka.txt" "2022-07-22-grain-deal.txt" "2022-08-03-pelosi-taiwan.txt"
    "2022-08-04-china-drills.txt" "2022-09-22-iran-protests.txt" "2022-10-12-un-vote.txt"
    "2022-10-12-un-vote-gazette.txt" "2022-11-02-pretoria.txt" "2022-12-05-oil-cap.txt"
    "2022-12-08-prisoner-swap.txt" "2022-12-29-missiles-harbour-post.txt"
    "2023-02-10-quake-aid.txt" "2023-03-16-north-korea.txt" "2023-04-04-finland-nato.txt"
    "2023-04-25-sudan-truce.txt" "2023-06-24-wagner.txt" "2023-07-17-grain-deal-ends.txt"
    "2023-07-30-niger-ecowas.txt" "2023-09-20-karabakh.txt" "2023-11-24-gaza-truce.txt"
};

/// What begins the expectations below a case's report.
const EXPECTED: [&str; 13] = [
    "event",
    "statement",
    "figure",
    "tie",
    "actor",
    "place",
    "time",
    "passage",
    "never",
    "only",
    "#",
    "todo",
    "participant",
];

/// Each report with the name of where it stands.
pub fn reports() -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> =
        SAMPLES.iter().map(|(name, text)| (format!("samples/{name}"), text.to_string())).collect();
    for (file, text) in REPORTS {
        for case in text.split("\n--- ").skip(1) {
            let name = case.lines().next().unwrap_or_default().trim();
            let report: Vec<&str> = case
                .split("\n\n")
                .skip(1)
                .take_while(|block| {
                    let first = block.split_whitespace().next().unwrap_or_default();
                    !EXPECTED.contains(&first) && !first.starts_with('#')
                })
                .collect();
            found.push((format!("cases/{file}.txt, {name}"), report.join("\n\n")));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_gives_its_report_and_no_expectation() {
        let all = reports();
        assert!(all.len() > 300, "{}", all.len());
        let bare = all.iter().filter(|(_, text)| text.trim().is_empty()).count();
        assert!(bare < 10, "{bare} without words");
        assert!(
            all.iter().all(|(_, text)| !text.contains("\nnever ") && !text.contains("\n  who \""))
        );
    }
}
