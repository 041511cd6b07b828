//! What real pages are full of and nobody reads: scripts and styles, as long as a layout wants them.

use std::fmt::Write;

/// A script of so many kilobytes.
pub fn script(kilobytes: usize) -> String {
    grown(kilobytes, |i, out| {
        let _ = write!(
            out,
            "function f{i}(e,t){{var n=e.length;if(n<{i}&&t>0){{return e+\"<p>x{i}</p>\"}}return n-t}}\
             window.q=window.q||[];q.push({{id:\"s{i}\",w:{},cb:f{i}}});",
            i % 970
        );
    })
}

/// A style sheet of so many kilobytes.
pub fn style(kilobytes: usize) -> String {
    grown(kilobytes, |i, out| {
        let _ = write!(
            out,
            ".c{i} .b{},#n{i}>a:hover{{margin:0 {}px;padding:{}px;color:#{:06x};display:block}}",
            i % 37,
            i % 24,
            i % 9,
            i * 7919 % 0x00ff_ffff
        );
    })
}

/// The inside of a string in a script.
pub fn string(kilobytes: usize) -> String {
    grown(kilobytes, |i, out| {
        let _ = write!(
            out,
            "node{i}:published 2024-0{}-1{} title item {i} ref x{}; ",
            i % 9 + 1,
            i % 9,
            i * 31
        );
    })
}

fn grown(kilobytes: usize, mut add: impl FnMut(usize, &mut String)) -> String {
    let mut out = String::with_capacity(kilobytes * 1024 + 200);
    for i in 0.. {
        if out.len() >= kilobytes * 1024 {
            break;
        }
        add(i, &mut out);
    }
    out
}
