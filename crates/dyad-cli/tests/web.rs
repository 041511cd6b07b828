//! Pages and feeds by their address, from a server on this machine.

use serde_json::Value;
use std::io::{BufRead, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output};

const PACT: &str = "Norway and Iceland signed a fishing pact in Bergen on Monday. The foreign \
    minister of Norway said that the pact would protect the cod of the northern seas.";

/// A small site: a feed, two of whose three pages are there.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 4096];
            let n = stream.read(&mut asked).unwrap();
            let asked = String::from_utf8_lossy(&asked[..n]).into_owned();
            let path = asked.split(' ').nth(1).unwrap_or("/");
            let page = |text: &str| {
                format!("<html><body><article><p>{text}</p><p>{text}</p></article></body></html>")
            };
            let (status, kind, body) = match path {
                "/rss.xml" => ("200 OK", "application/rss+xml", feed()),
                "/pact" => ("200 OK", "text/html", page(PACT)),
                "/talks" => ("200 OK", "text/html", page(&PACT.replace("Iceland", "Denmark"))),
                _ => ("404 Not Found", "text/plain", String::new()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    address
}

fn feed() -> String {
    let item = |path: &str, day: &str| {
        format!("<item><title>A pact</title><link>/{path}</link><pubDate>{day}</pubDate></item>")
    };
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Fjord Press</title>{}{}{}\
         </channel></rss>",
        item("pact", "Wed, 03 May 2023 10:00:00 GMT"),
        item("gone", "Wed, 03 May 2023 11:00:00 GMT"),
        item("talks", "Thu, 04 May 2023 10:00:00 GMT"),
    )
}

fn dyad(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dyad")).args(args).output().unwrap()
}

#[test]
fn a_feed_is_read_page_by_page_and_a_missing_page_stops_no_other() {
    let url = format!("http://{}/rss.xml", site());
    let output = dyad(&["read", &url, "--private-host", "127.0.0.1"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("/gone: the server answered 404"), "{said}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let records: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(records.len(), 2);
    let report = &records[0]["report"];
    assert_eq!(report["outlet"], "Fjord Press");
    assert_eq!(report["published"], "2023-05-03");
    assert!(report["url"].as_str().unwrap().ends_with("/pact"), "{report}");
    assert_eq!(records[1]["report"]["published"], "2023-05-04");
}

/// Takes what is posted; the first post is told to come again.
fn desk() -> (String, std::sync::mpsc::Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notices", listener.local_addr().unwrap());
    let (sender, posted) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for (i, stream) in listener.incoming().enumerate() {
            let mut reader = std::io::BufReader::new(stream.unwrap());
            let (mut length, mut json) = (0, false);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let line = line.trim().to_lowercase();
                if let Some(n) = line.strip_prefix("content-length:") {
                    length = n.trim().parse().unwrap();
                }
                json |= line == "content-type: application/json";
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let status = if i == 0 { "503 Service Unavailable" } else { "204 No Content" };
            let head =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            reader.get_mut().write_all(head.as_bytes()).unwrap();
            assert!(json);
            if i > 0 {
                sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
            }
        }
    });
    (url, posted)
}

#[test]
fn notices_are_posted_again_until_they_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let archive = folder.path().join("a.sqlite");
    let archive = archive.to_str().unwrap();
    let pact = file("pact.txt", PACT);
    assert!(dyad(&["add", archive, &pact, "--published", "2023-05-02"]).status.success());
    let rules = file("rules.txt", "pact: between NOR ISL status happened,planned,ongoing\n");
    let (url, posted) = desk();
    let watch = |url: &str| dyad(&["watch", &rules, "--archive", archive, "--post", url]);
    let output = watch(&url);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<Value> = printed.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(printed.len(), 1);
    assert_eq!(posted.try_iter().collect::<Vec<_>>(), printed);
    assert!(!printed[0]["evidence"][0]["sources"].as_array().unwrap().is_empty());

    // Of what is added only what it brings is sent.
    let crossing = "Iceland and Norway signed a fishing pact in Bergen on 9 June 2023.";
    let add = [
        "add",
        archive,
        &file("june.txt", crossing),
        "--published",
        "2023-06-09",
        "--watch",
        &rules,
        "--post",
        &url,
    ];
    let output = dyad(&add);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<Value> = printed.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(printed.len() == 1 && printed[0]["to"].as_str() >= Some("2023-06"), "{printed:?}");
    assert_eq!(posted.try_iter().collect::<Vec<_>>(), printed);
    assert_eq!(dyad(&["add", archive, &pact, "--post", &url]).status.code(), Some(2));

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = watch(&format!("http://{nobody}/"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.contains(&nobody.to_string()) && said.contains("2 notices are not sent"),
        "{said}"
    );
    let output = watch("desk.example/notices");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("http://"));
}

#[test]
fn a_private_address_is_refused_unless_it_is_named() {
    let url = format!("http://{}/pact", site());
    let output = dyad(&["read", &url]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("not public") && said.contains("--private-host"), "{said}");
    assert!(output.stdout.is_empty());
}
