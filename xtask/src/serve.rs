//! The built site over HTTP on this computer, as a static host would serve it.

use std::path::Path;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

use crate::shell::Problem;

/// Serves `site` until the program is stopped.
pub fn forever(site: &Path, port: u16) -> Result<(), Problem> {
    let server = Server::start(site, port)?;
    println!("\nOpen {} in Chrome, Edge, Firefox or Safari. Stop with Ctrl+C.", server.address());
    loop {
        std::thread::park();
    }
}

/// Serves a site in the background for as long as it is kept.
pub struct Server {
    port: u16,
    _runtime: Runtime,
}

impl Server {
    /// Serves `site` on `port` (0: any).
    pub fn start(site: &Path, port: u16) -> Result<Self, Problem> {
        let cannot = |error| format!("cannot listen on port {port}: {error}. Choose another with --port");
        let runtime = Runtime::new().map_err(cannot)?;
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", port))).map_err(cannot)?;
        let port = listener.local_addr().map_err(cannot)?.port();
        let site = Router::new().fallback_service(ServeDir::new(site).precompressed_br()).layer(map_response(
            async |mut response: Response| {
                adapt(response.headers_mut());
                response
            },
        ));
        runtime.spawn(async { axum::serve(listener, site).await });
        Ok(Self { port, _runtime: runtime })
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// The site changes with every build, so a browser has to ask; and it shows Markdown only as plain text.
fn adapt(headers: &mut HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if headers.get(CONTENT_TYPE).is_some_and(|kind| kind == "text/markdown") {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    /// A connection to the server that has asked for nothing yet.
    fn connected(server: &Server) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// The answer to a request for `path`, its headers in lower case.
    fn answer(mut stream: TcpStream, path: &str) -> String {
        write!(stream, "GET {path} HTTP/1.1\r\nHost: here\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.to_lowercase()
    }

    fn site() -> (TempDir, Server) {
        let folder = TempDir::new().unwrap();
        let site = folder.path().join("site");
        fs::create_dir(&site).unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        for (name, text) in [("index.html", "page"), ("a.wasm", "long"), ("a.wasm.br", "short"), ("card.md", "card")] {
            fs::write(site.join(name), text).unwrap();
        }
        let server = Server::start(&site, 0).unwrap();
        (folder, server)
    }

    #[test]
    fn files_come_with_their_kind_and_compressed_where_they_are() {
        let (_folder, server) = site();
        let get = |path: &str| answer(connected(&server), path);
        let page = get("/?device=cpu");
        assert!(page.contains("text/html") && page.contains("no-cache") && page.ends_with("page"), "{page}");
        let program = get("/a.wasm");
        assert!(program.contains("application/wasm") && program.contains("content-encoding: br"), "{program}");
        assert!(program.ends_with("short"), "{program}");
        assert!(get("/card.md").contains("text/plain"));
    }

    #[test]
    fn nothing_outside_the_site_is_served() {
        let (_folder, server) = site();
        for path in ["/../secret", "/%2e%2e/secret", "//secret", "/missing"] {
            let answer = answer(connected(&server), path);
            assert!(!answer.contains("200 ok") && !answer.ends_with("secret"), "{path}: {answer}");
        }
    }

    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let (_folder, server) = site();
        let idle: Vec<TcpStream> = (0..50).map(|_| connected(&server)).collect();
        assert!(answer(connected(&server), "/").ends_with("page"));
        drop(idle);
    }
}
