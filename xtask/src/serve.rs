//! The built site over HTTP on this computer, as a static host would serve it.

use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;

use tiny_http::{Header, Request, Response, Server};

use crate::shell::Problem;

/// Requests answered at once: a browser asks for up to six things of one server.
const THREADS: usize = 6;

/// Serves `site` until the program is stopped.
pub fn forever(site: &Path, port: u16) -> Result<(), Problem> {
    let (address, threads) = start(site, port)?;
    println!("\nOpen {address} in Chrome, Edge, Firefox or Safari. Stop with Ctrl+C.");
    for thread in threads {
        drop(thread.join());
    }
    Ok(())
}

/// Serves `site` in the background on `port` (0: any); its address.
pub fn start(site: &Path, port: u16) -> Result<(String, Vec<thread::JoinHandle<()>>), Problem> {
    let server = Server::http(("127.0.0.1", port))
        .map_err(|error| format!("cannot listen on port {port}: {error}. Choose another with --port"))?;
    let port = server.server_addr().to_ip().expect("the server listens on an IP address").port();
    let server = Arc::new(server);
    let threads = (0..THREADS).map(|_| {
        let (server, site) = (server.clone(), site.to_owned());
        thread::spawn(move || server.incoming_requests().for_each(|request| answer(&site, request)))
    });
    Ok((format!("http://localhost:{port}/"), threads.collect()))
}

fn answer(site: &Path, request: Request) {
    let result = match file(site, request.url()) {
        Some(path) => {
            let compressed =
                path.with_file_name(format!("{}.br", path.file_name().unwrap_or_default().to_string_lossy()));
            let accepts = request
                .headers()
                .iter()
                .any(|header| header.field.equiv("Accept-Encoding") && header.value.as_str().contains("br"));
            let mut headers = vec![header("Content-Type", media_type(&path)), header("Cache-Control", "no-cache")];
            let path = if accepts && compressed.is_file() {
                headers.push(header("Content-Encoding", "br"));
                compressed
            } else {
                path
            };
            match File::open(path) {
                Ok(file) => {
                    let response = headers.into_iter().fold(Response::from_file(file), Response::with_header);
                    request.respond(response)
                }
                Err(_) => request.respond(Response::empty(500)),
            }
        }
        None => request.respond(Response::from_string("not found").with_status_code(404)),
    };
    // A browser that goes away in the middle of an answer is no problem of ours.
    drop(result);
}

/// The file that an address means, if it lies in the site.
fn file(site: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let relative = Path::new(if path.is_empty() { "index.html" } else { path });
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    Some(site.join(relative)).filter(|path| inside && path.is_file())
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().unwrap_or_default().to_string_lossy().as_ref() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "wasm" => "application/wasm",
        "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("the headers are plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_site_is_served() {
        let site = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert!(file(site, "/src/serve.rs?x=1").is_some());
        for url in ["/../Cargo.toml", "/src/../../Cargo.toml", "//etc/passwd", "/missing", "/src"] {
            assert!(file(site, url).is_none(), "{url}");
        }
    }
}
