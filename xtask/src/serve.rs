//! The built site over HTTP on this computer, as a static host would serve it.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::path::Path;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

use crate::proxy::{PREFIX, Upstream};
use crate::shell::Problem;

/// How a site is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serving {
    /// The port (0: any).
    pub port: u16,
    /// Whether other computers can ask too.
    pub to_others: bool,
    /// The DICOMweb server that the site offers as its own.
    pub dicom_web: Option<Upstream>,
}

impl Serving {
    /// What who starts it should know.
    fn said(&self, address: &str, own: Option<IpAddr>) -> String {
        let query = if self.dicom_web.is_some() { "?pacs" } else { "" };
        let mut said = vec![format!("Open {address}{query} in Chrome, Edge, Firefox or Safari. Stop with Ctrl+C.")];
        if self.to_others {
            let at = own.map_or("this computer's name".into(), |own| own.to_string());
            let port = address.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
            said.push(format!(
                "Everyone who reaches this computer can open http://{at}:{port}/{query} too. What they \
                 open stays on their computers. It is plain http: their browsers give it no WebGPU, so the CPU computes, and keep no copy."
            ));
        }
        if let Some(server) = &self.dicom_web {
            let who = if self.to_others { "everyone who reaches this computer" } else { "whoever uses this computer" };
            said.push(format!(
                "Below {PREFIX} {who} reads and adds studies of {} without a password of this server's.",
                server.host()
            ));
        }
        said.join("\n")
    }
}

/// Serves `site` until the program is stopped.
pub fn forever(site: &Path, serving: &Serving) -> Result<(), Problem> {
    let server = Server::start(site, serving)?;
    println!("\n{}", serving.said(&server.address(), own_address()));
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
    /// Serves `site`.
    pub fn start(site: &Path, serving: &Serving) -> Result<Self, Problem> {
        let port = serving.port;
        let interface = if serving.to_others { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let cannot = |error| format!("cannot listen on port {port}: {error}. Choose another with --port");
        let runtime = Runtime::new().map_err(cannot)?;
        let listener = runtime.block_on(TcpListener::bind((interface, port))).map_err(cannot)?;
        let port = listener.local_addr().map_err(cannot)?.port();
        let mut site = Router::new().fallback_service(ServeDir::new(site).precompressed_br()).layer(map_response(
            async |mut response: Response| {
                adapt(response.headers_mut());
                response
            },
        ));
        if let Some(server) = serving.dicom_web.clone() {
            let passed_on = any(move |request| server.clone().answer(request));
            site = Router::new().route(&format!("{PREFIX}{{*path}}"), passed_on).fallback_service(site);
        }
        runtime.spawn(async { axum::serve(listener, site).await });
        Ok(Self { port, _runtime: runtime })
    }

    /// Where it is.
    pub fn address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// Where other computers find this one. Nothing is sent: the system says by which address it would.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address that is nobody's (RFC 5737).
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
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
        let server = Server::start(&site, &Serving::default()).unwrap();
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
    fn who_serves_others_is_told_what_they_can_do() {
        let said = |to_others, dicom_web| {
            Serving { port: 8080, to_others, dicom_web }
                .said("http://localhost:8080/", Some(Ipv4Addr::new(10, 0, 0, 7).into()))
        };
        assert!(!said(false, None).contains("Everyone") && !said(false, None).contains("pacs"));
        let open = said(true, Some(Upstream::local(8042)));
        for words in
            ["localhost:8080/?pacs", "http://10.0.0.7:8080/?pacs", "plain http", "without a password", "127.0.0.1:8042"]
        {
            assert!(open.contains(words), "{words}: {open}");
        }
    }

    #[test]
    fn what_is_asked_of_the_pacs_is_passed_on_and_nothing_else() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("studies"), "from elsewhere").unwrap();
        let elsewhere = Server::start(folder.path(), &Serving::default()).unwrap();
        let upstream: Upstream = elsewhere.address().parse().unwrap();
        let serving = Serving { dicom_web: Some(upstream), ..Serving::default() };
        let empty = TempDir::new().unwrap();
        let server = Server::start(empty.path(), &serving).unwrap();
        let get = |path: &str| answer(connected(&server), path);
        assert!(get("/dicom-web/studies?limit=1").ends_with("from elsewhere"));
        for path in ["/studies", "/dicom-web/", "/dicom-web/servers", "/dicom-web/../studies"] {
            assert!(!get(path).contains("from elsewhere"), "{path}");
        }
        drop(elsewhere);
        assert!(get("/dicom-web/studies").starts_with("http/1.1 502"));
        let bare = Server::start(empty.path(), &Serving::default()).unwrap();
        assert!(
            answer(connected(&bare), "/dicom-web/studies").starts_with("http/1.1 404"),
            "off unless it is asked for"
        );
    }

    #[test]
    fn idle_connections_keep_nobody_waiting() {
        let (_folder, server) = site();
        let idle: Vec<TcpStream> = (0..50).map(|_| connected(&server)).collect();
        assert!(answer(connected(&server), "/").ends_with("page"));
        drop(idle);
    }
}
