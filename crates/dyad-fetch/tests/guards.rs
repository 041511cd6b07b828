//! The guards against local servers: nothing here leaves this machine.

use dyad_fetch::{Client, FetchError, Limits};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A server that gives every caller the same bytes, and counts its callers.
fn server(
    answer: impl Fn(SocketAddr) -> Vec<u8> + Send + 'static,
) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let callers = Arc::new(AtomicUsize::new(0));
    let count = callers.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            count.fetch_add(1, Ordering::SeqCst);
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(&answer(address));
        }
    });
    (address, callers)
}

fn told(head: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn local(limits: Limits) -> Client {
    Client::new(&["127.0.0.1".to_owned()], limits)
}

#[test]
fn what_is_there_is_brought_with_its_address_and_kind() {
    let (to, _) = server(|_| told("200 OK\r\ncontent-type: text/plain", b"Norway signed."));
    let (from, _) = server(move |_| told(&format!("302 Found\r\nlocation: http://{to}/b"), b""));
    let page = local(Limits::default()).get(&format!("http://{from}/a")).unwrap();
    assert_eq!(page.url, format!("http://{to}/b"));
    assert_eq!(
        (page.media_type.as_deref(), &page.bytes[..]),
        (Some("text/plain"), &b"Norway signed."[..])
    );
    let sent = local(Limits::default()).post(&format!("http://{to}/"), "application/json", b"{}");
    assert_eq!(sent.unwrap().bytes, b"Norway signed.");
}

#[test]
fn a_private_address_is_refused_before_anybody_is_called() {
    let (address, callers) = server(|_| told("200 OK", b"secret"));
    let port = address.port();
    for host in
        ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"]
    {
        let error = Client::new(&[], Limits::default()).get(&format!("http://{host}:{port}/"));
        let error = error.unwrap_err();
        assert!(
            matches!(error, FetchError::Private { .. } | FetchError::Host { .. }),
            "{host}: {error}"
        );
    }
    assert_eq!(callers.load(Ordering::SeqCst), 0);
}

#[test]
fn a_redirect_to_a_private_address_is_refused() {
    let (secret, callers) = server(|_| told("200 OK", b"secret"));
    let port = secret.port();
    // Only the first host is meant; the redirect names the same machine otherwise.
    let to = format!("302 Found\r\nlocation: http://localhost:{port}/");
    let (from, _) = server(move |_| told(&to, b""));
    let error = local(Limits::default()).get(&format!("http://{from}/")).unwrap_err();
    let FetchError::Private { host, .. } = &error else { panic!("{error}") };
    assert_eq!(host, "localhost");
    assert!(error.to_string().contains("--private-host"), "{error}");
    assert_eq!(callers.load(Ordering::SeqCst), 0);
}

#[test]
fn other_schemes_are_refused() {
    for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "http://", "news"]
    {
        let error = local(Limits::default()).get(url).unwrap_err();
        assert!(matches!(error, FetchError::Address { .. }), "{url}: {error:?}");
    }
    let (from, _) = server(|_| told("302 Found\r\nlocation: file:///etc/passwd", b""));
    // What follows the scheme is taken for a path of the same server, which answers so for ever.
    let error = local(Limits::default()).get(&format!("http://{from}/")).unwrap_err();
    assert!(matches!(error, FetchError::Address { .. } | FetchError::Redirects { .. }), "{error}");
}

#[test]
fn size_is_bounded_also_where_it_comes_packed() {
    let limits = Limits { size: 1_000_000, ..Limits::default() };
    let (plain, _) = server(|_| told("200 OK", &vec![b'x'; 1_000_001]));
    let error = local(limits).get(&format!("http://{plain}/")).unwrap_err();
    assert!(matches!(error, FetchError::Size { limit: 1_000_000, .. }), "{error:?}");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![0; 50_000_000]).unwrap();
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 100_000);
    let (bomb, _) = server(move |_| told("200 OK\r\ncontent-encoding: gzip", &packed));
    let error = local(limits).get(&format!("http://{bomb}/")).unwrap_err();
    assert!(matches!(error, FetchError::Size { .. }), "{error:?}");
}

#[test]
fn a_server_that_never_ends_is_given_up() {
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    let (slow, _) = server(|_| {
        std::thread::sleep(Duration::from_secs(5));
        told("200 OK", b"late")
    });
    let error = local(limits).get(&format!("http://{slow}/")).unwrap_err();
    assert!(matches!(error, FetchError::Time { .. }), "{error:?}");
    let (drips, _) = server(|_| b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc".to_vec());
    let error = local(limits).get(&format!("http://{drips}/")).unwrap_err();
    assert!(matches!(error, FetchError::Time { .. } | FetchError::Broken { .. }), "{error:?}");
}

#[test]
fn redirects_end() {
    let (round, _) = server(|here| told(&format!("302 Found\r\nlocation: http://{here}/"), b""));
    let error = local(Limits::default()).get(&format!("http://{round}/")).unwrap_err();
    assert!(matches!(error, FetchError::Redirects { limit: 5, .. }), "{error:?}");
}

#[test]
fn what_is_not_there_says_so() {
    let (none, _) = server(|_| told("404 Not Found", b"no"));
    let error = local(Limits::default()).get(&format!("http://{none}/x")).unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 404, .. }), "{error:?}");
}
