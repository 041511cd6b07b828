//! The arrows of ARCHITECTURE.md hold in the code: prose drifts, this test does not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn architecture() -> String {
    std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The table `| crate | may lean on | … |`.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let text = architecture();
    let rows = text.lines().filter(|line| line.starts_with("| `crates/"));
    rows.map(|row| {
        let mut columns = row.trim_matches('|').split('|');
        let name = quoted(columns.next().unwrap())[0].trim_start_matches("crates/").to_owned();
        let leans = quoted(columns.next().unwrap()).into_iter().map(str::to_owned).collect();
        (name, leans)
    })
    .collect()
}

#[test]
fn crates_lean_only_on_whom_they_may() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let allowed = allowed();
    let packages = metadata["packages"].as_array().unwrap();
    assert_eq!(packages.len(), allowed.len(), "every crate stands in the table, and no other");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let may = allowed.get(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        // What only tests need is no part of the house.
        let built = dependencies.filter(|d| d["kind"].as_str() != Some("dev"));
        for dependency in built.map(|d| d["name"].as_str().unwrap()) {
            assert!(
                !dependency.starts_with("dyad-") || may.contains(dependency),
                "{name} leans on {dependency}, which ARCHITECTURE.md does not allow"
            );
        }
    }
}

/// The files of a folder and the folders under it, without those that only tests compile.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    let parents = [folder.join("mod.rs"), folder.join("lib.rs"), folder.with_extension("rs")];
    let parent: String = parents.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect();
    for path in entries {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let for_tests = ["", "pub ", "pub(crate) ", "pub(super) "]
            .iter()
            .any(|v| parent.contains(&format!("#[cfg(test)]\n{v}mod {stem};")));
        if for_tests || stem == "tests" {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

/// The code above the tests, without comments.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn modules_of_the_reader_use_only_those_before_them() {
    let text = architecture();
    let (_, rule) = text.split_once("only the modules to its left:").expect("the rule is told");
    let order = quoted(rule.split('.').next().unwrap());
    assert!(order.len() >= 6, "{order:?}");
    let common = ["span", "doc", "given"];
    let source = root().join("crates/dyad-reader/src");
    for path in sources(&source) {
        let inner = path.strip_prefix(&source).unwrap();
        let first = inner.iter().next().unwrap().to_string_lossy();
        let module = first.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let place = order.iter().position(|m| *m == module);
        for used in code(&path).split("crate::").skip(1) {
            let used: String =
                used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(left) = order.iter().position(|m| *m == used) else { continue };
            let fine = match place {
                Some(place) => left <= place,
                // The common types lean on nothing but the report's.
                None => common.contains(&module) && used == "report",
            };
            assert!(fine, "{} uses crate::{used}, which comes later", inner.display());
        }
    }
}

#[test]
fn only_the_kernels_may_be_unsafe() {
    let crates = root().join("crates");
    for entry in std::fs::read_dir(crates).unwrap() {
        let folder = entry.unwrap().path();
        if folder.ends_with("dyad-neural") {
            continue;
        }
        let heads = ["src/lib.rs", "src/main.rs"].map(|f| folder.join(f));
        for head in heads.iter().filter(|h| h.exists()) {
            let text = std::fs::read_to_string(head).unwrap();
            assert!(text.contains("#![forbid(unsafe_code)]"), "{}", head.display());
        }
    }
}
